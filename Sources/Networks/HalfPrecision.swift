/// Numbers of 16 bits as files keep them; `Float16` is not on every processor.
package enum HalfPrecision {
  /// IEEE half precision: 5 bits of exponent, 10 of fraction.
  package static func float16(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let (exponent, fraction) = (Int(bits >> 10 & 0x1f), Float(bits & 0x3ff))
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * (1 + fraction * 0x1p-10)
        * Float(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }

  /// The upper half of a 32-bit number.
  package static func bfloat16(_ bits: UInt16) -> Float { Float(bitPattern: UInt32(bits) << 16) }

  /// The bits of a number in half precision. Those too small for its normal range become zero, those too large its
  /// largest.
  package static func bits(_ value: Float) -> UInt16 {
    let sign = UInt16(value.bitPattern >> 16) & 0x8000
    let magnitude = min(abs(value), 65504)
    guard magnitude >= 0x1p-14 else { return sign }
    // Rebias the exponent and round half of the last kept bit up, which may carry into it.
    let shifted = magnitude.bitPattern &- (112 << 23)
    return sign | UInt16(truncatingIfNeeded: min((shifted &+ 0x1000) >> 13, 0x7bff))
  }
}
