package import Datasets
package import Engine
package import Evaluation
import Files
import Foundation
package import Networks
package import Training

/// What trained networks are worth as a beginning: accuracy against the number of examples, from scratch, with all but
/// the head frozen, and with everything fine-tuned.
package struct TransferStudy: Sendable {
  /// How a network begins and what of it learns.
  package enum Way: String, Codable, Sendable, CaseIterable {
    /// From random weights.
    case scratch
    /// From the source, of which the head alone learns.
    case frozen
    /// From the source, all of which learns.
    case fineTuned = "fine-tuned"

    /// In words.
    package var words: String {
      switch self {
      case .scratch: "from scratch"
      case .frozen: "all but the head frozen"
      case .fineTuned: "fine-tuned"
      }
    }
  }

  /// A trained network that is begun with.
  package struct Source: Sendable {
    /// What it is called.
    package let name: String
    /// Which one it is.
    package let origin: RunConfiguration.Origin
    /// The network.
    package let checkpoint: Checkpoint

    /// A source.
    package init(name: String, origin: RunConfiguration.Origin, checkpoint: Checkpoint) {
      (self.name, self.origin, self.checkpoint) = (name, origin, checkpoint)
    }
  }

  /// One training of many.
  package struct Task: Sendable, Hashable {
    /// The source, by place.
    package let source: Int
    /// How it begins.
    package let way: Way
    /// Examples of each class; `nil` for all.
    package let examples: Int?
    /// Which draw of examples and seed, 0 for the first.
    package let draw: Int

    /// A training.
    package init(source: Int, way: Way, examples: Int?, draw: Int) {
      (self.source, self.way, self.examples, self.draw) = (source, way, examples, draw)
    }

  }

  /// What came of one training.
  package struct Outcome: Codable, Sendable {
    /// Accuracy on the test images; `nil` if it diverged.
    package let accuracy: Double?
  }

  /// The networks that are begun with.
  package let sources: [Source]
  /// Examples of each class that are tried, ascending; all images follow.
  package let counts: [Int]
  /// Those that were asked for, but of which some class has no more.
  package let leftOut: [Int]
  /// Draws of examples for each number of them, and seeds for all images.
  package let draws: (few: Int, all: Int)
  private let dataset: Dataset
  private let split: Split
  private let base: RunConfiguration
  /// Which images are learned from and tested on.
  private let images: String

  /// A study.
  ///
  /// - Parameters:
  ///   - sources: the networks that are begun with.
  ///   - dataset: what is learned.
  ///   - split: its images; those of validation are not looked at.
  ///   - base: what decides the runs besides beginning, examples and seed; its seed is the first draw's.
  ///   - counts: examples of each class that are tried.
  ///   - draws: how often, for few examples and for all.
  package init(
    _ sources: [Source], on dataset: Dataset, split: Split, base: RunConfiguration, counts: [Int],
    draws: (few: Int, all: Int)
  ) {
    self.sources = sources
    self.dataset = dataset
    self.split = split.withoutValidation
    self.base = base
    let least = split.train.counts(classes: dataset.classes.count).min() ?? 0
    self.counts = counts.filter { $0 < least }.sorted()
    leftOut = counts.filter { $0 >= least }.sorted()
    self.draws = draws
    images =
      SHA256(
        of: (split.train.identities + split.test.identities).flatMap { identity in
          (0..<8).map { UInt8(truncatingIfNeeded: identity >> (8 * $0)) }
        }
      ).hexadecimal
  }

  /// Every training, the shortest first.
  package var tasks: [Task] {
    (counts.map(Optional.some) + (draws.all > 0 ? [nil] : [])).flatMap { examples in
      (0..<(examples == nil ? draws.all : draws.few)).flatMap { draw in
        sources.indices.flatMap { source in
          Way.allCases.filter { $0 != .scratch || isFirst(source) }.map {
            Task(source: source, way: $0, examples: examples, draw: draw)
          }
        }
      }
    }
  }

  /// True if no source before has the same network but for its head: from scratch they are one.
  private func isFirst(_ source: Int) -> Bool {
    let own = specification(source)
    return !(0..<source).contains { specification($0) == own }
  }

  private func specification(_ source: Int) -> Specification? {
    sources[source].checkpoint.network.architecture.specification.ending(
      in: dataset.classes.count)
  }

  /// What a training is known by: all that decides it, the images too.
  ///
  /// - Throws: `RunRefusal` if the source does not go with the classes.
  package func key(of task: Task) throws -> String {
    SHA256(of: Array("\(try run(of: task).json)\n\(images)".utf8)).hexadecimal
  }

  private func run(of task: Task) throws -> RunConfiguration {
    let source = sources[task.source]
    var run = base
    run.model = try RunConfiguration.model(
      from: source.checkpoint, classes: dataset.classes.count)
    run.examples = task.examples
    run.seed = base.seed &+ UInt64(task.draw)
    if task.way != .scratch { run.from = source.origin }
    if task.way == .frozen { run.freeze = [Architecture.allButHead] }
    return run
  }

  /// A run as it would begin, for what it says of what does not fit.
  ///
  /// - Throws: `SpecificationError` or `RunRefusal` if the source does not go with the images.
  package func prepared(_ task: Task) throws -> PreparedRun {
    let run = try run(of: task)
    return try PreparedRun(
      run, on: PreparedImages(for: run, of: dataset, split: split),
      from: task.way == .scratch ? nil : sources[task.source].checkpoint)
  }

  /// Trains and tests one network.
  ///
  /// - Returns: what came of it; `nil` if it was told to stop.
  /// - Throws: as `prepared`.
  package func outcome(
    of task: Task, pool: WorkerPool, while shouldContinue: () -> Bool
  ) throws -> Outcome? {
    let trainer = try prepared(task).trainer(pool: pool)
    trainer.run(while: shouldContinue)
    if trainer.hasDiverged { return Outcome(accuracy: nil) }
    guard trainer.isFinished else { return nil }
    return Outcome(accuracy: accuracy(of: trainer.result, pool: pool))
  }

  /// How many of the training images a source was trained on itself; `nil` if it does not say what it was trained on.
  private func known(to source: Int) -> Int? {
    sources[source].checkpoint.trainedOn.map { trained in
      split.train.identities.count(where: trained.contains)
    }
  }

  /// What a source reads of the test images before it has learned from any of the others; `nil` if its classes are not
  /// theirs.
  package func untouched(_ source: Int, pool: WorkerPool) -> Double? {
    let checkpoint = sources[source].checkpoint
    let shape = checkpoint.network.architecture.inputShape
    guard checkpoint.classes == dataset.classes, shape.channels == split.test.channels,
      (shape.height, shape.width) == (split.test.height, split.test.width)
    else { return nil }
    return accuracy(of: checkpoint.network, pool: pool)
  }

  private func accuracy(of network: Network, pool: WorkerPool) -> Double {
    let predictions = Predictions(of: Executor(network, pool: pool), on: split.test)
    return Double((0..<predictions.count).count(where: predictions.isCorrect))
      / Double(max(1, predictions.count))
  }

  /// What came of it.
  ///
  /// - Parameters:
  ///   - outcomes: of each task.
  ///   - untouched: of each source; `nil` where there is none.
  /// - Returns: the results.
  package func results(
    _ outcomes: [Task: Outcome], untouched: [Double?]
  ) -> TransferResults {
    let series = sources.indices.flatMap { source in
      Way.allCases.compactMap { way -> TransferResults.Series? in
        let own = tasks.filter { $0.source == source && $0.way == way }
        let points = (counts.map(Optional.some) + [nil]).compactMap { examples in
          TransferResults.Point(
            examples: examples,
            own.filter { $0.examples == examples }.compactMap { outcomes[$0] })
        }
        guard !points.isEmpty else { return nil }
        return TransferResults.Series(
          source: way == .scratch ? nil : sources[source].name,
          model: sources[source].checkpoint.network.architecture.specification.description,
          way: way, points: points)
      }
    }
    return TransferResults(
      dataset: dataset.name, classes: dataset.classes.count, testCount: split.test.count,
      trainCount: split.train.count,
      sources: sources.indices.map { place in
        TransferResults.SourceFacts(
          name: sources[place].name, dataset: sources[place].checkpoint.dataset,
          sha256: sources[place].origin.sha256, known: known(to: place),
          untouched: untouched[place])
      }, series: series)
  }
}

/// Accuracy against the number of examples, for each beginning.
package struct TransferResults: Codable, Sendable {
  /// A trained network.
  package struct SourceFacts: Codable, Sendable {
    /// What it is called.
    package let name: String
    /// What it was trained on.
    package let dataset: String
    /// The hash of its file.
    package let sha256: String
    /// How many of the training images it was trained on itself; `nil` if it does not say what it was trained on.
    package let known: Int?
    /// Its accuracy on the test images as it is; `nil` if its classes are others.
    package let untouched: Double?
  }

  /// One number of examples.
  package struct Point: Codable, Sendable {
    /// Of each class; `nil` for all images.
    package let examples: Int?
    /// Trainings that diverged, which have no accuracy.
    package let diverged: Int
    /// Accuracy on the test images, of each draw that did not.
    package let accuracies: [Double]
    /// Their mean.
    package let mean: Double
    /// The 95 % interval of the mean, by Student's distribution over draws; `nil` for a single one.
    package let interval: Interval?

    /// `nil` if nothing came to an accuracy.
    init?(examples: Int?, _ outcomes: [TransferStudy.Outcome]) {
      let accuracies = outcomes.compactMap(\.accuracy)
      guard !accuracies.isEmpty else { return nil }
      self.examples = examples
      self.accuracies = accuracies
      diverged = outcomes.count - accuracies.count
      mean = accuracies.reduce(0, +) / Double(accuracies.count)
      interval = Interval.mean(of: accuracies)
    }
  }

  /// One beginning.
  package struct Series: Codable, Sendable {
    /// The source's name; `nil` from scratch.
    package let source: String?
    /// The network that was begun with, or whose layers were.
    package let model: String
    /// How it began.
    package let way: TransferStudy.Way
    /// By the number of examples, ascending, all images last.
    package let points: [Point]
  }

  /// What was learned.
  package let dataset: String
  /// Its classes.
  package let classes: Int
  /// Test images.
  package let testCount: Int
  /// Training images there are.
  package let trainCount: Int
  /// What was begun with.
  package let sources: [SourceFacts]
  /// One entry a beginning.
  package let series: [Series]
}
