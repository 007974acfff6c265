/// One activation function f with its slope, compiled for one level.
package struct ActivationKernel: Sendable {
  /// output[i] = f(input[i]); `parameter` is the function's number, if it has one.
  package let forward:
    @Sendable (_ parameter: Float, _ input: Reading, _ output: Writing, _ count: Int) -> Void
  /// inputGradient[i] = outputGradient[i] f'(input[i]), where `output` is f(input).
  package let backward:
    @Sendable (
      _ parameter: Float, _ input: Reading, _ output: Reading, _ outputGradient: Reading,
      _ inputGradient: Writing, _ count: Int
    ) -> Void

  /// A function compiled for one level.
  package init(
    forward: @escaping @Sendable (Float, Reading, Writing, Int) -> Void,
    backward: @escaping @Sendable (Float, Reading, Reading, Reading, Writing, Int) -> Void
  ) {
    self.forward = forward
    self.backward = backward
  }
}
