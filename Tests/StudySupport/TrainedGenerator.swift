public import Datasets
import Engine
import Experiments
import Generators
public import Networks
public import Study
import Training

/// Small generators, trained for a moment on drawn digits and studied: reports with nothing made up.
public enum TrainedGenerator {
  /// Drawn digits.
  public static let dataset = DrawnDigits.dataset(count: 700, testCount: 120, seed: 3)
  /// How they are divided.
  public static let split = Split(dataset, validation: 0.1, seed: 1)
  private static let pool = WorkerPool(threads: 2)

  /// An autoencoder with two latents, whose pictures a classifier reads.
  public static let plane = results(subject(.vae, latents: 2), isRead: true)
  /// An autoencoder with six latents, without a classifier.
  public static let wide = results(subject(.vae, latents: 6), isRead: false)
  /// A flow, whose pictures a classifier reads.
  public static let flow = results(subject(.flow), isRead: true)
  /// An adversarial network before its training, whose pictures a classifier reads.
  public static let adversarial = results(
    GeneratorStudy.Subject(name: "gan", checkpoint: untrainedAdversarial, sha256: sha256),
    isRead: true)

  private static let sha256 = String(repeating: "0123456789abcdef", count: 4)

  /// The first network of the course after a moment of training.
  public static let classifier: Study.Subject = {
    let statistics = split.train.statistics()
    let trainer = Trainer(
      .untrained(
        architecture("flatten linear(32) relu linear(10)"),
        normalization: Normalization(
          mean: statistics.mean, standardDeviation: statistics.standardDeviation), seed: 1),
      train: split.train, validation: split.validation,
      configuration: TrainingConfiguration(epochs: 6), pool: pool)
    trainer.run()
    return Study.Subject(
      name: "mlp",
      checkpoint: Checkpoint(
        network: trainer.result, classes: dataset.classes, dataset: dataset.name, seed: 1),
      sha256: sha256)
  }()

  /// A generator of a kind that learned for a moment.
  public static func subject(_ kind: GeneratorKind, latents: Int? = nil) -> GeneratorStudy.Subject {
    var run = RunConfiguration()
    (run.generator, run.latents, run.dataset) = (kind, latents, dataset.name)
    (run.batchSize, run.epochs, run.learningRate, run.seed) = (32, 3, 0.003, 5)
    run.model =
      kind == .flow
      ? "conv(8,3) silu conv({channels},3) flatten"
      : "flatten linear(32) relu linear({2*latents}) concat( | sample linear(32) relu linear({pixels}))"
    guard
      let prepared = try? PreparedGenerator(
        run, on: PreparedImages(for: run, of: dataset, split: split))
    else { preconditionFailure("no \(kind)") }
    let trainer = GeneratorTrainer(prepared, pool: pool)
    trainer.train()
    return GeneratorStudy.Subject(
      name: kind.rawValue, checkpoint: trainer.checkpoint, sha256: sha256)
  }

  /// Studies a generator.
  public static func results(
    _ subject: GeneratorStudy.Subject, isRead: Bool, threads: Int = 2
  ) -> GeneratorResults {
    GeneratorStudy.run(
      subject, readBy: isRead ? classifier : nil, on: dataset, split: split,
      strangers: [("upside down", upsideDown)], extent: .quick, pool: WorkerPool(threads: threads))
  }

  /// The test images with their rows in the opposite order.
  private static var upsideDown: LabeledImages {
    let test = dataset.test
    let (width, size) = (test.width, test.imageSize)
    return LabeledImages(
      channels: test.channels, height: test.height, width: width,
      pixels: test.pixels.indices.map { at in
        let (image, within) = at.quotientAndRemainder(dividingBy: size)
        let (row, column) = within.quotientAndRemainder(dividingBy: width)
        return test.pixels[image * size + (test.height - 1 - row) * width + column]
      }, labels: test.labels)
  }

  /// A generator of eight latents as it is drawn at random.
  private static var untrainedAdversarial: GeneratorCheckpoint {
    let shape = ImageShape(channels: 8, height: 1, width: 1)
    let network = Network.untrained(
      architecture("flatten linear(32) relu linear(784) sigmoid", shape),
      normalization: .identity(channels: 8), seed: 4)
    func loss(_ name: String, _ value: Double) -> GeneratorEpoch.Loss {
      GeneratorEpoch.Loss(name: name, value: value)
    }
    return GeneratorCheckpoint(
      kind: .gan, network: network,
      imageShape: ImageShape(channels: 1, height: 28, width: 28), latents: 8,
      classes: dataset.classes, dataset: dataset.name, seed: 4,
      history: [1, 2].map {
        GeneratorEpoch(
          epoch: $0, learningRate: 0.0002,
          losses: [loss("critic", 1.2), loss("generator", 0.8 + 0.1 * Double($0))],
          validation: [], validationCount: 0, samples: [])
      }, course: [], run: nil, trainedOn: nil)
  }

  /// A network of a text for numbers.
  public static func architecture(
    _ text: String, _ shape: ImageShape = ImageShape(channels: 1, height: 28, width: 28)
  ) -> Architecture {
    guard
      let specification = try? Specification(text: text),
      let architecture = try? Architecture(specification, inputShape: shape, for: .numbers)
    else { preconditionFailure("\(text) is no network") }
    return architecture
  }
}
