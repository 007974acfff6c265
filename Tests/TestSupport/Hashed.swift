/// Numbers in [0, 1) from a hash of index and stream: the same as `uniform` in Scripts/reference.
public func hashed(_ count: Int, _ stream: UInt64) -> [Float] {
  (0..<count).map { index in
    var x = UInt64(index) &+ stream &* 0x9e37_79b9_7f4a_7c15
    x = (x ^ (x >> 30)) &* 0xbf58_476d_1ce4_e5b9
    x = (x ^ (x >> 27)) &* 0x94d0_49bb_1331_11eb
    x ^= x >> 31
    return Float(x >> 40) * 0x1p-24
  }
}

/// The same numbers around zero, half of them negative.
public func signed(_ count: Int, _ stream: UInt64) -> [Float] {
  hashed(count, stream).map { 2 * $0 - 1 }
}
