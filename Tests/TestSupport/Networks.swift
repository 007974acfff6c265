public import Networks

/// A network of a specification with parameters from `hashed`.
public func hashedNetwork(
  _ text: String, _ shape: (Int, Int, Int) = (1, 28, 28),
  normalization: Normalization? = nil, for purpose: Architecture.Purpose = .classes
) throws -> Network {
  let architecture = try Architecture(
    Specification(text: text),
    inputShape: ImageShape(channels: shape.0, height: shape.1, width: shape.2), for: purpose)
  var stream: UInt64 = 0
  let tensors = architecture.tensors.map { name, parameter in
    let values: [Float]
    switch parameter.role {
    case .uniform, .initialized, .normal:
      stream += 1
      let fanIn = parameter.shape.count > 1 ? parameter.shape.dropFirst().reduce(1, *) : 64
      let bound = Float(fanIn).squareRoot()
      values = hashed(parameter.count, stream).map { (2 * $0 - 1) / bound }
    case .constant:
      stream += 1
      values = hashed(parameter.count, stream).map { (2 * $0 - 1) / 8 }
    case .statistic(let value):
      values = Array(repeating: value, count: parameter.count)
    }
    return Tensor(name: name, shape: parameter.shape, values: values)
  }
  return Network(
    architecture: architecture, normalization: normalization ?? .identity(channels: shape.0),
    tensors: tensors)
}

/// The network of `small_cnn` in Scripts/reference: on 12 x 12 images, weights three times as large and no
/// biases, so that different images get different answers.
public func smallCNN() throws -> Network {
  var network = try hashedNetwork(
    "conv(8,3) relu maxpool(2) conv(12,3) relu maxpool(2) flatten linear(20) relu linear(10)",
    (1, 12, 12), normalization: Normalization(mean: [0.25], standardDeviation: [0.5]))
  for index in network.tensors.indices {
    let factor: Float = network.tensors[index].shape.count > 1 ? 3 : 0
    network.tensors[index].values = network.tensors[index].values.map { $0 * factor }
  }
  return network
}

/// The network of `mixed_cnn` in Scripts/reference: colour, batch normalisation with statistics of its own,
/// strides, average pooling, biases.
public func mixedCNN() throws -> Network {
  var network = try hashedNetwork(
    "conv(8,3,stride=2,padding=1) norm relu avgpool(2) conv(12,3) norm relu maxpool(2,stride=1)"
      + " flatten linear(20) norm relu linear(10)",
    (3, 12, 12),
    normalization: Normalization(
      mean: [0.25, 0.25, 0.25], standardDeviation: [0.5, 0.5, 0.5]))
  for index in network.tensors.indices {
    let tensor = network.tensors[index]
    let norm = UInt64(tensor.name.dropFirst(4).prefix(1)) ?? 1
    let count = tensor.values.count
    if tensor.shape.count > 1 {
      network.tensors[index].values = tensor.values.map { $0 * 3 }
    } else if tensor.name.hasPrefix("norm"), tensor.name.hasSuffix(".weight") {
      network.tensors[index].values = tensor.values.map { $0 + 1 }
    } else if tensor.name.hasSuffix("running_mean") {
      network.tensors[index].values = hashed(count, 499 + norm).map { $0 - 0.5 }
    } else if tensor.name.hasSuffix("running_var") {
      network.tensors[index].values = hashed(count, 599 + norm).map { $0 + 0.5 }
    }
  }
  return network
}
