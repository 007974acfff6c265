import KernelTable

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The negative evidence lower bound of a variational autoencoder, in nats an image.
///
/// A network's outputs are the means of L latents, the logarithms of their variances, and behind them a logit for each pixel.
/// The bound is the pixels' cross-entropy, each taken as the probability of ink, and the divergence of the latents from the
/// standard normal distribution, `-1/2 Σ (1 + log σ² - μ² - σ²)`. It bounds `-log p` for pixels of 0 and 1; others are targets
/// whose own entropy stays in it.
///
/// Reference: Kingma and Welling, Auto-Encoding Variational Bayes (2014); the numbers are those of PyTorch's `vae` example.
public struct EvidenceBoundObjective: TrainingObjective {
  private let targets: [Float]
  private let latents: Int
  /// How many images.
  public let examples: Int

  /// - Parameters:
  ///   - targets: the images' pixels in 0...1, image after image.
  ///   - images: how many images.
  ///   - latents: L.
  public init(_ targets: [Float], images: Int, latents: Int) {
    precondition(
      targets.count.isMultiple(of: max(1, images)),
      "EvidenceBoundObjective: \(targets.count) numbers for \(images) images")
    self.targets = targets
    self.latents = latents
    examples = images
  }

  /// Numbers are nearer or farther.
  public var hasAnswers: Bool { false }

  /// The two parts of the bound together.
  public func evaluate(_ example: Int, _ rows: ExampleRows) -> (loss: Float, isCorrect: Bool) {
    let pixels = targets.count / max(1, examples)
    precondition(
      rows.count == 2 * latents + pixels && rows.layout.positions == 1,
      "EvidenceBoundObjective: \(rows.count) outputs for \(latents) latents and \(pixels) pixels")
    let (outputs, gradients) = (rows.outputs[rows.first], rows.gradients[rows.first])
    let divergence = Self.divergence(
      outputs, latents: latents, scale: rows.share, gradient: gradients)
    let reconstruction = targets.withUnsafeBufferPointer { targets in
      targets.baseAddress.map {
        rows.kernels.binaryCrossEntropy(
          outputs + 2 * latents, $0 + example * pixels, pixels, rows.share,
          gradients + 2 * latents)
      } ?? 0
    }
    return (reconstruction + divergence, false)
  }

  private static func divergence(
    _ outputs: UnsafePointer<Float>, latents: Int, scale: Float,
    gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    var sum: Float = 0
    for latent in 0..<latents {
      let (mean, logVariance) = (outputs[latent], outputs[latents + latent])
      let variance = expf(logVariance)
      sum -= 0.5 * (1 + logVariance - mean * mean - variance)
      gradient[latent] = scale * mean
      gradient[latents + latent] = scale * 0.5 * (variance - 1)
    }
    return sum
  }

  /// The divergence of each latent of a code from the standard normal distribution, in nats.
  ///
  /// - Parameters:
  ///   - means: μ of each latent.
  ///   - logVariances: log σ² of each.
  /// - Returns: `-1/2 (1 + log σ² - μ² - σ²)` of each.
  public static func divergences(means: [Float], logVariances: [Float]) -> [Double] {
    zip(means, logVariances).map {
      let (mean, logVariance) = (Double($0), Double($1))
      return -0.5 * (1 + logVariance - mean * mean - exp(logVariance))
    }
  }

  /// The cross-entropy of pixels with logits, in nats.
  ///
  /// - Parameters:
  ///   - pixels: in 0...1.
  ///   - logits: one a pixel.
  /// - Returns: the sum over the pixels.
  public static func reconstruction(
    _ pixels: ArraySlice<Float>, _ logits: ArraySlice<Float>
  ) -> Double {
    zip(pixels, logits).reduce(0) {
      let (target, logit) = (Double($1.0), Double($1.1))
      return $0 + max(logit, 0) - logit * target + log1p(exp(-abs(logit)))
    }
  }
}
