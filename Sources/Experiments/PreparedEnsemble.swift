import Datasets
package import Networks
package import Training

/// A run that trains several networks of one kind on the same images, each from a seed of its own, and makes one of
/// them.
package struct PreparedEnsemble: Sendable {
  /// What decides it, nothing left to what is usual.
  package let run: RunConfiguration
  /// The members' runs: the first has the seed of the whole, each other the next.
  package let members: [PreparedRun]

  /// An ensemble on some images.
  ///
  /// - Parameters:
  ///   - run: a run whose `ensemble` says how many members there are.
  ///   - images: what all of them learn from.
  ///   - source: the trained network that each begins with, if the run asks for one.
  /// - Throws: `SpecificationError` or `RunRefusal` if the network does not go with the images.
  package init(
    _ run: RunConfiguration, on images: PreparedImages, from source: Checkpoint? = nil
  ) throws {
    let members = try (0..<(run.ensemble ?? 1)).map { place in
      var own = run
      own.ensemble = nil
      own.seed = run.seed &+ UInt64(place)
      return try PreparedRun(own, on: images, from: source)
    }
    // Known before any is trained.
    _ = try Architecture(ensembleOf: members.map(\.architecture))
    self.members = members
    var whole = members[0].run
    whole.ensemble = run.ensemble
    self.run = whole
  }

  /// The members as one checkpoint, with the epochs of the first.
  ///
  /// - Throws: `SpecificationError` if together they are too large.
  package func checkpoint(
    _ networks: [Network], history: [EpochRecord]
  ) throws(SpecificationError) -> Checkpoint {
    var checkpoint = members[0].checkpoint(
      try Network(ensembleOf: networks), history: history)
    checkpoint.run = run.json
    return checkpoint
  }
}
