public import Engine
import Networks

/// Layer-wise relevance propagation: the logit is handed back through the layers, each giving to its inputs in
/// proportion to what they contributed.
///
/// Every layer keeps the sum of relevance up to what its bias and the stabiliser take; `convergenceDelta` is what the
/// pixels hold minus the logit. Batch normalisation is folded into the layer before it, or handed back by the epsilon
/// rule where there is none; rectifiers and the folded normalisation pass relevance on, maximum pooling gives it to the
/// winner, average pooling and sums of branches by the epsilon rule, concatenations to each part its own. Equals zennit with the composites of the same names (`Epsilon` for
/// every layer in the first), stabiliser 1e-6.
///
/// Reference: Bach et al., On Pixel-Wise Explanations for Non-Linear Classifier Decisions by Layer-Wise Relevance
/// Propagation (2015); Montavon et al., Layer-Wise Relevance Propagation: An Overview (2019).
public struct LRP: AttributionMethod {
  /// Which rule goes with which layer.
  public enum Composite: String, CaseIterable, Sendable {
    /// The epsilon rule everywhere: gradient times input, if no bias takes a share.
    case epsilon
    /// z+ in convolutions, epsilon in linear layers.
    case epsilonPlus = "epsilon-plus"
    /// Gamma (0.25) in convolutions, epsilon in linear layers, the box rule in the first of either.
    case epsilonGammaBox = "epsilon-gamma-box"
    /// Alpha 2, beta 1 in convolutions, epsilon in linear layers.
    case alpha2Beta1 = "alpha2-beta1"
  }

  /// The composite, unless another is asked for.
  public static let defaultComposite = Composite.epsilonPlus

  private let composite: Composite

  /// LRP with a composite.
  public init(_ composite: Composite = defaultComposite) { self.composite = composite }

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let trace = relevance(of: images, in: executor, for: targets)
    return Attribution(
      scores: trace.pixels, targets: targets,
      convergenceDelta: Completeness.residual(
        trace.pixels, of: trace.outputs, targets,
        from: [Float](repeating: 0, count: targets.count)))
  }

  /// The relevance at the output of some layers, in `gradients`, and at the pixels.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - executor: the network.
  ///   - targets: the class explained, one an image.
  ///   - layers: layers whose relevance is kept.
  /// - Returns: a trace whose gradients are relevance.
  package func relevance(
    of images: [Float], in executor: Executor, for targets: [Int], keeping layers: [String] = []
  ) -> Tracer.Trace {
    let network = executor.network
    let tracer =
      network.architecture.entries.contains {
        $0.layer.family == .normalization(isAffineAtPrediction: true)
      }
      ? Tracer(network.foldingBatchNorm, pool: executor.pool) : executor.tracer
    let score = Objective { image, logits in
      var relevance = [Float](repeating: 0, count: logits.count)
      relevance[targets[image]] = logits[targets[image]]
      return (logits[targets[image]], relevance)
    }
    var trace = tracer.trace(
      images, of: score, keeping: layers, by: RelevanceRule(composite, tracer))
    // Relevance belongs to a pixel as it is: the slope of the input's normalisation is no part of it.
    let shape = network.architecture.inputShape
    let plane = shape.height * shape.width
    for i in trace.pixels.indices {
      trace.pixels[i] *= network.normalization.standardDeviation[i % shape.count / plane]
    }
    return trace
  }
}
