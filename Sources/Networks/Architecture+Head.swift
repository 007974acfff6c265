extension Architecture {
  /// The layers of weights that give the logits: the last one, or the last one of each member of an ensemble.
  package var heads: [String] { heads(of: entries.count) }

  private func heads(of value: Int) -> [String] {
    guard value > 0 else { return [] }
    let entry = entries[value - 1]
    return switch entry.layer.family {
    case .affine: [entry.name]
    case .joint(.mixture), .activation: entry.inputs.flatMap(heads)
    case .joint, .pooling, .normalization, .reshape, .selection, .constants, .memory, .noise: []
    }
  }

  /// The last hidden layer: what the last layer of weights reads; `nil` for a network without one.
  package var hiddenLayer: Entry? {
    let head = entries.lastIndex { !$0.layer.family.isScaling } ?? 0
    return entries[..<head].last { $0.layer.family != .noise }
  }

  /// The layers that learn something, first to last.
  package var learningLayers: [String] {
    entries.filter { !$0.parameters.isEmpty }.map(\.name)
  }

  /// The tensors that are learned, by their full names (`conv1.weight`).
  package var learnedTensors: [String] {
    tensors.filter(\.parameter.isLearned).map(\.name)
  }

  /// What stands for every layer that learns but the heads, where layers are named.
  package static let allButHead = "all-but-head"

  /// Layers by names, among which `allButHead` stands for all that are meant by it.
  package func layers(named names: [String]) -> [String] {
    let heads = Set(heads)
    return names.flatMap { name in
      name == Self.allButHead ? learningLayers.filter { !heads.contains($0) } : [name]
    }
  }

  /// For each entry, how many layers of weights lie between it and the logits at most, itself left out: 0 for a head.
  package var depths: [Int] {
    var depths = [Int](repeating: 0, count: entries.count)
    for index in entries.indices.reversed() {
      depths[index] =
        readers(of: index + 1).map { reader in
          depths[reader] + (entries[reader].layer.family == .affine ? 1 : 0)
        }.max() ?? 0
    }
    return depths
  }
}
