#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How spread out a map is, whatever it says.
public enum Complexity {
  /// Gini coefficient of the magnitudes: 0 if all are equal, towards 1 if one place has everything; 0 for zeros.
  ///
  /// Reference: Chalasani et al., Concise Explanations of Neural Networks using Adversarial Training (2020).
  public static func gini(_ map: [Float]) -> Double {
    let sorted = map.map { Double(abs($0)) }.sorted()
    let sum = sorted.reduce(0, +)
    guard sum > 0 else { return 0 }
    let n = Double(sorted.count)
    let weighted = sorted.enumerated().reduce(0.0) { $0 + Double($1.offset + 1) * $1.element }
    return 2 * weighted / (n * sum) - (n + 1) / n
  }

  /// Entropy, in nats, of the magnitudes as shares of their sum: 0...ln(places); 0 for zeros.
  ///
  /// Reference: Bhatt, Weller, Moura, Evaluating and Aggregating Feature-based Model Explanations (2020).
  public static func entropy(_ map: [Float]) -> Double {
    let sum = map.reduce(0.0) { $0 + Double(abs($1)) }
    guard sum > 0 else { return 0 }
    return map.reduce(0.0) { total, value in
      let share = Double(abs(value)) / sum
      return share > 0 ? total - share * log(share) : total
    }
  }
}
