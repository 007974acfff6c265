import Datasets
import Engine
import Networks
import Report
import Study
import Training

/// A report in small, about a few drawn digits, that is made before anything is computed for the real one: a template that
/// asks for what no report knows is found at once.
enum TemplateRehearsal {
  private static let extent = Study.Extent(
    attacked: 4, attackSteps: 2, epsilons: [0.1, 0.2], cases: (2, 1), searched: 20,
    judged: (2, 2, 2), mapped: 30, sliceSide: 5, idealChannels: 2, channelImages: 20)

  /// Makes every page of a small report and keeps none.
  ///
  /// - Throws: `TemplateError` for a tag without a value.
  static func run(_ templates: Templates, pool: WorkerPool) throws {
    let set = DrawnDigits.dataset(count: 60, seed: 1)
    let split = Split(set, scheme: .standard, validation: 0.2, seed: 1)
    let network = Network.untrained(
      try Architecture(
        Specification(text: "conv(2,3) relu maxpool(4) flatten linear(8) relu linear(10)"),
        inputShape: ImageShape(channels: 1, height: 28, width: 28)),
      normalization: Normalization(mean: [0.13], standardDeviation: [0.31]), seed: 1)
    let trainer = Trainer(
      network, train: split.train, validation: split.validation,
      configuration: TrainingConfiguration(epochs: 2), pool: pool)
    trainer.run()
    let subject = Study.Subject(
      name: "rehearsal",
      checkpoint: Checkpoint(
        network: trainer.result, classes: set.classes, dataset: set.name, seed: 1,
        history: trainer.history), sha256: "",
      epochs: [(1, network), (2, trainer.result)])
    let results = Study.run(
      subject, comparedWith: [subject], on: set, split: split, extent: extent, pool: pool)
    try Report(results, templates: templates).rehearse()
    try Workbook(results, templates: templates).rehearse()
  }
}
