import KernelTable
import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An input of an operation that joins several: where its numbers lie, and where in what is made of them.
private struct JoinedLayout: Sendable {
  private enum Form {
    /// The same memory, padding included.
    case equal
    /// At every place as many channels, from one of the output's on.
    case channels(from: Int)
    /// In the order channel, row, column: its first number is one of the output's.
    case list(from: Int)
  }

  private let input: Layout
  private let output: Layout
  private let form: Form

  /// `start` is the output's channel, or number of a flat output, where the input's first one goes.
  init(_ input: Layout, in output: Layout, from start: Int) {
    self.input = input
    self.output = output
    form =
      input == output
      ? .equal : input.positions == output.positions ? .channels(from: start) : .list(from: start)
  }

  /// Calls `body` for each run of numbers that lie together in both.
  @inline(__always) private func forEachRun(
    _ body: (_ inInput: Int, _ inOutput: Int, _ count: Int) -> Void
  ) {
    switch form {
    case .equal: body(0, 0, input.count)
    case .channels(let start):
      for position in 0..<input.positions {
        body(position * input.step, position * output.step + start, input.channels)
      }
    case .list(let start):
      for number in 0..<input.positions * input.channels {
        body(input.offset(of: number), output.offset(of: start + number), 1)
      }
    }
  }

  /// Copies the input's numbers to their places in the output.
  func put(_ source: UnsafePointer<Float>, to result: UnsafeMutablePointer<Float>) {
    if source == UnsafePointer(result) { return }
    forEachRun { (result + $1).update(from: source + $0, count: $2) }
  }

  /// Adds them there.
  func add(
    _ source: UnsafePointer<Float>, to result: UnsafeMutablePointer<Float>, _ kernels: KernelTable
  ) {
    forEachRun { kernels.addRows(source + $0, 1, $2, result + $1) }
  }

  /// Copies the numbers of the output's gradient that belong to the input.
  func take(_ gradient: UnsafePointer<Float>, to target: UnsafeMutablePointer<Float>) {
    if gradient == UnsafePointer(target) { return }
    forEachRun { (target + $0).update(from: gradient + $1, count: $2) }
    input.clearPadding(target)
  }
}

/// The sum of several inputs; its gradient is each one's.
struct AddOperation: Operation {
  let output: Layout
  /// True if the first input lies as the output does, so that they may share their memory.
  let overwritesInput: Bool
  private let inputs: [JoinedLayout]

  init(_ inputs: [Layout], isFlat: Bool) {
    let first = inputs[0]
    let output =
      inputs.allSatisfy { $0 == first }
      ? first
      : isFlat
        ? Layout(height: 1, width: 1, channels: first.positions * first.channels)
        : Layout(height: first.height, width: first.width, channels: first.channels)
    self.output = output
    overwritesInput = first == output
    self.inputs = inputs.map { JoinedLayout($0, in: output, from: 0) }
  }

  var leavesOutputsRead: Bool { true }
  var readsOutput: Bool { false }
  var handsGradientOn: Bool { overwritesInput }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let result = pass.output[image]
      inputs[0].put(pass.input[image], to: result)
      output.clearPadding(result)
      for (layout, other) in zip(inputs.dropFirst(), pass.others) {
        layout.add(other.input[image], to: result, pass.kernels)
      }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) { handBack(images, pass, to: inputs) }
}

/// Several inputs one behind the other; each one's gradient is its part of the output's.
struct ConcatOperation: Operation {
  let output: Layout
  private let inputs: [JoinedLayout]
  var readsOutput: Bool { false }

  init(_ inputs: [Layout], isFlat: Bool) {
    let counts = inputs.map { isFlat ? $0.positions * $0.channels : $0.channels }
    let output = Layout(
      height: isFlat ? 1 : inputs[0].height, width: isFlat ? 1 : inputs[0].width,
      channels: counts.reduce(0, +))
    self.output = output
    self.inputs = zip(inputs, counts.indices).map { input, place in
      JoinedLayout(input, in: output, from: counts[..<place].reduce(0, +))
    }
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let result = pass.output[image]
      inputs[0].put(pass.input[image], to: result)
      for (layout, other) in zip(inputs.dropFirst(), pass.others) {
        layout.put(other.input[image], to: result)
      }
      output.clearPadding(result)
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) { handBack(images, pass, to: inputs) }
}

/// Gives each input what belongs to it of the output's gradient.
private func handBack(_ images: Range<Int>, _ pass: Pass, to inputs: [JoinedLayout]) {
  let targets = [pass.inputGradient] + pass.others.map(\.inputGradient)
  for (layout, target) in zip(inputs, targets) {
    guard let target else { continue }
    for image in images { layout.take(pass.outputGradient[image], to: target[image]) }
  }
}

/// Logits of the mean of several inputs' probabilities; see `Ensemble`.
struct MixtureOperation: Operation {
  let output: Layout
  private let inputs: [Layout]
  private let classes: Int

  init(_ inputs: [Layout]) {
    classes = inputs[0].positions * inputs[0].channels
    output = Layout(height: 1, width: 1, channels: classes)
    self.inputs = inputs
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    let members = [pass.input] + pass.others.map(\.input)
    for image in images {
      let logits = members.map { $0[image] }
      let spreads = spreads(logits)
      let shift = mean(spreads) - logf(Float(members.count))
      let result = pass.output[image]
      for k in 0..<classes {
        var largest = -Float.infinity
        for m in logits.indices { largest = max(largest, logit(logits, m, k) - spreads[m]) }
        var sum: Float = 0
        for m in logits.indices { sum += expf(logit(logits, m, k) - spreads[m] - largest) }
        result[k] = logf(sum) + largest + shift
      }
      output.clearPadding(result)
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    let members = [pass.input] + pass.others.map(\.input)
    let targets = [pass.inputGradient] + pass.others.map(\.inputGradient)
    for image in images {
      let logits = members.map { $0[image] }
      let spreads = spreads(logits)
      let shift = mean(spreads) - logf(Float(members.count))
      let (result, slopes) = (pass.output[image], pass.outputGradient[image])
      let total = (0..<classes).reduce(Float(0)) { $0 + slopes[$1] }
      for (m, target) in targets.enumerated() {
        guard let target = target?[image] else { continue }
        /// The member's part in the mean probability of a class.
        func share(_ k: Int) -> Float {
          expf(logit(logits, m, k) - spreads[m] - (result[k] - shift))
        }
        let weighted = (0..<classes).reduce(Float(0)) { $0 + slopes[$1] * share($1) }
        let rest = total / Float(members.count) - weighted
        for k in 0..<classes {
          target[inputs[m].offset(of: k)] =
            slopes[k] * share(k) + expf(logit(logits, m, k) - spreads[m]) * rest
        }
        inputs[m].clearPadding(target)
      }
    }
  }

  @inline(__always) private func logit(
    _ logits: [UnsafeMutablePointer<Float>], _ member: Int, _ k: Int
  ) -> Float { logits[member][inputs[member].offset(of: k)] }

  /// Of each member, the logarithm of the sum of its logits' powers.
  private func spreads(_ logits: [UnsafeMutablePointer<Float>]) -> [Float] {
    logits.indices.map { m in
      var largest = -Float.infinity
      for k in 0..<classes { largest = max(largest, logit(logits, m, k)) }
      var sum: Float = 0
      for k in 0..<classes { sum += expf(logit(logits, m, k) - largest) }
      return logf(sum) + largest
    }
  }

  private func mean(_ values: [Float]) -> Float { values.reduce(0, +) / Float(values.count) }
}

extension Residual: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (AddOperation(site.inputs, isFlat: site.isFlat), 1)
  }
}

extension Concat: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (ConcatOperation(site.inputs, isFlat: site.isFlat), 1)
  }
}

extension Ensemble: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (MixtureOperation(site.inputs), 1)
  }
}
