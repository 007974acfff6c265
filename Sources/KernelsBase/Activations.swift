import KernelTable

/// An activation by the word of its layer. No dictionary: its code would be compiled for this level, and the linker might
/// give it to others.
func activation(_ word: String) -> ActivationKernel? {
  switch word {
  case "leaky-relu": kernel(LeakyRectifier.self)
  case "clipped-relu": kernel(ClippedRectifier.self)
  case "elu": kernel(ExponentialLinear.self)
  case "gelu": kernel(GaussianLinear.self)
  case "silu": kernel(SigmoidLinear.self)
  case "multiply": kernel(Scaling.self)
  case "tanh": kernel(HyperbolicTangent.self)
  case "sigmoid": kernel(Logistic.self)
  default: nil
  }
}

private protocol Activation {
  static func value(_ x: Vector, _ parameter: Float) -> Vector
  /// The slope at `x`, where the value is `y`.
  static func slope(_ x: Vector, _ y: Vector, _ parameter: Float) -> Vector
}

private enum LeakyRectifier: Activation {
  @inline(__always) static func value(_ x: Vector, _ slope: Float) -> Vector {
    (x * slope).replacing(with: x, where: x .> 0)
  }
  @inline(__always) static func slope(_ x: Vector, _ y: Vector, _ slope: Float) -> Vector {
    Vector(repeating: slope).replacing(with: 1, where: x .> 0)
  }
}

private enum ClippedRectifier: Activation {
  // Comparisons that a number which is none passes, as through the other rectifiers.
  @inline(__always) static func value(_ x: Vector, _ ceiling: Float) -> Vector {
    x.replacing(with: 0, where: x .< 0).replacing(
      with: Vector(repeating: ceiling), where: x .> Vector(repeating: ceiling))
  }
  @inline(__always) static func slope(_ x: Vector, _ y: Vector, _ ceiling: Float) -> Vector {
    Vector.zero.replacing(with: 1, where: (x .> 0) .& (x .< Vector(repeating: ceiling)))
  }
}

private enum ExponentialLinear: Activation {
  // exp(x) - 1 by tanh(x / 2), which does not cancel near zero.
  @inline(__always) static func value(_ x: Vector, _ alpha: Float) -> Vector {
    let half = (x * 0.5).hyperbolicTangent
    return (half * (2 * alpha) / (1 - half)).replacing(with: x, where: x .> 0)
  }
  @inline(__always) static func slope(_ x: Vector, _ y: Vector, _ alpha: Float) -> Vector {
    (y + alpha).replacing(with: 1, where: x .> 0)
  }
}

private enum GaussianLinear: Activation {
  @inline(__always) static func value(_ x: Vector, _: Float) -> Vector {
    x * x.normal.distribution
  }
  @inline(__always) static func slope(_ x: Vector, _ y: Vector, _: Float) -> Vector {
    let (distribution, density) = x.normal
    return multiplyAdd(distribution, x * density, Vector(repeating: 0.398_942_28))
  }
}

private enum SigmoidLinear: Activation {
  @inline(__always) static func value(_ x: Vector, _: Float) -> Vector { x * x.logistic }
  @inline(__always) static func slope(_ x: Vector, _ y: Vector, _: Float) -> Vector {
    let share = x.logistic
    return multiplyAdd(share, y, 1 - share)
  }
}

private enum Scaling: Activation {
  @inline(__always) static func value(_ x: Vector, _ factor: Float) -> Vector { x * factor }
  @inline(__always) static func slope(_ x: Vector, _ y: Vector, _ factor: Float) -> Vector {
    Vector(repeating: factor)
  }
}

private enum HyperbolicTangent: Activation {
  @inline(__always) static func value(_ x: Vector, _: Float) -> Vector { x.hyperbolicTangent }
  @inline(__always) static func slope(_ x: Vector, _ y: Vector, _: Float) -> Vector { 1 - y * y }
}

private enum Logistic: Activation {
  @inline(__always) static func value(_ x: Vector, _: Float) -> Vector { x.logistic }
  @inline(__always) static func slope(_ x: Vector, _ y: Vector, _: Float) -> Vector {
    y * (1 - y)
  }
}

@inline(__always) private func kernel<Function: Activation>(
  _: Function.Type
) -> ActivationKernel {
  ActivationKernel(
    forward: { parameter, input, output, count in
      forEachRun(count) { place, width in
        write(Function.value(read(input + place, width), parameter), output + place, width)
      }
    },
    backward: { parameter, input, output, outputGradient, inputGradient, count in
      forEachRun(count) { place, width in
        let slope = Function.slope(
          read(input + place, width), read(output + place, width), parameter)
        write(read(outputGradient + place, width) * slope, inputGradient + place, width)
      }
    })
}

/// Images may end within a run of sixteen.
@inline(__always) private func forEachRun(
  _ count: Int, _ body: (_ place: Int, _ width: Int) -> Void
) {
  let whole = count & ~15
  var place = 0
  while place < whole {
    body(place, 16)
    place += 16
  }
  if whole < count { body(whole, count - whole) }
}

@inline(__always) private func read(_ pointer: Reading, _ width: Int) -> Vector {
  if width == 16 { return load(pointer) }
  var vector = Vector.zero
  for lane in 0..<width { vector[lane] = pointer[lane] }
  return vector
}

@inline(__always) private func write(_ vector: Vector, _ pointer: Writing, _ width: Int) {
  if width == 16 { return store(vector, pointer) }
  for lane in 0..<width { pointer[lane] = vector[lane] }
}
