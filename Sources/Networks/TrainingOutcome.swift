#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What became of a run, by the loss of its training images at the end beside that of guessing, which is the logarithm of
/// the number of classes.
public enum TrainingOutcome: Sendable, Equatable {
  /// It learned.
  case learned
  /// It is no better than guessing.
  case learnedNothing(loss: Double, guessing: Double)
  /// It is far worse than guessing, or no number: the steps were too large.
  case diverged(loss: Double, guessing: Double)

  /// The outcome of a run; learned without any epoch.
  ///
  /// - Parameters:
  ///   - history: its epochs.
  ///   - classes: how many classes there are.
  public init(_ history: [EpochRecord], classes: Int) {
    let guessing = log(Double(max(classes, 2)))
    guard let last = history.last else {
      self = .learned
      return
    }
    let loss = last.evaluatedTrainLoss ?? last.trainLoss
    if !loss.isFinite || loss > 1.5 * guessing {
      self = .diverged(loss: loss, guessing: guessing)
    } else if loss > 0.95 * guessing {
      self = .learnedNothing(loss: loss, guessing: guessing)
    } else {
      self = .learned
    }
  }
}
