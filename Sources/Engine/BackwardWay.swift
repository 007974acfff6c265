/// How gradients come back from an operation's output: through which operations, and which of them find that
/// another has written the gradient of what they read before.
struct BackwardWay: Sendable {
  /// For each operation, whether the output hangs on it.
  let reaches: [Bool]
  /// For each input of each operation, whether its gradient is added to what a later reader gave.
  let adds: [[Bool]]

  init(_ plan: Plan, from last: Int) {
    var reaches = Array(repeating: false, count: plan.operations.count)
    var adds = plan.inputs.map { $0.map { _ in false } }
    var isWritten = Array(repeating: false, count: plan.layouts.count)
    isWritten[last + 1] = true
    for index in (0...last).reversed() where isWritten[index + 1] {
      reaches[index] = true
      for (position, boundary) in plan.inputs[index].enumerated() {
        adds[index][position] = isWritten[boundary]
        isWritten[boundary] = true
      }
    }
    self.reaches = reaches
    self.adds = adds
  }
}
