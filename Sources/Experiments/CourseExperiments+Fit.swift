package import Evaluation
import Networks

extension CourseExperiments {
  /// An experiment as it stands beside the others.
  package struct Trial: Sendable {
    /// What sets it apart.
    package let name: String
    /// The run.
    package let run: Run
    /// The images right of those that it was scored on.
    package let right: Int
    /// Those images.
    package let count: Int

    /// The share of right ones.
    package var score: Double { Double(right) / Double(max(1, count)) }
    /// Its 95 % Wilson interval.
    package var interval: Interval { .wilson(right, of: count) }
    /// The share of training images that are right in the end; `nil` for a run that diverged at once.
    package var train: Double? { run.history.last?.answeredTrainAccuracy }
  }

  /// How well a run fits.
  package enum Fit: Equatable, Sendable {
    /// It reads training images better than others by more than the choice of images explains, and by more than a point.
    case over
    /// It reads not even training images as well as the best run reads others.
    case under
    /// Neither.
    case good
  }

  /// Every experiment; the ones that were scored on so many images.
  ///
  /// - Parameter count: The validation images, or the test images if there are none.
  /// - Returns: The trials, in the order of the chapter.
  package func trials(scoredOn count: Int) -> [Trial] {
    func trial(_ name: String, _ run: Run) -> Trial {
      Trial(
        name: name, run: run, right: Int((run.score * Double(count)).rounded()), count: count)
    }
    let simple = learningRates.map { trial("rate \($0.learningRate)", $0) }
    let others = [
      ("no activation functions", withoutActivations), ("wide, without dropout", withoutDropout),
      ("wide, with dropout", withDropout),
    ].compactMap { name, run in run.map { trial(name, $0) } }
    return simple + (variants ?? []).map { trial($0.name, $0.run) } + others
  }
}

extension [CourseExperiments.Trial] {
  /// The trial with the most right answers, the first among equals; `nil` without any.
  package var best: CourseExperiments.Trial? {
    self.max { ($0.right, $1.name) < ($1.right, $0.name) }
  }

  /// The trials that chance alone may have put behind the best: Fisher's exact test, with Holm's correction for their number.
  package var likeBest: [CourseExperiments.Trial] {
    guard let best else { return [] }
    let isBehind = FisherExact.significant(
      map { FisherExact.pValue(best.right, of: best.count, $0.right, of: $0.count) })
    return zip(self, isBehind).filter { !$0.1 }.map(\.0)
  }

  /// How well a trial fits, beside the best.
  package func fit(_ trial: CourseExperiments.Trial) -> CourseExperiments.Fit {
    guard let best, let train = trial.train else { return .under }
    if train < best.interval.low { return .under }
    return train > trial.interval.high && train - trial.score > 0.01 ? .over : .good
  }
}
