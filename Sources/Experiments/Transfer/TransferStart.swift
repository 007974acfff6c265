package import Networks
package import Training

/// How a trained network becomes the beginning of another one: what fits is taken over, the rest begins anew or is
/// adapted, and what cannot be is refused.
package struct TransferStart: Sendable {
  /// The network that training begins with.
  package let network: Network
  /// What did not fit and what became of it, in sentences.
  package let notes: [String]

  /// The beginning of a network.
  ///
  /// Layers of the same name keep their tensors. Other classes, in number or name, get a new head, drawn from the seed.
  /// A first convolution that reads other channels is summed over them or spread among them, as timm does. The
  /// normalisation stays the source's, for its layers know no other, unless the channels are others.
  ///
  /// - Parameters:
  ///   - source: the trained network with its classes.
  ///   - untrained: the network to be trained as it would begin by itself.
  ///   - classes: what its outputs stand for.
  /// - Throws: `RunRefusal` if a layer reads or gives something else than it did, or if there is nothing in common.
  package init(
    from source: Checkpoint, to untrained: Network, classes: [String]
  ) throws(RunRefusal) {
    let (old, new) = (source.network, untrained.architecture)
    let heads = Set(new.heads)
    let isOther = source.classes != classes
    var (tensors, notes, taken): ([Tensor], [String], Int) = ([], [], 0)
    for entry in new.entries where !entry.parameters.isEmpty {
      let own = entry.tensorNames.compactMap(untrained.tensor)
      let before = own.map { old.tensor($0.name) }
      if heads.contains(entry.name), isOther || before.contains(nil) {
        tensors += own
        notes.append(
          "\(entry.name) begins anew, as the head of \(classes.count) classes that are not the source's"
        )
        continue
      }
      taken += 1
      for (tensor, found) in zip(own, before) {
        guard let found else {
          throw RunRefusal(
            "the source has no layer \(entry.name); its layers are"
              + " \(old.architecture.entries.filter { !$0.parameters.isEmpty }.map(\.name).joined(separator: ", "))"
          )
        }
        if found.shape == tensor.shape {
          tensors.append(found)
        } else if entry.isConvolution, entry.inputs == [0],
          let adapted = Self.adapted(found, to: tensor.shape)
        {
          tensors.append(adapted)
          notes.append(
            "\(entry.name) read \(found.shape[1]) channel\(found.shape[1] == 1 ? "" : "s") and now reads"
              + " \(tensor.shape[1]): its weights are \(tensor.shape[1] == 1 ? "summed over them" : "shared out among them")"
          )
        } else {
          throw Self.refusal(tensor, found, source, new)
        }
      }
    }
    guard taken > 0 else {
      throw RunRefusal("nothing but the head could be taken over from the source")
    }
    let keepsNormalization = old.architecture.inputShape.channels == new.inputShape.channels
    network = Network(
      architecture: new,
      normalization: keepsNormalization ? old.normalization : untrained.normalization,
      tensors: tensors)
    self.notes = notes
  }

  /// The weights of a convolution for another number of channels; `nil` unless one of the two is 1.
  private static func adapted(_ tensor: Tensor, to shape: [Int]) -> Tensor? {
    guard shape.count == 4, tensor.shape.count == 4, tensor.shape[0] == shape[0],
      tensor.shape[2...] == shape[2...]
    else { return nil }
    let (before, after, plane) = (tensor.shape[1], shape[1], shape[2] * shape[3])
    var values: [Float] = []
    for filter in 0..<shape[0] {
      let own = tensor.values[filter * before * plane..<(filter + 1) * before * plane]
      switch (before, after) {
      case (_, 1):
        values += (0..<plane).map { place in
          (0..<before).reduce(Float(0)) { $0 + own[own.startIndex + $1 * plane + place] }
        }
      case (1, _): for _ in 0..<after { values += own.map { $0 / Float(after) } }
      default: return nil
      }
    }
    return Tensor(name: tensor.name, shape: shape, values: values)
  }

  private static func refusal(
    _ tensor: Tensor, _ found: Tensor, _ source: Checkpoint, _ architecture: Architecture
  ) -> RunRefusal {
    let (old, new) = (source.network.architecture.inputShape, architecture.inputShape)
    let size = "\(old.height) × \(old.width)"
    return RunRefusal(
      "\(tensor.name) has shape \(found.shape) in the source and would need \(tensor.shape)"
        + (old == new
          ? "; take the source's own network, or one that differs in its head alone"
          : ", for the source read \(old.channels) × \(size) pixels and these images have"
            + " \(new.channels) × \(new.height) × \(new.width); bring a folder's pictures to \(size) with --image-size, or take a source"
            + " that pools all places (globalpool) before its first linear layer"))
  }
}

extension RunConfiguration {
  /// The network of a run that begins with a trained one: the same layers with a head for so many classes.
  ///
  /// - Throws: `RunRefusal` if the source does not end in a layer that can have other outputs.
  package static func model(
    from source: Checkpoint, classes: Int
  ) throws(RunRefusal) -> String {
    guard let specification = source.network.architecture.specification.ending(in: classes) else {
      throw RunRefusal("the source does not end in a layer that could have \(classes) outputs")
    }
    return specification.description
  }
}
