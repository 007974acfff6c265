#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The loss of TRADES for a clean image and a changed one: `-log p(label) + β Σ p_k log(p_k / q_k)`, where p are the
/// probabilities of the clean image and q those of the changed one.
///
/// Reference: Zhang et al., Theoretically Principled Trade-off between Robustness and Accuracy (2019).
struct TradeOff {
  let beta: Float
  let count: Int

  /// Writes the gradients with respect to both images' logits, times `scale`, and returns the loss.
  func gradient(
    clean: UnsafePointer<Float>, changed: UnsafePointer<Float>, label: Int, scale: Float,
    to cleanGradient: UnsafeMutablePointer<Float>, _ changedGradient: UnsafeMutablePointer<Float>
  ) -> Float {
    let (offset, changedOffset) = (logSum(clean), logSum(changed))
    func ratio(_ k: Int) -> Float { clean[k] - offset - (changed[k] - changedOffset) }
    var divergence: Float = 0
    for k in 0..<count { divergence += expf(clean[k] - offset) * ratio(k) }
    for k in 0..<count {
      let (p, q) = (expf(clean[k] - offset), expf(changed[k] - changedOffset))
      cleanGradient[k] =
        scale * (p - (k == label ? 1 : 0) + beta * p * (ratio(k) - divergence))
      changedGradient[k] = scale * beta * (q - p)
    }
    return offset - clean[label] + beta * divergence
  }

  /// `log Σ exp(z_k)` without overflow.
  private func logSum(_ logits: UnsafePointer<Float>) -> Float {
    var largest = logits[0]
    for k in 1..<count where logits[k] > largest { largest = logits[k] }
    var sum: Float = 0
    for k in 0..<count { sum += expf(logits[k] - largest) }
    return logf(sum) + largest
  }
}
