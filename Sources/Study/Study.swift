import Attacks
public import Datasets
public import Engine
package import Evaluation
public import Experiments
public import Networks
import Randomness
import Training

/// Runs what a report needs over a checkpoint.
public struct Study {
  /// A checkpoint with its name and the hash of its file.
  public struct Subject: Sendable {
    /// The file's name without folder and ending.
    package let name: String
    /// The checkpoint.
    package let checkpoint: Checkpoint
    /// SHA-256 of the file, hexadecimal.
    package let sha256: String
    /// The network after each epoch of its training, if that was kept, the first epoch first.
    package let epochs: [(epoch: Int, network: Network)]
    /// A network of the same kind that learned random labels; `nil` if there is none.
    package let randomLabels: Network?
    /// The network of the same run from another seed; `nil` if there is none.
    package let secondSeed: Network?
    /// The file, if Inkling did not write it.
    package var foreign: ForeignFile?

    /// A checkpoint with its name and hash.
    public init(
      name: String, checkpoint: Checkpoint, sha256: String,
      epochs: [(epoch: Int, network: Network)] = [], randomLabels: Network? = nil,
      secondSeed: Network? = nil
    ) {
      self.name = name
      self.checkpoint = checkpoint
      self.sha256 = sha256
      self.epochs = epochs
      self.randomLabels = randomLabels
      self.secondSeed = secondSeed
    }
  }

  /// Images that belong to no class of a network, with what they are called.
  public typealias Strangers = (name: String, images: LabeledImages)

  package let subject: Subject
  /// The data set.
  package let dataset: Dataset
  let split: Split
  let extent: Extent
  let pool: WorkerPool
  let executor: Executor
  package let predictions: Predictions
  /// The network as it was before training.
  let untrainedNetwork: Network

  /// The data set's name.
  package var datasetName: String { dataset.name }
  var checkpoint: Checkpoint { subject.checkpoint }
  var network: Network { subject.checkpoint.network }
  var architecture: Architecture { network.architecture }
  var test: LabeledImages { split.test }

  /// A study of a checkpoint, which predicts the test images and waits to be asked for facts.
  ///
  /// - Parameters:
  ///   - subject: the checkpoint.
  ///   - dataset: the data set; its images have the network's shape and classes.
  ///   - split: which of its images are for learning, validation and test.
  ///   - extent: how much is computed.
  ///   - pool: the threads.
  package init(
    _ subject: Subject, on dataset: Dataset, split: Split, extent: Extent = .full, pool: WorkerPool
  ) {
    self.subject = subject
    self.dataset = dataset
    self.split = split
    self.extent = extent
    self.pool = pool
    executor = Executor(subject.checkpoint.network, pool: pool)
    predictions = Predictions(of: executor, on: split.test)
    let network = subject.checkpoint.network
    untrainedNetwork = .untrained(
      network.architecture, on: split.train, normalization: network.normalization,
      seed: subject.checkpoint.seed)
  }

  /// Studies a checkpoint on its data set: every fact of a report.
  ///
  /// - Parameters:
  ///   - subject: the checkpoint.
  ///   - others: further checkpoints, compared on the same test images.
  ///   - dataset: the data set; its images have the network's shape and classes.
  ///   - split: which of its images are for learning, validation and test.
  ///   - strangers: images that belong to none of its classes.
  ///   - experiments: what was tried on the same data.
  ///   - sweep: what a sweep on the same data found.
  ///   - labelNoise: labels that are likely to be wrong.
  ///   - tellsChange: whether the report begins with what changed from the one other checkpoint to this one.
  ///   - extent: how much is computed.
  ///   - pool: the threads.
  ///   - progress: told what is being computed.
  /// - Returns: everything that a report shows.
  public static func run(
    _ subject: Subject, comparedWith others: [Subject] = [], on dataset: Dataset, split: Split,
    strangers: [Strangers] = [], experiments: CourseExperiments? = nil,
    sweep: SweepFindings? = nil, labelNoise: LabelNoiseFacts? = nil, tellsChange: Bool = false,
    extent: Extent = .full, pool: WorkerPool,
    progress: (String) -> Void = { _ in }
  ) -> StudyResults {
    progress("predicting the test images")
    let study = Study(subject, on: dataset, split: split, extent: extent, pool: pool)
    let example = study.clearExample
    progress("summarising the data")
    let data = study.dataFacts(example)
    progress("measuring the answers")
    let quality = study.qualityFacts()
    progress("looking at filters and activations")
    let features = study.featureFacts(example)
    let timeLapse = study.timeLapse(example)
    progress("explaining answers")
    let explanations = study.explanationFacts()
    let recurrence = study.recurrenceFacts()
    let attention = study.attentionFacts()
    progress("looking where it is unsure")
    let doubt = study.doubtFacts(strangers)
    progress("attacking")
    let attacked = study.attacked(by: PGD.name)
    let robustness = study.robustnessFacts(attacked)
    progress("looking at single images")
    let cases = study.caseFacts()
    progress("packing the network for the page")
    var (live, absence): (LiveFacts?, LiveFacts.Absence?) = (nil, nil)
    do throws(LiveFacts.Absence) {
      live = try study.liveFacts(fragile: robustness.mostFragile.map(\.before))
    } catch {
      absence = error
    }
    let hasHistory = !subject.checkpoint.history.isEmpty
    if hasHistory { progress("training a small network for the page") }
    let practice =
      hasHistory
      ? PracticeFacts(
        split, classes: subject.checkpoint.classes.count, seed: subject.checkpoint.seed, pool: pool)
      : nil
    if !others.isEmpty { progress("comparing") }
    let aimed = others.isEmpty ? [] : study.aimed()
    let compared = others.map { other in
      study.comparison(
        with: Study(other, on: dataset, split: split, extent: extent, pool: pool),
        attacked: attacked, explained: explanations, aimed: aimed)
    }
    return StudyResults(
      model: study.modelFacts(), data: data, untrained: study.untrainedComparison(example),
      history: subject.checkpoint.history, quality: quality, mistakes: study.mistakes(),
      features: features, explanations: explanations, doubt: doubt, robustness: robustness,
      live: live, liveAbsence: absence,
      comparisons: compared.map(\.facts), timeLapse: timeLapse, cases: cases,
      experiments: experiments, sweep: sweep,
      labelNoise: labelNoise,
      ensemble: study.ensembleFacts(), augmentation: study.augmentationFacts,
      worked: study.workedNumber(example), ledger: study.ledgerFacts(), recurrence: recurrence,
      attention: attention, practice: practice,
      descent: hasHistory ? study.descentFacts() : nil,
      blame: hasHistory ? study.blameFacts() : nil,
      change: tellsChange ? compared.first?.change : nil,
      repair: live == nil ? nil : study.repairFacts())
  }

  // MARK: Examples

  /// The first test image that is read correctly without doubt.
  package var clearExample: ExampleFacts {
    let images = 0..<predictions.count
    let sure = images.first { predictions.isCorrect($0) && predictions.confidence($0) > 0.99 }
    return example(sure ?? images.first(where: predictions.isCorrect) ?? 0)
  }

  func example(_ index: Int) -> ExampleFacts {
    let classes = predictions.classes
    return ExampleFacts(
      index: index, label: predictions.labels[index], predicted: predictions.predicted[index],
      probabilities: Array(predictions.probabilities[index * classes..<(index + 1) * classes]),
      pixels: plane(test.floats([index])))
  }

  func plane(_ pixels: [Float]) -> Plane {
    Plane(shape: architecture.inputShape.dimensions, values: pixels)
  }

  /// What the run's augmentation does to its training images; `nil` for a run without.
  private var augmentationFacts: AugmentationFacts? {
    guard let augmentation = (try? checkpoint.configuration())?.augmentation else { return nil }
    return AugmentationFacts(
      augmentation, of: split.train, seed: checkpoint.seed, readBy: executor)
  }

  /// Test images drawn at random, in their order: the first ones are no sample of all, for many sets are ordered.
  ///
  /// - Parameters:
  ///   - count: how many; all if there are fewer.
  ///   - purpose: what they are for; each purpose draws its own.
  /// - Returns: their places.
  func sample(_ count: Int, for purpose: String) -> [Int] {
    sample(count, of: test.count, for: "test images for \(purpose)")
  }

  /// The same of any images.
  func sample(_ count: Int, of all: Int, for purpose: String) -> [Int] {
    SplitMix64.sample(count, of: all, seed: checkpoint.seed, purpose: purpose)
  }

  /// Test images by confidence of the prediction, the surest first, the lower index among equals.
  func byConfidence(_ isWanted: (Int) -> Bool) -> [Int] {
    (0..<predictions.count).filter(isWanted).sorted {
      (predictions.confidence($1), $0) < (predictions.confidence($0), $1)
    }
  }

  /// The surest mistakes, at most 100.
  package func mistakes() -> [ExampleFacts] {
    byConfidence { !predictions.isCorrect($0) }.prefix(100).map(example)
  }

  // MARK: Model and data

  /// What is studied.
  package func modelFacts() -> ModelFacts { subject.modelFacts }

  /// What the network learned from.
  package func dataFacts(_ example: ExampleFacts) -> DataFacts {
    var facts = DataFacts(dataset, split: split, seed: checkpoint.seed, example: example)
    facts.origin = DataFacts.Origin(of: split.train, to: checkpoint.trainedOn)
    return facts
  }

  private func untrainedComparison(_ example: ExampleFacts) -> UntrainedComparison {
    let executor = Executor(untrainedNetwork, pool: pool)
    let some = test.selecting(sample(1000, for: "untrained"))
    let random = Predictions(of: executor, on: some)
    let right = (0..<random.count).count(where: random.isCorrect)
    return UntrainedComparison(
      untrained: CrossEntropy.probabilities(executor.logits(example.pixels.values)),
      trained: example.probabilities, accuracy: Double(right) / Double(max(1, some.count)),
      count: some.count)
  }
}
