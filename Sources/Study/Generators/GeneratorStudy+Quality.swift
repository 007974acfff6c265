import Datasets
import Engine
import Evaluation
import Generators
import Networks
import Representations

extension GeneratorStudy {
  /// Pictures whose features are looked at together.
  private static let batch = 1000
  /// More features than this are mixed: their covariance takes too long to take apart.
  private static let mostFeatures = 512

  /// What the classifier's last hidden layer says to images.
  private func features(_ images: [Float], of reader: Study) -> (values: [Float], dimensions: Int) {
    let size = checkpoint.imageShape.count
    var (values, dimensions): ([Float], Int) = ([], 0)
    for start in stride(from: 0, to: images.count, by: Self.batch * size) {
      let codes = reader.codes(
        Array(images[start..<min(start + Self.batch * size, images.count)]))
      let mixed = RandomProjection.mixed(
        codes.values, dimensions: codes.dimensions, limit: Self.mostFeatures, seed: checkpoint.seed)
      values += mixed.values
      dimensions = mixed.dimensions
    }
    return (values, dimensions)
  }

  private func readings(
    _ images: [Float], asked: [Int]? = nil, by reader: Study
  ) -> SampleReadings {
    let size = checkpoint.imageShape.count
    var logits: [Float] = []
    for start in stride(from: 0, to: images.count, by: Self.batch * size) {
      logits += reader.executor.logits(
        Array(images[start..<min(start + Self.batch * size, images.count)]))
    }
    let count = images.count / size
    return SampleReadings(
      Predictions(
        logits: logits, labels: [Int](repeating: 0, count: count),
        classes: reader.predictions.classes), asked: asked)
  }

  /// How good the pictures are, beside as many test images and as many training images; `nil` without a classifier, or with
  /// too few images for neighbours.
  func quality() -> GeneratedQuality? {
    let compared = min(count, split.train.count, test.count)
    guard let reader, compared > PrecisionRecall.usualNeighbors else { return nil }
    let size = checkpoint.imageShape.count
    let pictures = Array(drawn.prefix(compared * size))
    let tests = test.floats(sample(compared, for: "quality"))
    let trained = split.train.floats(
      sample(compared, of: split.train.count, for: "training images for quality"))
    let (real, dimensions) = features(tests, of: reader)
    let (own, learned) = (
      features(pictures, of: reader).values, features(trained, of: reader).values
    )
    func distribution(_ values: [Float]) -> FeatureDistribution {
      FeatureDistribution(values, dimensions: dimensions)
    }
    func precisionRecall(_ values: [Float]) -> PrecisionRecall {
      PrecisionRecall(pictures: values, reals: real, dimensions: dimensions, pool: pool)
    }
    let distances = distribution(real).frechetDistances(
      to: [distribution(own), distribution(learned)])
    return GeneratedQuality(
      classifier: reader.subject.name, sha256: reader.subject.sha256,
      correct: (0..<reader.predictions.count).count(where: reader.predictions.isCorrect),
      testCount: reader.predictions.count,
      layer: reader.checkpoint.network.architecture.hiddenLayer?.name ?? "pixels",
      width: reader.checkpoint.network.architecture.hiddenLayer?.outputShape.count ?? size,
      dimensions: dimensions,
      readings: readings(pictures, asked: asked.map { Array($0.prefix(compared)) }, by: reader),
      testReadings: readings(tests, by: reader),
      frechet: distances[0], frechetFloor: distances[1],
      precisionRecall: precisionRecall(own), precisionRecallOfTraining: precisionRecall(learned))
  }

  // MARK: Flow

  /// Numbers of steps that are tried.
  private static let triedSteps = [1, 2, 5, 10, 20, 50]
  /// Pictures on the way that are shown of each.
  private static let shownOfWay = 10

  /// From noise to one picture of each class, and what fewer steps come to; `nil` for what is no flow.
  func flowFacts() -> FlowFacts? {
    guard checkpoint.kind == .flow else { return nil }
    let asked = Array(checkpoint.classes.indices.prefix(10))
    let way = generator.path(asked.count, of: asked, seed: checkpoint.seed)
    let steps = way.count - 1
    let shown = (0...Self.shownOfWay).map { $0 * steps / Self.shownOfWay }
    let kept = shown.indices.filter { $0 == 0 || shown[$0] > shown[$0 - 1] }.map { shown[$0] }
    let wanted = generator.classes(extent.tried)
    return FlowFacts(
      ways: kept.map { Plane(pictures: way[$0], shape: imageShape) }, shownSteps: kept,
      steps: steps, asked: asked,
      trials: reader.map { reader in
        Self.triedSteps.map { steps in
          FlowFacts.Trial(
            steps: steps,
            readings: readings(
              generator.pictures(extent.tried, of: wanted, seed: checkpoint.seed, steps: steps),
              asked: wanted, by: reader))
        }
      } ?? [])
  }
}
