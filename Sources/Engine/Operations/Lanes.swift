/// Sixteen numbers at a time, in plain arithmetic that is the same on every processor.
typealias Lanes = SIMD16<Float>

extension Lanes {
  @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
  }

  @inline(__always) func store(to pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Lanes.self)
  }
}
