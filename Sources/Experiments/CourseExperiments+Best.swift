import Networks

extension CourseExperiments {
  /// The run of the learning rates with the best score, the smaller rate among equals.
  package var best: Run? {
    learningRates.max { ($0.score, -$0.learningRate) < ($1.score, -$1.learningRate) }
  }

  /// The best run, and those that one run each cannot tell from it: within half a point.
  package var served: [Run] {
    guard let best else { return [] }
    return learningRates.filter { best.score - $0.score < 0.005 }
  }

  /// The run of the largest learning rate, and whether that does harm: its score is more than 5 points below the best. `nil` for
  /// fewer than two runs.
  package var largestRate: (run: Run, isTooLarge: Bool)? {
    guard let best, learningRates.count > 1,
      let largest = learningRates.max(by: { $0.learningRate < $1.learningRate })
    else { return nil }
    return (largest, best.score - largest.score > 0.05)
  }

  /// All runs without convolutions.
  package var simpleRuns: [Run] {
    learningRates + [withoutDropout, withDropout].compactMap { $0 }
  }

  /// The best of them, and whether it reads more than 98 % of the test images; `nil` for fewer than two.
  package var bestSimple: (run: Run, isAbove98: Bool)? {
    guard simpleRuns.count > 1, let best = simpleRuns.max(by: { $0.score < $1.score }) else {
      return nil
    }
    return (best, best.accuracy > 0.98)
  }

  /// Accuracies at the end of a run, and how far they are apart.
  package struct Ends: Equatable, Sendable {
    /// The last epoch.
    package let epoch: Int
    /// Of training images.
    package let train: Double
    /// Of validation images.
    package let validation: Double
    /// How far the first is above the second.
    package var gap: Double { train - validation }
  }

  /// What dropout did to the accuracies.
  package struct DropoutEffect: Equatable, Sendable {
    /// Without it.
    package let without: Ends
    /// With it.
    package let with: Ends
    /// True if training images were looked at with all units on.
    package let isEvaluated: Bool
    /// True if the gap shrank.
    package var isSmaller: Bool { with.gap < without.gap }
  }

  /// What dropout did; `nil` without both runs and validation images.
  package var dropout: DropoutEffect? {
    guard let plain = withoutDropout?.history.last, let thinned = withDropout?.history.last,
      let plainScore = plain.validationAccuracy, let thinnedScore = thinned.validationAccuracy
    else { return nil }
    return DropoutEffect(
      without: Ends(
        epoch: plain.epoch, train: plain.answeredTrainAccuracy, validation: plainScore),
      with: Ends(
        epoch: thinned.epoch, train: thinned.answeredTrainAccuracy, validation: thinnedScore),
      isEvaluated: plain.evaluatedTrainAccuracy != nil && thinned.evaluatedTrainAccuracy != nil)
  }
}

extension CourseExperiments.Run {
  /// Losses along the way at their times in epochs: every fifth, for about twenty an epoch tell the story.
  package var course: [(epoch: Double, loss: Double)] {
    let all = history.flatMap(\.losses)
    let steps = max(1, Double(all.last?.step ?? 1) / Double(max(1, history.count)))
    return stride(from: 0, to: all.count, by: 5).map {
      (Double(all[$0].step) / steps, all[$0].loss)
    }
  }
}
