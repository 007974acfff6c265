public import Engine

/// The gradient of the logit with respect to each pixel: how the score changes if the pixel does.
///
/// Reference: Simonyan, Vedaldi, Zisserman, Deep Inside Convolutional Networks (2013). Signed, where that paper
/// and Captum's `Saliency` take the absolute value.
public struct Gradient: AttributionMethod {
  /// The name on the command line and in figures.
  public static let name = "gradient"
  /// One line that says what it does.
  public static let summary = "which pixel, if changed, would change the score"

  /// The plain gradient.
  public init() {}

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    Attribution(
      scores: executor.inputGradients(images, of: .logit(targets)).pixels, targets: targets)
  }
}
