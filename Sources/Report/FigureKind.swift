import Evaluation
import Networks
package import Study

/// A kind of figure that can be asked for by name.
package enum FigureKind: String, CaseIterable, Sendable {
  /// Images of each class.
  case samples
  /// The filters of the first convolution.
  case filters
  /// The weights of a first linear layer as images.
  case templates
  /// One image in every layer.
  case activations
  /// What each pixel did for the answer.
  case saliency
  /// True classes against predicted ones.
  case confusion
  /// Misread images.
  case mistakes
  /// Loss, accuracy and health of training.
  case training
  /// Images that fool the network.
  case adversarial
  /// Pictures that units answer to most strongly.
  case features
  /// The patches of test images that channels answer to most strongly.
  case topPatches = "top-patches"
  /// Test images laid out on a plane by what a layer makes of them.
  case embedding
  /// What the network says between images.
  case boundary

  /// True if it shows images of a data set, and not only what a checkpoint holds.
  package var needsImages: Bool {
    switch self {
    case .filters, .templates, .training: false
    case .samples, .activations, .saliency, .confusion, .mistakes, .adversarial, .features,
      .topPatches, .embedding, .boundary:
      true
    }
  }
}

extension ReportFigures {
  /// The figures of a kind.
  ///
  /// - Parameters:
  ///   - kind: what is drawn.
  ///   - study: a study of the checkpoint on its data set.
  ///   - layer: the layer looked at; each kind has its own usual one.
  ///   - seed: of what is found from a random start.
  /// - Returns: the figures; none if the network has nothing of that kind.
  package static func figures(
    _ kind: FigureKind, of study: Study, layer: String? = nil, seed: UInt64 = 1
  ) -> [Illustration] {
    let subject = study.subject
    guard kind.needsImages else { return figures(kind, of: subject, layer: layer) }
    let figures = ReportFigures(
      dataset: study.datasetName, classes: subject.checkpoint.classes,
      channels: subject.modelFacts.inputShape.first ?? 1, testCount: study.predictions.count)
    switch kind {
    case .samples: return [figures.samples(study.dataFacts(study.clearExample))]
    case .activations:
      let example = study.clearExample
      return [
        figures.activations(study.activations(example), of: example, in: subject.modelFacts)
      ]
    case .saliency: return [figures.saliency(study.explanationFacts())]
    case .confusion: return [figures.confusion(study.qualityFacts())]
    case .mistakes: return figures.mistakes(study.mistakes(), quality: study.qualityFacts())
    case .adversarial:
      let facts = study.robustnessFacts()
      return [figures.adversarial(facts), figures.curves(facts)]
    case .features:
      return [figures.unitPictures(study.classPictures(seed: seed))]
        + (study.channelPictures(of: layer, seed: seed).map { [figures.unitPictures($0)] } ?? [])
    case .topPatches:
      guard let facts = study.channelFacts(of: layer), !facts.channels.isEmpty else { return [] }
      return [figures.patches(facts, named: .topPatches(facts.layer))]
    case .embedding: return study.embeddings(of: layer, seed: seed).map(figures.embedding)
    case .boundary:
      let facts = study.boundaryFacts()
      return [facts.slice.map(figures.slice), facts.path.isEmpty ? nil : figures.path(facts)]
        .compactMap { $0 }
    case .filters, .templates, .training: return []
    }
  }

  /// The figures of a kind that needs no images.
  ///
  /// - Parameters:
  ///   - kind: what is drawn.
  ///   - subject: the checkpoint.
  ///   - layer: the layer looked at; the first that has weights on pixels if `nil`.
  /// - Returns: the figures; none if the checkpoint has nothing of that kind, or if the kind needs images.
  package static func figures(
    _ kind: FigureKind, of subject: Study.Subject, layer: String? = nil
  ) -> [Illustration] {
    let checkpoint = subject.checkpoint
    let figures = ReportFigures(
      dataset: checkpoint.dataset, classes: checkpoint.classes,
      channels: subject.modelFacts.inputShape.first ?? 1)
    switch kind {
    case .filters, .templates:
      let facts = FeatureFacts(weightsOf: checkpoint, layer: layer)
      guard let facts, facts.weights.shape.count == 4, facts.areTemplates == (kind == .templates)
      else { return [] }
      return [figures.weights(facts)]
    case .training:
      guard !checkpoint.history.isEmpty else { return [] }
      return [
        figures.loss(checkpoint.history, data: nil),
        figures.accuracy(checkpoint.history, data: nil),
        figures.health(checkpoint.history, layers: subject.modelFacts.layers),
      ]
    case .samples, .activations, .saliency, .confusion, .mistakes, .adversarial, .features,
      .topPatches, .embedding, .boundary:
      return []
    }
  }
}
