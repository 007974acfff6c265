import Attacks
import Attribution
import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Training images and channels of a layer that a case shows, and layers whose maps it shows.
  private static let (shownNeighbors, shownChannels) = (5, 4)

  /// The images that have a page of their own: the surest mistakes and the surest right answers of each class;
  /// `nil` if there are none.
  func caseFacts() -> CaseFacts? {
    let wrong = byConfidence { !predictions.isCorrect($0) }.prefix(extent.cases.mistakes)
    let right = byConfidence(predictions.isCorrect)
    let sure = (0..<predictions.classes).flatMap { label in
      right.filter { predictions.labels[$0] == label }.prefix(extent.cases.sure)
    }
    let images = Array(wrong) + sure
    guard !images.isEmpty else { return nil }
    let targets = images.map { predictions.predicted[$0] }
    let pixels = test.floats(images)
    let methods = methods()
    let maps = methods.map { $0.method.attribution(of: pixels, in: executor, for: targets) }
    let neighbors = neighbors(of: pixels)
    let changes = changes(of: pixels, answers: targets)
    // The first of the layers with maps, and the last, on which the answer rests.
    let watched = DrawnLayers(architecture).watched
    let layers = [watched.first, watched.dropFirst().last].compactMap { $0 }
    return CaseFacts(
      methods: methods.map {
        ExplanationFacts.Method(name: $0.entry.name, summary: $0.entry.summary)
      },
      areBlind: areBlind(methods), layer: architecture.hiddenLayer?.name ?? "pixels",
      searched: min(extent.searched, split.train.count),
      cases: images.enumerated().map { row, image in
        let example = example(image)
        return CaseFacts.Case(
          example: example, maps: maps.map { map($0, row).rounded() },
          activations: layers.map { layer in
            let channels = channels(at: layer, of: example, in: executor)
            let chosen = mostVaried(channels, count: Self.shownChannels)
            return FeatureFacts.Activation(
              layer: layer.name, values: self.maps(chosen, of: channels, at: layer))
          }, neighbors: neighbors[row], change: changes[row])
      })
  }

  /// The training images that the last hidden layer finds most like each image.
  private func neighbors(of pixels: [Float]) -> [[CaseFacts.Neighbor]] {
    let images = sample(extent.searched, of: split.train.count, for: "neighbors")
    return nearest(to: pixels, among: images, of: split.train, count: Self.shownNeighbors).map {
      $0.map { distance, image in
        CaseFacts.Neighbor(
          label: split.train.labels[image], distance: distance,
          pixels: plane(split.train.floats([image])))
      }
    }
  }

  /// For each image a change as small as DeepFool finds; `nil` where it finds none.
  private func changes(of pixels: [Float], answers: [Int]) -> [CaseFacts.Change?] {
    let size = test.imageSize
    let changed = DeepFool(AttackSettings()).adversarial(pixels, labels: answers, against: executor)
    let outcome = Outcome(clean: pixels, adversarial: changed, labels: answers, against: executor)
    let after = Predictions(
      logits: executor.logits(changed), labels: answers, classes: predictions.classes)
    return answers.indices.map { row in
      guard after.predicted[row] != answers[row] else { return nil }
      return CaseFacts.Change(
        adversarial: plane(Array(changed[row * size..<(row + 1) * size])),
        predicted: after.predicted[row], confidence: after.confidence(row), l2: outcome.l2[row],
        linf: outcome.linf[row])
    }
  }
}
