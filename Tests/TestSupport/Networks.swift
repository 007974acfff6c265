public import Networks

/// A network of a specification with parameters from `hashed`.
public func hashedNetwork(
  _ text: String, _ shape: (Int, Int, Int) = (1, 28, 28),
  normalization: Normalization? = nil
) throws -> Network {
  let architecture = try Architecture(
    Specification(text: text),
    inputShape: ImageShape(channels: shape.0, height: shape.1, width: shape.2))
  var stream: UInt64 = 0
  let tensors = architecture.tensors.map { name, parameter in
    let values: [Float]
    switch parameter.role {
    case .uniform:
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
