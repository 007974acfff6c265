import Networks

/// An activation function as it is computed: its value and its slope, sixteen numbers at a time.
protocol ActivationFunction: ActivationLayer, ExecutableLayer {
  func value(_ x: Lanes) -> Lanes
  /// The slope at `x`, where the value is `y`.
  func slope(_ x: Lanes, _ y: Lanes) -> Lanes
}

extension ActivationFunction {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (ActivationOperation(function: self, output: site.input), 1)
  }
}

/// A function of every number. Backward needs what went in, so forward does not write over it.
struct ActivationOperation<Function: ActivationFunction>: Operation {
  let function: Function
  let output: Layout
  var isElementwise: Bool { true }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    ActivationOperation(function: function, output: crop)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let (input, result) = (pass.input[image], pass.output[image])
      forEachRun { place, count in
        let x = read(input + place, count)
        write(function.value(x), result + place, count)
      }
      if function.value(.zero)[0] != 0 { output.clearPadding(result) }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    for image in images {
      let (input, result) = (pass.input[image], pass.output[image])
      let (gradient, target) = (pass.outputGradient[image], inputGradient[image])
      forEachRun { place, count in
        let slope = function.slope(read(input + place, count), read(result + place, count))
        write(read(gradient + place, count) * slope, target + place, count)
      }
    }
  }

  /// Images may end within a run of sixteen.
  @inline(__always) private func forEachRun(_ body: (_ place: Int, _ count: Int) -> Void) {
    let whole = output.count / 16 * 16
    for place in stride(from: 0, to: whole, by: 16) { body(place, 16) }
    if whole < output.count { body(whole, output.count - whole) }
  }

  @inline(__always) private func read(_ pointer: UnsafePointer<Float>, _ count: Int) -> Lanes {
    if count == 16 { return .load(pointer) }
    var lanes = Lanes.zero
    for lane in 0..<count { lanes[lane] = pointer[lane] }
    return lanes
  }

  @inline(__always) private func write(
    _ lanes: Lanes, _ pointer: UnsafeMutablePointer<Float>, _ count: Int
  ) {
    if count == 16 { return lanes.store(to: pointer) }
    for lane in 0..<count { pointer[lane] = lanes[lane] }
  }
}

extension LeakyReLU: ActivationFunction {
  func value(_ x: Lanes) -> Lanes { (x * slope).replacing(with: x, where: x .> 0) }
  func slope(_ x: Lanes, _ y: Lanes) -> Lanes {
    Lanes(repeating: slope).replacing(with: Lanes(repeating: 1), where: x .> 0)
  }
}

extension ELU: ActivationFunction {
  // exp(x) - 1 by tanh(x / 2), which does not cancel near zero.
  func value(_ x: Lanes) -> Lanes {
    let half = (x * 0.5).hyperbolicTangent
    return (half * (2 * alpha) / (1 - half)).replacing(with: x, where: x .> 0)
  }
  func slope(_ x: Lanes, _ y: Lanes) -> Lanes {
    (y + alpha).replacing(with: Lanes(repeating: 1), where: x .> 0)
  }
}

extension GELU: ActivationFunction {
  func value(_ x: Lanes) -> Lanes { x * x.normal.distribution }
  func slope(_ x: Lanes, _ y: Lanes) -> Lanes {
    let (distribution, density) = x.normal
    return distribution + x * density * 0.398_942_28
  }
}

extension SiLU: ActivationFunction {
  func value(_ x: Lanes) -> Lanes { x * x.logistic }
  func slope(_ x: Lanes, _ y: Lanes) -> Lanes {
    let share = x.logistic
    return share + y * (1 - share)
  }
}

extension Multiply: ActivationFunction {
  func value(_ x: Lanes) -> Lanes { x * factor }
  func slope(_ x: Lanes, _ y: Lanes) -> Lanes { Lanes(repeating: factor) }
}

extension Tanh: ActivationFunction {
  func value(_ x: Lanes) -> Lanes { x.hyperbolicTangent }
  func slope(_ x: Lanes, _ y: Lanes) -> Lanes { 1 - y * y }
}

extension Sigmoid: ActivationFunction {
  func value(_ x: Lanes) -> Lanes { x.logistic }
  func slope(_ x: Lanes, _ y: Lanes) -> Lanes { y * (1 - y) }
}
