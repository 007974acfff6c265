extension Calibration {
  /// What a person finds who checks every answer of at most some confidence.
  package struct Step: Codable, Equatable, Sendable {
    /// The confidence.
    package var threshold: Double
    /// Answers of at most that confidence.
    package var checked: Int
    /// Errors among them.
    package var caught: Int

    /// What checking finds.
    package init(threshold: Double, checked: Int, caught: Int) {
      (self.threshold, self.checked, self.caught) = (threshold, checked, caught)
    }
  }

  /// Confidences at which it is asked: closer to one another towards 1, where most answers are.
  private static let thresholds =
    (1...17).map { Double($0) / 20 } + [
      0.88, 0.9, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999,
      0.9995, 0.9998, 0.9999, 0.99999, 1,
    ]

  /// What checking finds at rising confidences, each of which adds answers to the one before; `sure` is always among them.
  package static func steps(_ predictions: Predictions) -> [Step] {
    let answers = (0..<predictions.count).map { image in
      (confidence: Double(predictions.confidence(image)), isRight: predictions.isCorrect(image))
    }.filter(\.confidence.isFinite)
    return thresholds.reduce(into: [Step]()) { steps, threshold in
      let checked = answers.filter { $0.confidence <= threshold }
      guard threshold == sure || checked.count > steps.last?.checked ?? 0 else { return }
      steps.append(
        Step(
          threshold: threshold, checked: checked.count, caught: checked.count { !$0.isRight }))
    }
  }
}
