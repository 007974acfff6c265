public import Engine

/// The gradient of the logit with respect to each pixel: how the score changes if the pixel does.
///
/// Signed, where the paper and Captum's `Saliency` by default take the absolute value (`abs=False` is
/// ours).
///
/// Reference: Simonyan, Vedaldi, Zisserman, Deep Inside Convolutional Networks (2013).
public struct Gradient: AttributionMethod {
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

/// The gradient times the pixel: the first-order share of each pixel in the score, counted from black.
///
/// On a linear network the scores and the bias add up to the logit. Equals Captum's `InputXGradient`.
///
/// Reference: Shrikumar, Greenside, Shcherbina, Kundaje, Not Just a Black Box (2016).
public struct InputXGradient: AttributionMethod {
  /// Gradient times pixel.
  public init() {}

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let gradient = executor.inputGradients(images, of: .logit(targets)).pixels
    return Attribution(scores: zip(gradient, images).map { $0 * $1 }, targets: targets)
  }
}
