package import Networks
package import Training

extension ModelFacts {
  /// What is known of a network without looking at any image.
  ///
  /// - Parameters:
  ///   - architecture: the network.
  ///   - name: the checkpoint's, without folder and ending.
  ///   - classes: class names.
  ///   - seed: the run's.
  ///   - run: the run that made it; `nil` if the checkpoint does not say.
  ///   - sha256: of the checkpoint file, hexadecimal.
  ///   - foreign: the file, if Inkling did not write it.
  package init(
    _ architecture: Architecture, name: String, classes: [String], seed: UInt64,
    run: RunConfiguration?, sha256: String, foreign: ForeignFile? = nil
  ) {
    self.init(
      name: name, specification: architecture.specification.description,
      inputShape: architecture.inputShape.dimensions, classes: classes,
      layers: architecture.entries.map {
        Layer(
          name: $0.name, type: architecture.text(of: $0), noun: $0.layer.noun,
          role: Role($0), inputs: $0.inputs, outputShape: $0.outputShape.dimensions,
          parameters: $0.parameterCount,
          hasBias: $0.parameters.contains { $0.name == "bias" }, multiplications: $0.multiplications
        )
      },
      parameters: architecture.parameterCount, seed: seed, run: run, sha256: sha256,
      foreign: foreign)
  }
}

extension Study.Subject {
  /// What is known of the network without looking at any image.
  package var modelFacts: ModelFacts {
    ModelFacts(
      checkpoint.network.architecture, name: name, classes: checkpoint.classes,
      seed: checkpoint.seed, run: try? checkpoint.configuration(), sha256: sha256,
      foreign: foreign)
  }
}
