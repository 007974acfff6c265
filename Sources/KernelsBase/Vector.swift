import CProcessor
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

/// sum + a * b, fused where the processor can.
@inline(__always) func multiplyAdd(_ sum: Vector, _ a: Vector, _ b: Vector) -> Vector {
  #if KERNELS_V3 || KERNELS_V4 || arch(arm64)
    processor_multiply_add(sum, a, b)
  #else
    sum + a * b
  #endif
}

/// The same for one number, so that the tail of a run is computed like its body. Without that instruction `addingProduct`
/// would call a library function.
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

/// The lanes of a mask as bits, the first lane lowest.
@inline(__always) func bits(_ mask: SIMDMask<SIMD16<Int32>>) -> UInt32 {
  let places = SIMD16<UInt32>(
    1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768)
  let chosen = SIMD16<UInt32>.zero.replacing(with: places, where: mask)
  let eight = chosen.lowHalf | chosen.highHalf
  let four = eight.lowHalf | eight.highHalf
  let two = four.lowHalf | four.highHalf
  return two.x | two.y
}

/// Calls `body` with each lane that a mask has, in order.
@inline(__always) func forEachBit(
  where mask: SIMDMask<SIMD16<Int32>>, _ body: (_ lane: Int) -> Void
) {
  var rest = bits(mask)
  while rest != 0 {
    body(rest.trailingZeroBitCount)
    rest &= rest &- 1
  }
}
