/// Gradients that were worked out elsewhere, as by a further network that reads what this one gives.
public struct GradientObjective: TrainingObjective {
  private let losses: [Float]
  private let gradients: [Float]

  /// - Parameters:
  ///   - losses: one an image.
  ///   - gradients: those of each image's loss with respect to its outputs, image after image.
  public init(losses: [Float], gradients: [Float]) {
    precondition(
      gradients.count.isMultiple(of: max(1, losses.count)),
      "GradientObjective: \(gradients.count) gradients for \(losses.count) images")
    self.losses = losses
    self.gradients = gradients
  }

  /// One for each loss.
  public var examples: Int { losses.count }
  /// Whoever worked them out knows.
  public var hasAnswers: Bool { false }

  /// The loss that was given.
  public func evaluate(_ example: Int, _ rows: ExampleRows) -> (loss: Float, isCorrect: Bool) {
    precondition(
      gradients.count == examples * rows.count,
      "GradientObjective: \(gradients.count) gradients for \(examples) times \(rows.count) outputs")
    for k in 0..<rows.count {
      rows.setGradient(gradients[example * rows.count + k] * rows.share, k)
    }
    return (losses[example], false)
  }
}
