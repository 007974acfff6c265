package import Randomness

/// A network as a value: its architecture, its parameters in PyTorch's names and shapes, and the
/// normalisation of its input.
public struct Network: Sendable, Equatable {
  /// Layers, shapes and tensor names.
  public let architecture: Architecture
  /// The input's mean and standard deviation, one pair a channel.
  public let normalization: Normalization
  /// One tensor for each of `architecture.tensors`, in that order.
  public var tensors: [Tensor]

  /// A network with given parameters.
  ///
  /// The tensors must be those of the architecture: names, order and shapes.
  public init(architecture: Architecture, normalization: Normalization, tensors: [Tensor]) {
    precondition(
      zip(architecture.tensors, tensors).allSatisfy {
        $0.name == $1.name && $0.parameter.shape == $1.shape
      } && architecture.tensors.count == tensors.count,
      "Network: tensors \(tensors.map(\.name)) do not fit \(architecture.specification)")
    precondition(
      normalization.mean.count == architecture.inputShape.channels,
      "Network: \(normalization.mean.count) means for \(architecture.inputShape)")
    self.architecture = architecture
    self.normalization = normalization
    self.tensors = tensors
  }

  /// An untrained network: weights and biases from U(-b, b) with b = 1/√(fan-in), PyTorch's default, or
  /// as their layer asks for.
  package init(
    architecture: Architecture, normalization: Normalization,
    using generator: inout SplitMix64
  ) {
    var tensors: [Tensor] = []
    for (name, parameter) in architecture.tensors {
      let values: [Float]
      switch parameter.role {
      case .uniform(let fanIn):
        let bound = 1 / Float(fanIn).squareRoot()
        values = (0..<parameter.count).map { _ in generator.uniform(-bound, bound) }
      case .initialized(let scheme, let groups):
        values = scheme.values(of: parameter.shape, groups: groups, using: &generator)
      case .normal(let deviation):
        values = (0..<parameter.count).map { _ in deviation * generator.normal() }
      case .constant(let value), .statistic(let value):
        values = Array(repeating: value, count: parameter.count)
      }
      tensors.append(Tensor(name: name, shape: parameter.shape, values: values))
    }
    self.init(architecture: architecture, normalization: normalization, tensors: tensors)
  }

  /// The same function with a bias in every layer that may have one: zeros where it left them out.
  package var withBiases: Network {
    let biased = architecture.withBiases
    return Network(
      architecture: biased, normalization: normalization,
      tensors: biased.tensors.map { name, parameter in
        tensor(name)
          ?? Tensor(
            name: name, shape: parameter.shape,
            values: [Float](repeating: 0, count: parameter.count))
      })
  }

  /// What a batch normalisation of this network does at prediction: `y = factors[c] x + bias[c]` for channel c, by its running
  /// statistics; `nil` for any other layer.
  package func folded(_ entry: Architecture.Entry) -> (factors: [Float], bias: [Float])? {
    guard case .batchNormalization(let epsilon, _, let isScaled) = entry.layer.exportForm else {
      return nil
    }
    func values(_ name: String) -> [Float] { tensor("\(entry.name).\(name)")?.values ?? [] }
    let variance = values("running_var")
    func constant(_ value: Float) -> [Float] { Array(repeating: value, count: variance.count) }
    let factors = zip(isScaled ? values("weight") : constant(1), variance).map {
      $0 / ($1 + epsilon).squareRoot()
    }
    let shifts = zip(values("running_mean"), factors).map { $0 * $1 }
    let bias = zip(isScaled ? values("bias") : constant(0), shifts).map { $0 - $1 }
    return (factors, bias)
  }

  /// The same network with other numbers in some of its tensors, found by name.
  package func replacing(_ others: [Tensor]) -> Network {
    let values = Dictionary(uniqueKeysWithValues: others.map { ($0.name, $0.values) })
    var network = self
    for index in network.tensors.indices {
      if let own = values[network.tensors[index].name] { network.tensors[index].values = own }
    }
    return network
  }

  /// Tensors of the same names and shapes, all numbers 0: an optimizer's moments before the first step.
  package var zeros: [Tensor] {
    tensors.map {
      Tensor(name: $0.name, shape: $0.shape, values: [Float](repeating: 0, count: $0.values.count))
    }
  }

  /// The tensor of a full name, such as `conv1.weight`.
  public func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name } }
}

extension Network {
  /// The network that training with a seed begins from; see `init(architecture:normalization:using:)`. The members of an
  /// ensemble begin from this seed and those that follow.
  public static func untrained(
    _ architecture: Architecture, normalization: Normalization, seed: UInt64
  ) -> Network {
    let members = architecture.members.enumerated().map { place, member in
      untrained(member, normalization: normalization, seed: seed &+ UInt64(place))
    }
    if !members.isEmpty {
      return Network(
        architecture: architecture, normalization: normalization,
        tensors: zip(architecture.tensors, members.flatMap(\.tensors)).map { named, tensor in
          Tensor(name: named.name, shape: tensor.shape, values: tensor.values)
        })
    }
    var generator = SplitMix64(seed: seed, purpose: "parameters")
    return Network(architecture: architecture, normalization: normalization, using: &generator)
  }
}
