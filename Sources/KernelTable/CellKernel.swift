/// One step of a recurrent layer's cell for one image, compiled for one level. All lists are of `units` numbers, a multiple
/// of 16, or of as many for each gate, in PyTorch's order of gates.
package struct CellKernel: Sendable {
  /// What one step reads and writes forward.
  package struct Step {
    /// What the input says to each gate; becomes the gates' values.
    package let gates: Writing
    /// What the state before says to each gate.
    package let hidden: Reading
    /// The state before.
    package let previousState: Reading
    /// The memory before: an LSTM's cell.
    package let previousMemory: Reading
    /// An LSTM's cell; what the state said to a GRU's new state, which the reset gate lets through.
    package let memory: Writing
    /// The state.
    package let state: Writing
    /// Numbers of the state, padding included.
    package let units: Int

    /// A step.
    package init(
      gates: Writing, hidden: Reading, previousState: Reading, previousMemory: Reading,
      memory: Writing, state: Writing, units: Int
    ) {
      self.gates = gates
      self.hidden = hidden
      self.previousState = previousState
      self.previousMemory = previousMemory
      self.memory = memory
      self.state = state
      self.units = units
    }
  }

  /// The slopes that one step reads and writes backward.
  package struct Slopes {
    /// Of the state, from the layers above.
    package let output: Reading
    /// Of the state, from later places; becomes what goes on to the state before, but for what goes through the weights.
    package let state: Writing
    /// Of the memory, from later places; becomes that of the memory before.
    package let memory: Writing
    /// Of what the input says to each gate.
    package let input: Writing
    /// Of what the state before says to each gate: the same memory where the two are added.
    package let hidden: Writing

    /// Slopes.
    package init(
      output: Reading, state: Writing, memory: Writing, input: Writing, hidden: Writing
    ) {
      self.output = output
      self.state = state
      self.memory = memory
      self.input = input
      self.hidden = hidden
    }
  }

  /// From the gates' sums to the state.
  package let forward: @Sendable (Step) -> Void
  /// From the state's slope to the sums'; the step as forward left it.
  package let backward: @Sendable (Step, Slopes) -> Void

  /// A cell compiled for one level.
  package init(
    forward: @escaping @Sendable (Step) -> Void,
    backward: @escaping @Sendable (Step, Slopes) -> Void
  ) {
    self.forward = forward
    self.backward = backward
  }
}
