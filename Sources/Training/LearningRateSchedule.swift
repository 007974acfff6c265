#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How the learning rate moves during training.
public enum LearningRateSchedule: String, Codable, Sendable, CaseIterable {
  /// The same all along.
  case constant
  /// A tenth after half of the steps, a hundredth after three quarters.
  case step
  /// Down to zero along half a cosine.
  case cosine
  /// Up from 1/25 for 30 % of the steps, then down to almost nothing, both along half a cosine.
  /// Reference: Smith, Topin, Super-Convergence (2018), with PyTorch's constants.
  case oneCycle = "one-cycle"
  /// In straight lines: up from a fifth for 23 % of the steps, then down to a fourteenth.
  /// Reference: Jordan, 94 % on CIFAR-10 in 3.29 Seconds on a Single GPU (2024).
  case linear

  /// The learning rate of a step.
  ///
  /// - Parameters:
  ///   - step: 0 for the first.
  ///   - steps: how many there will be.
  ///   - peak: the learning rate that the user gave.
  /// - Returns: the learning rate, above or equal to zero.
  public func rate(step: Int, of steps: Int, peak: Double) -> Double {
    let progress = Double(step) / Double(max(1, steps))
    switch self {
    case .constant: return peak
    case .step: return progress < 0.5 ? peak : progress < 0.75 ? peak * 0.1 : peak * 0.01
    case .cosine: return peak * 0.5 * (1 + cos(.pi * progress))
    case .oneCycle:
      let start = peak / 25
      let rise = max(1, 0.3 * Double(steps) - 1)
      let fall = max(1, Double(steps) - 1 - rise)
      if Double(step) <= rise { return Self.anneal(start, peak, Double(step) / rise) }
      return Self.anneal(peak, start / 10_000, (Double(step) - rise) / fall)
    case .linear:
      let top = 0.23
      let share =
        progress < top ? 0.2 + 0.8 * progress / top : 1 - 0.93 * (progress - top) / (1 - top)
      return peak * share
    }
  }

  private static func anneal(_ from: Double, _ to: Double, _ share: Double) -> Double {
    to + (from - to) * 0.5 * (1 + cos(.pi * min(1, share)))
  }
}
