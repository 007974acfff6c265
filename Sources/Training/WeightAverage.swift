/// A mean of the weights on their way, kept in place of the last ones.
public enum WeightAverage: String, Codable, CaseIterable, Sendable {
  /// An exponentially fading mean over all steps: each takes a thousandth of what was before away, early ones more.
  ///
  /// Reference: Polyak, Juditsky, Acceleration of Stochastic Approximation by Averaging (1992); the early steps as in
  /// TensorFlow's `ExponentialMovingAverage`.
  case ema
  /// The mean over the ends of the last quarter of the epochs.
  ///
  /// Reference: Izmailov et al., Averaging Weights Leads to Wider Optima and Better Generalization (2018).
  case swa

  private static let decay = 0.999
  /// The share of the epochs after which `swa` begins.
  private static let begin = 0.75

  /// How far the average goes towards the weights after a step; `nil` if it does not look at them.
  ///
  /// - Parameters:
  ///   - step: 0 for the first.
  ///   - stepsPerEpoch: steps of an epoch.
  ///   - epochs: epochs of the whole run.
  /// - Returns: the share, in 0...1.
  package func share(step: Int, stepsPerEpoch: Int, epochs: Int) -> Double? {
    switch self {
    case .ema: return 1 - min(Self.decay, Double(1 + step) / Double(10 + step))
    case .swa:
      // The last epoch counts in any case.
      let first = min(epochs - 1, Int((Self.begin * Double(epochs)).rounded(.up)))
      guard (step + 1).isMultiple(of: stepsPerEpoch), step / stepsPerEpoch >= first else {
        return nil
      }
      return 1 / Double(step / stepsPerEpoch - first + 1)
    }
  }

  /// True if the average has seen weights by the end of an epoch, 1 for the first.
  func hasBegun(epoch: Int, epochs: Int) -> Bool {
    share(step: epoch - 1, stepsPerEpoch: 1, epochs: epochs) != nil
  }
}
