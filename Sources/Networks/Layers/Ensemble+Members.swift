extension Architecture {
  /// The ensemble of some networks; their layers are numbered on from one to the next.
  ///
  /// - Parameter members: networks of one input shape and one number of outputs.
  /// - Throws: `SpecificationError` if together they are too large, or too many layers for a text.
  package init(ensembleOf members: [Architecture]) throws(SpecificationError) {
    let specification = Specification(layers: [
      Ensemble(branches: members.map(\.specification.layers))
    ])
    // What a checkpoint says has to be read again.
    try self.init(
      Specification(text: specification.description), inputShape: members[0].inputShape)
  }

  /// The members of a network that is an ensemble and nothing else, each a network of its own; empty for any other.
  package var members: [Architecture] {
    guard specification.layers.count == 1, let joint = specification.layers.first as? Ensemble
    else { return [] }
    let members = joint.branches.compactMap {
      try? Architecture(Specification(layers: $0), inputShape: inputShape)
    }
    // A branch that does not end in logits of its own layers is no network.
    return members.count == joint.branches.count ? members : []
  }
}

extension Network {
  /// The members of a network that is an ensemble and nothing else; empty for any other.
  package var members: [Network] {
    var rest = tensors[...]
    return architecture.members.map { member in
      let own = zip(member.tensors, rest).map { named, tensor in
        Tensor(name: named.name, shape: tensor.shape, values: tensor.values)
      }
      rest = rest.dropFirst(own.count)
      return Network(architecture: member, normalization: normalization, tensors: own)
    }
  }

  /// The ensemble of some networks; their layers are numbered on from one to the next.
  ///
  /// - Parameter members: networks of one input shape, one normalisation and one number of outputs.
  /// - Throws: `SpecificationError` if together they are too large, or too many layers for a text.
  package init(ensembleOf members: [Network]) throws(SpecificationError) {
    let architecture = try Architecture(ensembleOf: members.map(\.architecture))
    let normalization = members[0].normalization
    precondition(
      members.allSatisfy { $0.normalization == normalization },
      "Ensemble: the members read images in different ways")
    self.init(
      architecture: architecture, normalization: normalization,
      tensors: zip(architecture.tensors, members.flatMap(\.tensors)).map { named, tensor in
        Tensor(name: named.name, shape: tensor.shape, values: tensor.values)
      })
  }
}
