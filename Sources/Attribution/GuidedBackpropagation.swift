public import Engine
import Networks

/// The gradient with another rule in the rectifiers: sharp pictures of the strokes that excite the network.
///
/// Such maps look good whatever the network learned: Adebayo et al. (2018) found them nearly unchanged when weights are
/// replaced by random ones, and Nie, Zhang, Patel (2018) showed why. Equals Captum's `GuidedBackprop` and
/// `Deconvolution`.
///
/// Reference: Springenberg, Dosovitskiy, Brox, Riedmiller, Striving for Simplicity (2014); deconvnet: Zeiler, Fergus,
/// Visualizing and Understanding Convolutional Networks (2013).
public struct GuidedBackpropagation: AttributionMethod {
  /// What a rectifier lets through on the way back.
  public enum Rule: Sendable {
    /// Positive gradients where the input was positive.
    case guided
    /// Positive gradients, whatever the input was.
    case deconvnet
  }

  private let rule: Rule

  /// Backpropagation with a rule.
  public init(_ rule: Rule = .guided) { self.rule = rule }

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let scores =
      switch rule {
      case .guided:
        executor.inputGradients(images, of: .logit(targets), rectifiers: .positive).pixels
      case .deconvnet:
        executor.tracer.trace(images, of: .logit(targets), by: DeconvolutionRule()).pixels
      }
    return Attribution(scores: scores, targets: targets)
  }
}

private struct DeconvolutionRule: BackwardRule {
  func inputGradient(of pass: LayerPass) -> [Float]? { nil }

  func rewritesInputGradient(of pass: LayerPass) -> Bool {
    guard pass.layer.layer.family.isRectifier else { return false }
    pass.rewrite { gradient, result in
      for i in gradient.indices { result[i] = gradient[i] > 0 ? gradient[i] : 0 }
    }
    return true
  }
}
