#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What became of a run, by the loss of its training images at the end beside that of guessing.
package enum TrainingOutcome: Sendable, Equatable {
  /// It learned.
  case learned
  /// It is no better than guessing.
  case learnedNothing(loss: Double)
  /// It is far worse than guessing, or no number: the steps were too large.
  case diverged(loss: Double)

  /// The outcome of a run; learned without any epoch.
  ///
  /// - Parameters:
  ///   - history: its epochs.
  ///   - guessing: the loss of guessing, in nats; see `guessing(_:)`.
  package init(_ history: [EpochRecord], guessing: Double) {
    guard let last = history.last else {
      self = .learned
      return
    }
    let loss = last.evaluatedTrainLoss ?? last.trainLoss
    if !loss.isFinite || loss > 1.5 * guessing {
      self = .diverged(loss: loss)
    } else if loss > 0.95 * guessing {
      self = .learnedNothing(loss: loss)
    } else {
      self = .learned
    }
  }

  /// The loss of whoever knows how frequent each class is, and nothing of an image: the entropy of the shares, in nats, from
  /// the number of images of each class.
  package static func guessing(_ counts: [Int]) -> Double {
    let total = Double(max(1, counts.reduce(0, +)))
    return counts.reduce(0.0) { $1 > 0 ? $0 - Double($1) / total * log(Double($1) / total) : $0 }
  }
}
