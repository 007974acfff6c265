/// Which number a color map's end stands for, when float planes become pictures.
public enum ScalePolicy: Hashable, Sendable {
  /// Each plane by its own percentile of magnitude; compare shapes, not strengths.
  case perMap(percentile: Double)
  /// All planes by one percentile of the magnitude of all their values.
  case shared(percentile: Double)
  /// All planes by the largest magnitude of all their values.
  case maximum
  /// All planes by a given magnitude.
  case fixed(Double)

  /// Attribution: each map by the 99.5th percentile of its magnitude.
  public static let attribution = ScalePolicy.perMap(percentile: 99.5)
  /// Filters: one symmetric scale, the 98.5th percentile of the weights' magnitude.
  public static let filters = ScalePolicy.shared(percentile: 98.5)
  /// Activations: from 0 to the 99.8th percentile of a layer.
  public static let activations = ScalePolicy.shared(percentile: 99.8)

  /// The policy in words, for a caption.
  public var description: String {
    switch self {
    case .perMap(let percentile):
      "each map is scaled by its own \(ordinal(percentile)) percentile of magnitude"
    case .shared(let percentile):
      "all maps share one scale, the \(ordinal(percentile)) percentile of magnitude"
    case .maximum: "all maps share one scale, the largest magnitude"
    case .fixed(let bound): "all maps share one scale, ending at \(Format.significant(bound, 3))"
    }
  }

  private func ordinal(_ percentile: Double) -> String {
    let text = Format.fixed(percentile, percentile == percentile.rounded() ? 0 : 1)
    return text + "th"
  }
}

extension ScalePolicy: CustomStringConvertible {}
