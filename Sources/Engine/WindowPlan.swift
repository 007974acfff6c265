import Networks

/// How far a window of changed pixels reaches into a plan's feature maps, and operations that redo no more than that.
struct WindowPlan {
  /// An operation on the part of its input that a changed region of the output needs, margins included.
  struct Stage {
    let operation: any Operation
    let crop: Layout
    let rows: Reach
    let columns: Reach
  }

  /// One stage for each operation before the maps are flattened.
  let stages: [Stage]

  /// `nil` if the maps do not lead into a linear layer, or if the windows reach so far that little is saved.
  init?(_ plan: Plan, side: Int) {
    let shape = plan.architecture.inputShape
    guard side <= min(shape.height, shape.width),
      let flatten = plan.operations.firstIndex(where: { $0 is FlattenOperation }), flatten > 0,
      plan.operations[flatten...].first(where: { !$0.isElementwise }) is LinearOperation
    else { return nil }
    var stages: [Stage] = []
    var (all, redone) = (0, 0)
    for index in 0..<flatten {
      let (input, output) = (plan.layouts[index], plan.layouts[index + 1])
      let entries = plan.architecture.entries[plan.layers[index]]
      let scope = Scope(entries.map(\.layer))
      let rows = Reach(
        scope, changed: stages.last?.rows.count ?? side, from: input.height, to: output.height)
      let columns = Reach(
        scope, changed: stages.last?.columns.count ?? side, from: input.width, to: output.width)
      let crop = Layout(
        height: rows.cropCount, width: columns.cropCount, channels: input.channels,
        step: input.step)
      stages.append(
        Stage(
          operation: Self.operation(
            plan.operations[index], entries.map(\.layer), on: crop, rows.count, columns.count),
          crop: crop, rows: rows, columns: columns))
      let cost = entries.reduce(0) { $0 + $1.multiplications }
      all += cost
      redone += cost * rows.count * columns.count / output.positions
    }
    guard 2 * redone <= all else { return nil }
    self.stages = stages
  }

  /// The same operation, with the same parameters in memory, on a crop that brings its margins along.
  private static func operation(
    _ whole: any Operation, _ layers: [any Layer], on crop: Layout, _ height: Int, _ width: Int
  ) -> any Operation {
    switch (whole, layers[0]) {
    case (let whole as WinogradOperation, let layer as Conv2D):
      let step = whole.pooled ? 2 : 1
      return WinogradOperation(
        layer.withoutMargins, input: crop, result: (step * height, step * width),
        pooled: whole.pooled, firstTensor: 0)
    case (let whole as ConvolutionOperation, let layer as Conv2D):
      let step = whole.pooled ? 2 : 1
      return ConvolutionOperation(
        layer.withoutMargins, input: crop, result: (step * height, step * width),
        pooled: whole.pooled, firstTensor: 0)
    case (_, let layer as Pool2D):
      return PoolOperation(layer, input: crop, outputHeight: height, outputWidth: width)
    case (is NormOperation, _): return NormOperation(input: crop, isFlat: false, firstTensor: 0)
    case (is ReLUOperation, _): return ReLUOperation(output: crop)
    case (is DropoutOperation, let layer as Dropout):
      return DropoutOperation(probability: layer.probability, output: crop)
    default: preconditionFailure("WindowPlan: \(layers[0].text) has no maps")
    }
  }
}

/// What one place of an output reads along an axis: place o reads `o·stride - margin ..< o·stride - margin + kernel`.
struct Scope {
  private(set) var kernel = 1
  private(set) var stride = 1
  private(set) var margin = 0

  /// What a place reads through several layers.
  init(_ layers: [any Layer]) {
    for layer in layers {
      switch layer {
      case let layer as Conv2D: append(layer.kernel, layer.stride, layer.margins.before)
      case let layer as Pool2D: append(layer.kernel, layer.stride, 0)
      default: break
      }
    }
  }

  private mutating func append(_ kernel: Int, _ stride: Int, _ margin: Int) {
    self.kernel += (kernel - 1) * self.stride
    self.margin += margin * self.stride
    self.stride *= stride
  }
}

/// The places of an output, along one axis, that are redone when a stretch of the input changes: always equally many.
struct Reach {
  private let scope: Scope
  private let length: Int
  /// Places that are redone.
  let count: Int

  /// `changed` of `from` places of the input change.
  init(_ scope: Scope, changed: Int, from: Int, to length: Int) {
    self.scope = scope
    self.length = length
    let counts = (0...from - changed).map { start in
      let first = Self.first(scope, start)
      let last = min((start + changed - 1 + scope.margin) / scope.stride, length - 1)
      return last - first + 1
    }
    count = max(1, counts.max() ?? 1)
  }

  /// The first place that is redone if the input changes from `start` on.
  func start(_ start: Int) -> Int { min(Self.first(scope, start), length - count) }

  /// Places of the input that are read for them.
  var cropCount: Int { (count - 1) * scope.stride + scope.kernel }

  /// The first place of the input that is read, below zero within the margin.
  func cropStart(_ start: Int) -> Int { start * scope.stride - scope.margin }

  /// The first place whose scope ends behind `start`.
  private static func first(_ scope: Scope, _ start: Int) -> Int {
    (max(0, start + scope.margin - scope.kernel + 1) + scope.stride - 1) / scope.stride
  }
}

extension Conv2D {
  fileprivate var withoutMargins: Conv2D {
    Conv2D(filters, kernel: kernel, stride: stride, padding: .exactly(0))
  }
}
