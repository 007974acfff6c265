import KernelTable

// Sixteen lanes at every level: one register with AVX-512, two with AVX2, four with SSE2 or NEON.
typealias Vector = SIMD16<Float>

@inline(__always) func load(_ pointer: Reading) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always) func load(_ pointer: Writing) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always) func store(_ value: Vector, _ pointer: Writing) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Vector.self)
}

/// sum + a * b, fused where the processor can: without that instruction `addingProduct` would call
/// a library function for each lane.
@inline(__always) func multiplyAdd(_ sum: Vector, _ a: Vector, _ b: Vector) -> Vector {
  #if KERNELS_V3 || KERNELS_V4 || arch(arm64)
    sum.addingProduct(a, b)
  #else
    sum + a * b
  #endif
}

/// The same for one number, so that the tail of a run is computed like its body.
@inline(__always) func multiplyAdd(_ sum: Float, _ a: Float, _ b: Float) -> Float {
  #if KERNELS_V3 || KERNELS_V4 || arch(arm64)
    sum.addingProduct(a, b)
  #else
    sum + a * b
  #endif
}

@inline(__always) func maximum(_ a: Vector, _ b: Vector) -> Vector {
  a.replacing(with: b, where: b .> a)
}
