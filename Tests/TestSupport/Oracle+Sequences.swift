import Networks

extension Oracle {
  /// A layer that makes a sequence, reads one or ends one; a sequence is place by place.
  func sequence(_ entry: Architecture.Entry, _ input: [Double]) -> [Double] {
    let width = entry.inputShape.channels
    let places = input.count / width
    func place(_ t: Int) -> ArraySlice<Double> { input[t * width..<(t + 1) * width] }
    switch entry.layer {
    case is ImageRows: return cut(input, entry.inputShape.dimensions, 1, nil)
    case let layer as Patches:
      return cut(input, entry.inputShape.dimensions, layer.side, layer.side)
    case is ClassToken: return tensor(entry, "weight") + input
    case is Positions: return zip(input, tensor(entry, "weight")).map { $0 + $1 }
    case let layer as SequenceEnd:
      switch layer.kind {
      case .first: return Array(place(0))
      case .last: return Array(place(places - 1))
      case .mean:
        return (0..<width).map { i in
          (0..<places).reduce(0) { $0 + input[$1 * width + i] } / Double(places)
        }
      }
    case let layer as Attention: return attention(entry, input, heads: layer.heads)
    case let layer as Recurrent: return recurrence(entry, input, layer)
    default: preconditionFailure("Oracle: \(entry.layer.text) is no layer of sequences")
    }
  }

  private func tensor(_ entry: Architecture.Entry, _ name: String) -> [Double] {
    parameters["\(entry.name).\(name)"] ?? []
  }

  /// Parts of an image one after the other, each in the order channel, row, column; whole rows if `wide` is `nil`.
  private func cut(_ input: [Double], _ shape: [Int], _ high: Int, _ wide: Int?) -> [Double] {
    let (height, width) = (shape[1], shape[2])
    let wide = wide ?? width
    var result: [Double] = []
    for y in stride(from: 0, to: height, by: high) {
      for x in stride(from: 0, to: width, by: wide) {
        for c in 0..<shape[0] {
          for r in 0..<high {
            for s in 0..<wide { result.append(input[(c * height + y + r) * width + x + s]) }
          }
        }
      }
    }
    return result
  }

  private func attention(
    _ entry: Architecture.Entry, _ input: [Double], heads: Int
  ) -> [Double] {
    let width = entry.inputShape.channels
    let (places, size) = (input.count / width, width / heads)
    let parts = affine(input, tensor(entry, "in_proj_weight"), tensor(entry, "in_proj_bias"))
    func number(_ t: Int, part: Int, head: Int, _ i: Int) -> Double {
      parts[t * 3 * width + part * width + head * size + i]
    }
    var means = [Double](repeating: 0, count: input.count)
    for head in 0..<heads {
      for t in 0..<places {
        let powers = (0..<places).map { u in
          exponential(
            (0..<size).reduce(0) {
              $0 + number(t, part: 0, head: head, $1) * number(u, part: 1, head: head, $1)
            } / Double(size).squareRoot())
        }
        let sum = powers.reduce(0, +)
        for u in 0..<places {
          for i in 0..<size {
            means[t * width + head * size + i] +=
              powers[u] / sum * number(u, part: 2, head: head, i)
          }
        }
      }
    }
    return affine(means, tensor(entry, "out_proj.weight"), tensor(entry, "out_proj.bias"))
  }

  /// As PyTorch's page of each cell has it.
  private func recurrence(
    _ entry: Architecture.Entry, _ input: [Double], _ layer: Recurrent
  ) -> [Double] {
    let units = layer.units
    let width = entry.inputShape.channels
    func sigmoid(_ x: Double) -> Double { 1 / (1 + exponential(-x)) }
    func tanh(_ x: Double) -> Double { 1 - 2 / (exponential(2 * x) + 1) }
    var state = [Double](repeating: 0, count: units)
    var memory = state
    var result: [Double] = []
    for start in stride(from: 0, to: input.count, by: width) {
      let x = affine(
        Array(input[start..<start + width]), tensor(entry, "weight_ih_l0"),
        tensor(entry, "bias_ih_l0"))
      let h = affine(state, tensor(entry, "weight_hh_l0"), tensor(entry, "bias_hh_l0"))
      for u in 0..<units {
        func sum(_ gate: Int) -> Double { x[gate * units + u] + h[gate * units + u] }
        switch layer.cell {
        case .rnn: state[u] = tanh(sum(0))
        case .lstm:
          memory[u] = sigmoid(sum(1)) * memory[u] + sigmoid(sum(0)) * tanh(sum(2))
          state[u] = sigmoid(sum(3)) * tanh(memory[u])
        case .gru:
          let new = tanh(x[2 * units + u] + sigmoid(sum(0)) * h[2 * units + u])
          state[u] = (1 - sigmoid(sum(1))) * new + sigmoid(sum(1)) * state[u]
        }
      }
      result += state
    }
    return result
  }
}
