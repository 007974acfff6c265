public import Networks

extension Network {
  /// The same function with batch normalisation folded into the convolution or linear layer right before it.
  ///
  /// `W' = W s` and `b' = (b - mean) s + bias` with s = weight / √(variance + ε); the normalisation becomes the
  /// identity and keeps its place and name. One that follows any other layer stays as it is.
  public var foldingBatchNorm: Network {
    var network = self
    let entries = architecture.entries
    for (previous, entry) in zip(entries, entries.dropFirst()) where entry.layer is BatchNorm {
      guard previous.layer is Conv2D || previous.layer is Linear else { continue }
      func values(_ name: String) -> [Float] { network.tensor(name)?.values ?? [] }
      let variance = values("\(entry.name).running_var")
      let mean = values("\(entry.name).running_mean")
      let shift = values("\(entry.name).bias")
      let scale = zip(values("\(entry.name).weight"), variance).map {
        $0 / ($1 + BatchNorm.epsilon).squareRoot()
      }
      network.change("\(previous.name).weight") { weights in
        let fanIn = weights.count / scale.count
        return weights.indices.map { weights[$0] * scale[$0 / fanIn] }
      }
      network.change("\(previous.name).bias") { biases in
        biases.indices.map { (biases[$0] - mean[$0]) * scale[$0] + shift[$0] }
      }
      let one = (1 + BatchNorm.epsilon).squareRoot()
      network.change("\(entry.name).weight") { $0.map { _ in one } }
      network.change("\(entry.name).bias") { $0.map { _ in 0 } }
      network.change("\(entry.name).running_mean") { $0.map { _ in 0 } }
      network.change("\(entry.name).running_var") { $0.map { _ in 1 } }
    }
    return network
  }

  /// Replaces the values of a tensor.
  mutating func change(_ name: String, _ make: ([Float]) -> [Float]) {
    guard let index = tensors.firstIndex(where: { $0.name == name }) else { return }
    tensors[index].values = make(tensors[index].values)
  }
}
