#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Softmax and cross-entropy of one image's logits.
public enum CrossEntropy {
  /// The answer to some logits: the place of the largest, the first among equals.
  public static func answer(_ logits: some RandomAccessCollection<Float>) -> Int {
    var (best, place) = (logits.first ?? 0, 0)
    for (index, logit) in logits.enumerated() where logit > best { (best, place) = (logit, index) }
    return place
  }

  /// The probabilities of the logits: `exp(z_k) / Σ exp(z_j)`, computed without overflow.
  public static func probabilities(_ logits: [Float]) -> [Float] {
    let largest = logits.max() ?? 0
    let powers = logits.map { expf($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// `-log p(label)`.
  public static func loss(_ logits: [Float], label: Int) -> Float {
    let largest = logits.max() ?? 0
    let sum = logits.reduce(0) { $0 + expf($1 - largest) }
    return logf(sum) - (logits[label] - largest)
  }

  /// Below this, the loss of a sure answer is lost in rounding.
  private static let surest: Float = -30
  /// Gradients are never scaled down further than this: their direction is what is asked of them.
  private static let faintest: Float = 1e-12

  /// The cross-entropy and its gradient with respect to the logits, as what climbs it needs them: neither stands still
  /// where the network is so sure that `1 - p(label)` is lost in rounding.
  ///
  /// With m, the logarithm of the sum of the other classes' powers minus the label's logit, the loss is
  /// `log(1 + exp(m))`, and `p(label) - 1` is minus the sum of the other probabilities. Below m = -30 the value goes on as
  /// m does, and the gradient keeps a length that can be followed.
  ///
  /// - Parameters:
  ///   - logits: one number a class, at least two.
  ///   - label: the class.
  /// - Returns: the loss, continued below what can be told from 0, and its gradient.
  package static func rising(
    _ logits: [Float], label: Int
  ) -> (value: Float, gradient: [Float]) {
    var largest = -Float.infinity
    for k in logits.indices where k != label { largest = max(largest, logits[k]) }
    var gradient = logits.map { expf($0 - largest) }
    gradient[label] = 0
    let sum = gradient.reduce(0, +)
    let margin = logf(sum) + largest - logits[label]
    let share = max(
      margin > 0 ? 1 / (1 + expf(-margin)) : expf(margin) / (1 + expf(margin)), faintest)
    for k in gradient.indices { gradient[k] *= share / sum }
    gradient[label] = -share
    let value =
      margin > 0
      ? margin + log1pf(expf(-margin))
      : margin > surest ? log1pf(expf(margin)) : log1pf(expf(surest)) + (margin - surest)
    return (value, gradient)
  }

  /// The Kullback-Leibler divergence `Σ p_k log(p_k / q_k)` from given probabilities to those of logits, and its
  /// gradient `q - p` with respect to the logits.
  ///
  /// - Parameters:
  ///   - probabilities: p, which sum to 1.
  ///   - logits: those of q.
  /// - Returns: the divergence, at least 0 up to rounding, and its gradient.
  package static func divergence(
    from probabilities: [Float], to logits: [Float]
  ) -> (value: Float, gradient: [Float]) {
    let largest = logits.max() ?? 0
    let spread = logf(logits.reduce(0) { $0 + expf($1 - largest) }) + largest
    let value = zip(probabilities, logits).reduce(Float(0)) { sum, pair in
      let (p, logit) = pair
      return p > 0 ? sum + p * (logf(p) - (logit - spread)) : sum
    }
    let gradient = zip(probabilities, logits).map { expf($1 - spread) - $0 }
    return (value, gradient)
  }

  /// Writes `(p - t) * scale` and returns the loss. For a smoothing ε every class has the target ε / K, and 1 - ε is divided
  /// between the label and, with its share, another class.
  static func gradient(
    _ logits: UnsafePointer<Float>, count: Int, label: Int, other: Int, share: Float,
    smoothing: Float, scale: Float, to gradient: UnsafeMutablePointer<Float>
  ) -> Float {
    var largest = logits[0]
    for k in 1..<count where logits[k] > largest { largest = logits[k] }
    let spread = smoothing / Float(count)
    var (sum, mean): (Float, Float) = (0, 0)
    for k in 0..<count {
      gradient[k] = expf(logits[k] - largest)
      sum += gradient[k]
      mean += spread * (logits[k] - largest)
    }
    for k in 0..<count {
      var target = spread
      if k == label { target += (1 - smoothing) * (1 - share) }
      if k == other { target += (1 - smoothing) * share }
      gradient[k] = (gradient[k] / sum - target) * scale
    }
    let answer = (1 - share) * (logits[label] - largest) + share * (logits[other] - largest)
    return logf(sum) - ((1 - smoothing) * answer + mean)
  }
}
