import KernelTable

// Functions of sixteen numbers, in single precision.

extension Vector {
  @inline(__always) var magnitude: Vector {
    unsafeBitCast(unsafeBitCast(self, to: SIMD16<UInt32>.self) & 0x7fff_ffff, to: Vector.self)
  }

  /// These numbers with the signs of others.
  @inline(__always) func signed(as other: Vector) -> Vector {
    let sign = unsafeBitCast(other, to: SIMD16<UInt32>.self) & 0x8000_0000
    return unsafeBitCast(unsafeBitCast(self, to: SIMD16<UInt32>.self) | sign, to: Vector.self)
  }

  /// self * factor + term.
  @inline(__always) func times(_ factor: Float, plus term: Float) -> Vector {
    multiplyAdd(Vector(repeating: term), self, Vector(repeating: factor))
  }

  /// self * factor + term.
  @inline(__always) func times(_ factor: Vector, plus term: Float) -> Vector {
    multiplyAdd(Vector(repeating: term), self, factor)
  }

  /// exp(x) to about 2 ulp, from exp(-87.3) to exp(88) (Moshier's Cephes).
  @inline(__always) var exponential: Vector {
    let bounded = maximum(self, Vector(repeating: -87.3))
    let x = bounded.replacing(with: Vector(repeating: 88), where: bounded .> 88)
    // Adding 1.5 · 2²³ rounds to a whole number, which stands in the lowest bits.
    let shifted = x.times(1.442_695_04, plus: 12_582_912)
    let power = shifted - 12_582_912
    let r = multiplyAdd(
      multiplyAdd(x, power, Vector(repeating: -0.693_359_375)), power,
      Vector(repeating: 2.121_944_4e-4))
    let tail = r.times(1.987_569_15e-4, plus: 1.398_199_95e-3)
      .times(r, plus: 8.333_452e-3).times(r, plus: 4.166_579_6e-2)
      .times(r, plus: 0.166_666_65).times(r, plus: 0.5)
    let mantissa = multiplyAdd(r, tail * r, r) + 1
    let exponent = unsafeBitCast(shifted, to: SIMD16<UInt32>.self) &<< 23
    let result = unsafeBitCast(
      unsafeBitCast(mantissa, to: SIMD16<UInt32>.self) &+ exponent, to: Vector.self)
    // What is no number stays none: divergence shows itself by it.
    return result.replacing(with: self, where: self .!= self)
  }

  /// tanh(x) to a few ulp: a polynomial near zero, where the exponential would cancel (Cephes).
  @inline(__always) var hyperbolicTangent: Vector {
    let size = magnitude
    let square = self * self
    let tail = square.times(-5.704_988_7e-3, plus: 2.063_908_8e-2)
      .times(square, plus: -5.373_971_6e-2).times(square, plus: 0.133_314_42)
      .times(square, plus: -0.333_332_8)
    let near = multiplyAdd(self, tail * square, self)
    let far = (1 - 2 / ((size + size).exponential + 1)).signed(as: self)
    return far.replacing(with: near, where: size .< 0.625)
  }

  /// 1 / (1 + exp(-x)).
  @inline(__always) var logistic: Vector { 1 / ((-self).exponential + 1) }

  /// The normal distribution's Φ(x), and its density times √(2π): to 1e-7 (Abramowitz, Stegun 7.1.26).
  @inline(__always) var normal: (distribution: Vector, density: Vector) {
    let density = (self * self * -0.5).exponential
    let t = 1 / magnitude.times(0.231_641_888, plus: 1)
    let sum = t.times(1.061_405_43, plus: -1.453_152_03)
      .times(t, plus: 1.421_413_74).times(t, plus: -0.284_496_74).times(t, plus: 0.254_829_6)
    let tail = sum * t * density * 0.5
    return ((1 - tail).replacing(with: tail, where: self .< 0), density)
  }
}
