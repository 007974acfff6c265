/// The mean and standard deviation that the network subtracts and divides by: part of the model, so that
/// attacks and attributions work in pixels.
public struct Normalization: Hashable, Sendable, Codable {
  /// One mean a channel, in pixel units [0, 1].
  public let mean: [Float]
  /// One standard deviation a channel, above zero.
  public let standardDeviation: [Float]

  /// A normalisation with one pair of values a channel.
  public init(mean: [Float], standardDeviation: [Float]) {
    self.mean = mean
    self.standardDeviation = standardDeviation
  }

  /// Mean 0 and standard deviation 1: pixels go in as they are.
  public static func identity(channels: Int) -> Self {
    Self(
      mean: Array(repeating: 0, count: channels),
      standardDeviation: Array(repeating: 1, count: channels))
  }

  /// This normalisation of what another, of as many channels, gives.
  package func after(_ other: Normalization) -> Normalization {
    precondition(
      other.mean.count == mean.count, "Normalization: \(other.mean.count) means after \(mean.count)"
    )
    return Normalization(
      mean: mean.indices.map { other.mean[$0] + mean[$0] * other.standardDeviation[$0] },
      standardDeviation: zip(other.standardDeviation, standardDeviation).map { $0 * $1 })
  }
}
