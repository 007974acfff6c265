/// A mean over images with its 95 % interval.
public struct Estimate: Codable, Sendable {
  /// The mean.
  public let mean: Double
  /// Lower end of the interval, by the normal approximation; the mean itself for one image.
  public let low: Double
  /// Upper end.
  public let high: Double

  /// An estimate from one number an image.
  public init(_ values: [Double]) {
    let n = Double(max(1, values.count))
    let mean = values.reduce(0, +) / n
    let squares = values.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) }
    let half = values.count > 1 ? 1.96 * (squares / (n - 1) / n).squareRoot() : 0
    self.mean = mean
    low = mean - half
    high = mean + half
  }
}
