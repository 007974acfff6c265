/// Sixteen numbers at a time, in plain arithmetic that is the same on every processor.
typealias Lanes = SIMD16<Float>

extension Lanes {
  @inline(__always) static func load(_ pointer: UnsafePointer<Float>) -> Lanes {
    UnsafeRawPointer(pointer).loadUnaligned(as: Lanes.self)
  }

  @inline(__always) func store(to pointer: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: self, as: Lanes.self)
  }

  @inline(__always) var magnitude: Lanes {
    unsafeBitCast(unsafeBitCast(self, to: SIMD16<UInt32>.self) & 0x7fff_ffff, to: Lanes.self)
  }

  /// These numbers with the signs of others.
  @inline(__always) func signed(as other: Lanes) -> Lanes {
    let sign = unsafeBitCast(other, to: SIMD16<UInt32>.self) & 0x8000_0000
    return unsafeBitCast(unsafeBitCast(self, to: SIMD16<UInt32>.self) | sign, to: Lanes.self)
  }

  /// Coefficients of a polynomial, the highest power first.
  @inline(__always) func polynomial(_ first: Float, _ rest: Float...) -> Lanes {
    var sum = Lanes(repeating: first)
    for coefficient in rest { sum = sum * self + coefficient }
    return sum
  }

  /// exp(x) to about 2 ulp, from exp(-87.3) to exp(88) (Moshier's Cephes).
  @inline(__always) var exponential: Lanes {
    let x = clamped(lowerBound: Lanes(repeating: -87.3), upperBound: Lanes(repeating: 88))
    // Adding 1.5 · 2²³ rounds to a whole number, which stands in the lowest bits.
    let shifted = x * 1.442_695_04 + 12_582_912
    let power = shifted - 12_582_912
    let r = x - power * 0.693_359_375 - power * -2.121_944_4e-4
    let tail = r.polynomial(
      1.987_569_15e-4, 1.398_199_95e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5)
    let mantissa = tail * r * r + r + 1
    let exponent = unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23
    let result = unsafeBitCast(
      unsafeBitCast(mantissa, to: SIMD16<UInt32>.self) &+ exponent, to: Lanes.self)
    // What is no number stays none: divergence shows itself by it.
    return result.replacing(with: self, where: self .!= self)
  }

  /// tanh(x) to a few ulp: a polynomial near zero, where the exponential would cancel (Cephes).
  @inline(__always) var hyperbolicTangent: Lanes {
    let size = magnitude
    let square = self * self
    let near =
      square.polynomial(
        -5.704_988_7e-3, 2.063_908_8e-2, -5.373_971_6e-2, 0.133_314_42, -0.333_332_8) * square
      * self + self
    let far = (1 - 2 / ((size + size).exponential + 1)).signed(as: self)
    return far.replacing(with: near, where: size .< 0.625)
  }

  /// 1 / (1 + exp(-x)).
  @inline(__always) var logistic: Lanes { 1 / ((-self).exponential + 1) }

  /// The normal distribution's Φ(x), and its density times √(2π): to 1e-7 (Abramowitz, Stegun 7.1.26).
  @inline(__always) var normal: (distribution: Lanes, density: Lanes) {
    let density = (self * self * -0.5).exponential
    let t = 1 / (magnitude * 0.231_641_888 + 1)
    let tail =
      t.polynomial(1.061_405_43, -1.453_152_03, 1.421_413_74, -0.284_496_74, 0.254_829_6) * t
      * density * 0.5
    return ((1 - tail).replacing(with: tail, where: self .< 0), density)
  }
}
