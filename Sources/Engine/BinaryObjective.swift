#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The cross-entropy of logits with targets in 0...1, each a yes or no of its own: the mean over an image's outputs of
/// `max(z, 0) - z t + log(1 + exp(-|z|))`, as PyTorch's `binary_cross_entropy_with_logits` has it.
public struct BinaryObjective: TrainingObjective {
  private let targets: [Float]
  /// How many images.
  public let examples: Int

  /// - Parameters:
  ///   - targets: as many numbers an image as the network has outputs, image after image, in 0...1.
  ///   - images: how many images.
  public init(_ targets: [Float], images: Int) {
    precondition(
      targets.count.isMultiple(of: max(1, images)),
      "BinaryObjective: \(targets.count) targets for \(images) images")
    self.targets = targets
    examples = images
  }

  /// The mean cross-entropy; right if every logit is on its target's side of 0.
  public func evaluate(_ example: Int, _ rows: ExampleRows) -> (loss: Float, isCorrect: Bool) {
    precondition(
      targets.count == examples * rows.count,
      "BinaryObjective: \(targets.count) targets for \(examples) times \(rows.count) outputs")
    var (loss, isCorrect): (Float, Bool) = (0, true)
    for k in 0..<rows.count {
      let (logit, target) = (rows.output(k), targets[example * rows.count + k])
      let found = Self.value(logit, target)
      loss += found.loss
      rows.setGradient(found.slope * rows.share / Float(rows.count), k)
      isCorrect = isCorrect && (logit > 0) == (target > 0.5)
    }
    return (loss / Float(rows.count), isCorrect)
  }

  /// The cross-entropy of a logit with a target, and its slope `σ(z) - t`; neither overflows, however sure the logit is.
  ///
  /// - Parameters:
  ///   - logit: z.
  ///   - target: t, in 0...1.
  /// - Returns: nats, and nats for each unit of the logit.
  package static func value(_ logit: Float, _ target: Float) -> (loss: Float, slope: Float) {
    let power = expf(-abs(logit))
    let share = (logit > 0 ? 1 : power) / (1 + power)
    return (max(logit, 0) - logit * target + log1pf(power), share - target)
  }
}
