public import Networks

extension Network {
  /// The same function with batch normalisation folded into the convolution or linear layer right before it.
  ///
  /// `W' = W s` and `b' = b s + (bias - mean s)` with s = weight / √(variance + ε); the normalisation becomes the
  /// identity and keeps its place and name. One that follows any other layer stays as it is.
  public var foldingBatchNorm: Network {
    // What is folded needs a place to be added.
    var network = withBiases
    let entries = architecture.entries
    for (previous, entry) in zip(entries, entries.dropFirst())
    where entry.layer.family == .normalization(isAffineAtPrediction: true)
      && previous.layer.family == .affine
    {
      guard let form = exported(entry), let scale = form.factors, let shift = form.bias else {
        continue
      }
      network.change("\(previous.name).weight") { weights in
        let fanIn = weights.count / scale.count
        return weights.indices.map { weights[$0] * scale[$0 / fanIn] }
      }
      network.change("\(previous.name).bias") { biases in
        biases.indices.map { biases[$0] * scale[$0] + shift[$0] }
      }
      for parameter in entry.parameters {
        network.change("\(entry.name).\(parameter.name)") { values in
          values.map { entry.layer.identityValue(of: parameter.name) ?? $0 }
        }
      }
    }
    return network
  }

  /// Replaces the values of a tensor.
  mutating func change(_ name: String, _ make: ([Float]) -> [Float]) {
    guard let index = tensors.firstIndex(where: { $0.name == name }) else { return }
    tensors[index].values = make(tensors[index].values)
  }
}
