import KernelTable

/// A recurrent layer's cell by the word of its layer; see `activation(_:)`.
func cell(_ word: String) -> CellKernel? {
  switch word {
  case "rnn": kernel(SimpleCell.self)
  case "lstm": kernel(LongShortTermMemory.self)
  case "gru": kernel(GatedUnit.self)
  default: nil
  }
}

/// Sixteen units of a step, from unit `u` on.
private protocol Cell: SendableMetatype {
  static func forward(_ step: CellKernel.Step, _ u: Int)
  static func backward(_ step: CellKernel.Step, _ slopes: CellKernel.Slopes, _ u: Int)
}

@inline(__always) private func kernel<Kind: Cell>(_: Kind.Type) -> CellKernel {
  CellKernel(
    forward: { step in
      for u in stride(from: 0, to: step.units, by: 16) { Kind.forward(step, u) }
    },
    backward: { step, slopes in
      for u in stride(from: 0, to: step.units, by: 16) { Kind.backward(step, slopes, u) }
    })
}

extension CellKernel.Step {
  /// The sum of what input and state say to a gate.
  @inline(__always) fileprivate func sum(_ gate: Int, _ u: Int) -> Vector {
    load(gates + gate * units + u) + load(hidden + gate * units + u)
  }

  @inline(__always) fileprivate func gate(_ gate: Int, _ u: Int) -> Vector {
    load(gates + gate * units + u)
  }

  @inline(__always) fileprivate func keep(_ value: Vector, as gate: Int, _ u: Int) {
    store(value, gates + gate * units + u)
  }
}

extension CellKernel.Slopes {
  @inline(__always) fileprivate func ofState(_ u: Int) -> Vector {
    load(state + u) + load(output + u)
  }

  /// Of a gate's sum: of what the input says and of what the state says.
  @inline(__always) fileprivate func put(_ slope: Vector, of gate: Int, _ units: Int, _ u: Int) {
    store(slope, input + gate * units + u)
    store(slope, hidden + gate * units + u)
  }
}

/// h = tanh(a)
private enum SimpleCell: Cell {
  @inline(__always) static func forward(_ step: CellKernel.Step, _ u: Int) {
    let value = step.sum(0, u).hyperbolicTangent
    step.keep(value, as: 0, u)
    store(value, step.state + u)
  }

  @inline(__always) static func backward(
    _ step: CellKernel.Step, _ slopes: CellKernel.Slopes, _ u: Int
  ) {
    let value = step.gate(0, u)
    let slope = slopes.ofState(u) * (1 - value * value)
    slopes.put(slope, of: 0, step.units, u)
    store(.zero, slopes.state + u)
  }
}

/// i, f, o = σ(a), g = tanh(a); c = f c' + i g; h = o tanh(c)
private enum LongShortTermMemory: Cell {
  @inline(__always) static func forward(_ step: CellKernel.Step, _ u: Int) {
    let (i, f) = (step.sum(0, u).logistic, step.sum(1, u).logistic)
    let (g, o) = (step.sum(2, u).hyperbolicTangent, step.sum(3, u).logistic)
    let memory = multiplyAdd(f * load(step.previousMemory + u), i, g)
    step.keep(i, as: 0, u)
    step.keep(f, as: 1, u)
    step.keep(g, as: 2, u)
    step.keep(o, as: 3, u)
    store(memory, step.memory + u)
    store(o * memory.hyperbolicTangent, step.state + u)
  }

  @inline(__always) static func backward(
    _ step: CellKernel.Step, _ slopes: CellKernel.Slopes, _ u: Int
  ) {
    let (i, f, g, o) = (step.gate(0, u), step.gate(1, u), step.gate(2, u), step.gate(3, u))
    let size = load(step.memory + u).hyperbolicTangent
    let state = slopes.ofState(u)
    let memory = multiplyAdd(load(slopes.memory + u), state * o, 1 - size * size)
    store(memory * f, slopes.memory + u)
    slopes.put(memory * g * i * (1 - i), of: 0, step.units, u)
    slopes.put(memory * load(step.previousMemory + u) * f * (1 - f), of: 1, step.units, u)
    slopes.put(memory * i * (1 - g * g), of: 2, step.units, u)
    slopes.put(state * size * o * (1 - o), of: 3, step.units, u)
    store(.zero, slopes.state + u)
  }
}

/// r, z = σ(a); n = tanh(x + r m), m what the state says; h = (1 - z) n + z h'
private enum GatedUnit: Cell {
  @inline(__always) static func forward(_ step: CellKernel.Step, _ u: Int) {
    let (r, z) = (step.sum(0, u).logistic, step.sum(1, u).logistic)
    let memory = load(step.hidden + 2 * step.units + u)
    let n = multiplyAdd(step.gate(2, u), r, memory).hyperbolicTangent
    step.keep(r, as: 0, u)
    step.keep(z, as: 1, u)
    step.keep(n, as: 2, u)
    store(memory, step.memory + u)
    store(multiplyAdd(n, z, load(step.previousState + u) - n), step.state + u)
  }

  @inline(__always) static func backward(
    _ step: CellKernel.Step, _ slopes: CellKernel.Slopes, _ u: Int
  ) {
    let (r, z, n) = (step.gate(0, u), step.gate(1, u), step.gate(2, u))
    let state = slopes.ofState(u)
    let new = state * (1 - z) * (1 - n * n)
    let reset = new * load(step.memory + u) * r * (1 - r)
    let update = state * (load(step.previousState + u) - n) * z * (1 - z)
    slopes.put(reset, of: 0, step.units, u)
    slopes.put(update, of: 1, step.units, u)
    store(new, slopes.input + 2 * step.units + u)
    store(new * r, slopes.hidden + 2 * step.units + u)
    store(state * z, slopes.state + u)
  }
}
