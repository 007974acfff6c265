/// The layers of a network as its text nests them: one after the other, and branches within blocks.
package struct LayerOutline: Sendable {
  /// What stands on a line of layers.
  package indirect enum Part: Sendable {
    /// A layer, by its place in the network.
    case layer(Int)
    /// Branches that read one value, some of them perhaps empty, and the place of the layer that joins them.
    case block([[Part]], joint: Int)

    /// The layer whose value is handed on.
    package var last: Int {
      switch self {
      case .layer(let index), .block(_, let index): index
      }
    }

    /// True for branches and their joint.
    package var isBlock: Bool {
      switch self {
      case .layer: false
      case .block: true
      }
    }

    /// All its layers, in order.
    package var layers: [Int] {
      switch self {
      case .layer(let index): [index]
      case .block(let branches, let joint): branches.joined().flatMap(\.layers) + [joint]
      }
    }
  }

  /// The layers that stand in no branch, and the blocks between them.
  package let parts: [Part]

  /// All blocks, those within others behind them.
  package var blocks: [Part] { Self.blocks(parts) }

  private static func blocks(_ parts: [Part]) -> [Part] {
    parts.flatMap { part -> [Part] in
      switch part {
      case .layer: []
      case .block(let branches, _): [part] + branches.flatMap(blocks)
      }
    }
  }

  /// Finds the blocks.
  ///
  /// - Parameter inputs: The values that each layer reads: 0 is the image, i + 1 what layer i hands on.
  /// - Precondition: a layer reads only what stands before it.
  package init(inputs: [[Int]]) {
    // For every value but the image the one before it on its own line: before a joint, what its branches all read.
    var before = [0]
    func line(from value: Int) -> [Int] {
      var values = [value]
      while let last = values.last, last > 0 { values.append(before[last]) }
      return values
    }
    for (place, values) in inputs.enumerated() {
      precondition(values.allSatisfy { $0 <= place }, "LayerOutline: layer \(place) reads ahead")
      var shared = values
      if values.count > 1 {
        let lines = values.map(line)
        shared = lines[0].filter { value in lines.allSatisfy { $0.contains(value) } }
      }
      before.append(shared.max() ?? 0)
    }
    func parts(from start: Int, to end: Int) -> [Part] {
      line(from: end).prefix { $0 > start }.reversed().map { value in
        let values = inputs[value - 1]
        guard values.count > 1 else { return .layer(value - 1) }
        return .block(values.map { parts(from: before[value], to: $0) }, joint: value - 1)
      }
    }
    self.parts = parts(from: 0, to: inputs.count)
  }
}
