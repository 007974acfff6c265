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

  /// `nil` if the maps stand in branches or do not lead into an operation that takes a shard at once, or if the windows reach so far that little is saved.
  init?(_ plan: Plan, side: Int) {
    let shape = plan.architecture.inputShape
    guard side <= min(shape.height, shape.width),
      let end = plan.layers.firstIndex(where: { layers in
        layers.contains { plan.architecture.entries[$0].layer.scope == nil }
      }), end > 0,
      plan.operations[end...].first(where: { !$0.isElementwise })?.isPerImage == false,
      // Up to there each operation reads the one before it, and nobody else does.
      (0...end).allSatisfy({ plan.inputs[$0] == [$0] && plan.readers[$0] == [$0] })
    else { return nil }
    var stages: [Stage] = []
    var (all, redone) = (0, 0)
    for index in 0..<end {
      let (input, output) = (plan.layouts[index], plan.layouts[index + 1])
      let entries = plan.architecture.entries[plan.layers[index]]
      let scopes = entries.compactMap(\.layer.scope)
      guard scopes.count == entries.count else { return nil }
      let scope = scopes.reduce(Scope.place) { $0.followed(by: $1) }
      let rows = Reach(
        scope, changed: stages.last?.rows.count ?? side, from: input.height, to: output.height)
      let columns = Reach(
        scope, changed: stages.last?.columns.count ?? side, from: input.width, to: output.width)
      let crop = Layout(
        height: rows.cropCount, width: columns.cropCount, channels: input.channels,
        step: input.step)
      guard
        let operation = plan.operations[index].cropped(
          to: crop, height: rows.count, width: columns.count)
      else { return nil }
      stages.append(Stage(operation: operation, crop: crop, rows: rows, columns: columns))
      let cost = entries.reduce(0) { $0 + $1.multiplications }
      all += cost
      redone += cost * rows.count * columns.count / output.positions
    }
    guard 2 * redone <= all else { return nil }
    self.stages = stages
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
