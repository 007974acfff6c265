import Networks

extension LayerGraph {
  /// A network's text, and its steps in the order of the text: branches one after the other and then the joint.
  struct Written {
    var text: String
    var steps: [Step]
  }

  /// Deeper blocks are refused, as in any specification.
  private static let deepest = 30

  /// Writes what gives a value as layers one after the other and blocks with branches.
  ///
  /// - Throws: `CheckpointError` if branches cross, so that no blocks can be written.
  func written(to end: Int) throws(CheckpointError) -> Written {
    var graph = self
    graph.regroupConcatenations()
    var writer = Writer(graph: graph, forks: graph.forks())
    return try writer.series(from: 0, to: end, depth: 0)
  }

  /// Networks like DenseNet lay all that came before in one row again and again: each such row begins with the one before.
  private mutating func regroupConcatenations() {
    var rows: [[Int]: Int] = [:]
    for value in steps.indices.map({ $0 + 1 }) {
      guard case .concatenation = steps[value - 1].work else { continue }
      let row = inputs(of: value)
      let known = (2..<max(2, row.count)).reversed().first { rows[Array(row[..<$0])] != nil }
      rows[row] = value
      if let known, let first = rows[Array(row[..<known])] {
        regroup(value, [first] + row[known...])
      }
    }
  }

  /// For each value, the last one through which every way from the image to it leads; that of the image is itself.
  ///
  /// Reference: Cooper, Harvey, Kennedy, A Simple, Fast Dominance Algorithm (2001); the steps stand in their order.
  private func forks() -> [Int] {
    var forks = [0]
    for step in steps {
      var fork = step.inputs[0]
      for other in step.inputs.dropFirst() {
        var other = other
        while fork != other {
          if fork > other { fork = forks[fork] } else { other = forks[other] }
        }
      }
      forks.append(fork)
    }
    return forks
  }

  private struct Writer {
    let graph: LayerGraph
    let forks: [Int]
    var seen: Set<Int> = []

    init(graph: LayerGraph, forks: [Int]) {
      self.graph = graph
      self.forks = forks
    }

    /// The layers between two values, written backwards from the end.
    mutating func series(
      from start: Int, to end: Int, depth: Int
    ) throws(CheckpointError) -> Written {
      guard depth <= LayerGraph.deepest else {
        throw CheckpointError("its blocks are nested deeper than \(LayerGraph.deepest)")
      }
      var parts: [Written] = []
      var value = end
      while value > start {
        guard seen.insert(value).inserted else { throw Self.crossing }
        let step = graph.steps[value - 1]
        switch step.work {
        case .layer, .affine:
          parts.append(Written(text: step.text, steps: [step]))
          value = step.inputs[0]
        case .sum:
          // What is added unchanged stands last, and goes without saying.
          let fork = forks[value]
          let inputs = step.inputs.filter { $0 != fork } + step.inputs.filter { $0 == fork }
          parts.append(try block("residual", step, inputs, from: fork, depth: depth))
          value = fork
        case .concatenation:
          parts.append(try block("concat", step, step.inputs, from: forks[value], depth: depth))
          value = forks[value]
        }
      }
      guard value == start else { throw Self.crossing }
      return Written(
        text: parts.reversed().map(\.text).joined(separator: " "),
        steps: parts.reversed().flatMap(\.steps))
    }

    private mutating func block(
      _ word: String, _ step: Step, _ inputs: [Int], from fork: Int, depth: Int
    ) throws(CheckpointError) -> Written {
      var branches: [Written] = []
      for input in inputs {
        branches.append(try series(from: fork, to: input, depth: depth + 1))
      }
      guard branches.contains(where: { !$0.text.isEmpty }) else {
        throw CheckpointError("it joins a value with itself, for which there is no block")
      }
      return Written(
        text: "\(word)(\(branches.map(\.text).joined(separator: " | ")))",
        steps: branches.flatMap(\.steps) + [step])
    }

    private static let crossing = CheckpointError(
      "its branches cross: what one of them computes is read by another, and Inkling's blocks (residual, concat) hold"
        + " branches that each go from one fork to one joint")
  }
}
