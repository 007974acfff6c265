import Networks
package import Training

/// What came of a trial up to some epoch. It holds no time and no place: whoever ran it, the file is the same.
package struct TrialResult: Codable, Hashable, Sendable {
  /// The trial's.
  package let id: String
  /// What decided the run.
  package let configuration: RunConfiguration
  /// How it went.
  package let outcome: Outcome
  /// Why there is nothing more to expect of it; `nil` for a trial that was trained.
  package let reason: String?
  /// One entry an epoch.
  package let curve: [Point]

  /// How a trial went.
  package enum Outcome: String, Codable, Sendable {
    /// It was trained as long as was asked for, or until early stopping ended it.
    case trained
    /// Its loss is no longer a number.
    case diverged
    /// The network, or something else in the run, cannot be.
    case refused
  }

  /// An epoch, as the network predicts at its end.
  package struct Point: Codable, Hashable, Sendable {
    /// Over a sample of the training images.
    package let trainLoss: Double?
    /// Share of these that is right.
    package let trainAccuracy: Double?
    /// Over the validation images.
    package let validationLoss: Double?
    /// Share of these that is right.
    package let validationAccuracy: Double?
    /// How many these are.
    package let validationCount: Int

    enum CodingKeys: String, CodingKey {
      case trainLoss = "train_loss"
      case trainAccuracy = "train_accuracy"
      case validationLoss = "validation_loss"
      case validationAccuracy = "validation_accuracy"
      case validationCount = "validation_count"
    }
  }

  /// A result.
  init(_ trial: Trial, _ outcome: Outcome, reason: String? = nil, history: [EpochRecord] = []) {
    id = trial.id
    configuration = trial.run
    self.outcome = outcome
    self.reason = reason
    curve = history.map { record in
      Point(
        trainLoss: record.evaluatedTrainLoss, trainAccuracy: record.evaluatedTrainAccuracy,
        validationLoss: record.validationLoss, validationAccuracy: record.validationAccuracy,
        validationCount: record.validationCount ?? 0)
    }
  }

  /// The epoch by which trials are compared: the last, or with early stopping the one that is kept; `nil` for a trial
  /// that came to nothing.
  package var kept: Point? {
    guard outcome == .trained else { return nil }
    return configuration.earlyStopping == nil
      ? curve.last
      : curve.min { ($0.validationLoss ?? .infinity) < ($1.validationLoss ?? .infinity) }
  }

  /// By which trials are compared; `nil` for a trial that came to nothing.
  package var score: Score? {
    kept.flatMap { point in
      point.validationAccuracy.flatMap { accuracy in
        point.validationLoss.map { Score(accuracy: accuracy, loss: $0) }
      }
    }
  }

  /// How well validation images are read.
  package struct Score: Hashable, Sendable, Comparable {
    /// Share that is right.
    package let accuracy: Double
    /// Mean cross-entropy.
    package let loss: Double

    /// More right is better; of as many right, the lower loss.
    package static func < (a: Self, b: Self) -> Bool {
      a.accuracy == b.accuracy ? a.loss > b.loss : a.accuracy < b.accuracy
    }

    /// The mean of some.
    init?(meanOf scores: [Score]) {
      guard !scores.isEmpty else { return nil }
      accuracy = scores.reduce(0) { $0 + $1.accuracy } / Double(scores.count)
      loss = scores.reduce(0) { $0 + $1.loss } / Double(scores.count)
    }

    init(accuracy: Double, loss: Double) {
      self.accuracy = accuracy
      self.loss = loss
    }
  }
}
