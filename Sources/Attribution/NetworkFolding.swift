package import Networks

extension Architecture {
  /// The convolution or linear layer into which a batch normalisation can be folded: the one that it reads, if nobody else
  /// does. `nil` for any other layer.
  func layer(absorbing entry: Entry) -> Entry? {
    guard entry.layer.family == .normalization(isAffineAtPrediction: true), entry.inputs[0] > 0,
      readers(of: entry.inputs[0]).count == 1
    else { return nil }
    let previous = entries[entry.inputs[0] - 1]
    return previous.layer.family == .affine ? previous : nil
  }
}

extension Network {
  /// The same function with batch normalisation folded into the convolution or linear layer that it reads.
  ///
  /// `W' = W s` and `b' = b s + (bias - mean s)` with s = weight / √(variance + ε); the normalisation becomes the
  /// identity and keeps its place and name. One that reads any other layer, or one that others read
  /// as well, stays as it is.
  package var foldingBatchNorm: Network {
    // What is folded needs a place to be added.
    var network = withBiases
    for entry in architecture.entries {
      guard let previous = architecture.layer(absorbing: entry),
        let (scale, shift) = folded(entry)
      else { continue }
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
