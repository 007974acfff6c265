extension LabeledImages {
  /// What tells an image from every other: a hash of its size and its pixels, the same wherever the image comes from.
  ///
  /// The label is not part of it: a network that was trained on an image knows that image under any label.
  public func identity(_ index: Int) -> UInt64 {
    Self.identity(of: bytes(index), [channels, height, width])
  }

  /// The identities of all images, in their order.
  public var identities: [UInt64] { (0..<count).map(identity) }

  /// What tells these images with their labels, in their order, from every other set: 16 hexadecimal digits.
  public var fingerprint: String {
    let hash = (0..<count).reduce(UInt64(count)) {
      Self.mixed($0, identity($1) &+ UInt64(labels[$1]))
    }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The hash of some bytes in a shape.
  static func identity(of bytes: ArraySlice<UInt8>, _ shape: [Int]) -> UInt64 {
    var hash = shape.reduce(UInt64(bytes.count)) { mixed($0, UInt64($1)) }
    bytes.withUnsafeBytes { buffer in
      let whole = buffer.count / 8 * 8
      for start in stride(from: 0, to: whole, by: 8) {
        let word = buffer.loadUnaligned(fromByteOffset: start, as: UInt64.self)
        hash = mixed(hash, UInt64(littleEndian: word))
      }
      for byte in buffer[whole...] { hash = mixed(hash, UInt64(byte)) }
    }
    return hash
  }

  /// Multiplies and folds, so that every bit of both reaches every bit of the hash.
  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word ^ 0x9e37_79b9_7f4a_7c15).multipliedFullWidth(
      by: 0xd6e8_feb8_6659_fd93)
    return product.high ^ product.low
  }
}
