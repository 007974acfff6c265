/// The two halves of a variational autoencoder, as networks of their own.
public struct Autoencoder: Sendable {
  /// From a picture to the means of its latents and, behind them, the logarithms of their variances.
  public let encoder: Network
  /// From latents to a logit for each pixel.
  public let decoder: Network

  /// Numbers that a picture becomes.
  public var latents: Int { decoder.architecture.inputShape.count }
  /// Numbers that a picture has.
  public var pixels: Int { decoder.architecture.outputs }
}

extension Network {
  /// The halves of a network such as `flatten linear(40) concat( | sample linear(784))`: what stands before the last block,
  /// and its second branch behind `sample`. `nil` for any other network.
  public var autoencoder: Autoencoder? {
    let layers = architecture.specification.layers
    guard let joint = layers.last as? any JointLayer, joint.family == .joint(.concatenation),
      joint.branches.count == 2, joint.branches[0].isEmpty,
      joint.branches[1].first?.exportForm == .sampling
    else { return nil }
    // Entries stand in the order of the text: the encoder's, `sample`, the decoder's, and where the branches meet.
    guard
      let start = architecture.entries.firstIndex(where: { $0.layer.exportForm == .sampling }),
      case .vector(let latents) = architecture.entries[start].outputShape,
      let encoder = part(
        Array(layers.dropLast()), entries: 0..<start, inputShape: architecture.inputShape,
        normalization),
      let decoder = part(
        [Flatten() as any Layer] + Array(joint.branches[1].dropFirst()),
        entries: start + 1..<architecture.entries.count - 1,
        inputShape: ImageShape(channels: latents, height: 1, width: 1),
        .identity(channels: latents)),
      encoder.architecture.outputs == 2 * latents
    else { return nil }
    return Autoencoder(encoder: encoder, decoder: decoder)
  }

  /// Layers as a network of their own, with the tensors of some entries of this one.
  private func part(
    _ layers: [any Layer], entries: Range<Int>, inputShape: ImageShape,
    _ normalization: Normalization
  ) -> Network? {
    guard
      let own = try? Architecture(
        Specification(layers: layers), inputShape: inputShape, for: .numbers)
    else { return nil }
    let names = architecture.entries[entries].flatMap(\.tensorNames)
    guard names.count == own.tensors.count else { return nil }
    let tensors = zip(own.tensors, names).compactMap { named, name in
      tensor(name).map { Tensor(name: named.name, shape: $0.shape, values: $0.values) }
    }
    return Network(architecture: own, normalization: normalization, tensors: tensors)
  }
}
