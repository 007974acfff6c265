public import Networks

/// The sums of an unfinished epoch.
public struct EpochProgress: Codable, Hashable, Sendable {
  /// Images trained on.
  public var images = 0
  /// Steps made.
  public var steps = 0
  /// Sum of losses.
  public var loss = 0.0
  /// Images that were right.
  public var correct = 0
  /// Sum of the steps' gradient norms.
  public var gradientNorm = 0.0
  /// Sum of losses and number of images since the last loss sample.
  public var recentLoss = 0.0
  /// Images since the last loss sample.
  public var recentImages = 0
  /// Loss samples so far.
  public var losses: [EpochRecord.LossSample] = []
  /// How the network answered in the epoch's middle, once it is past that.
  public var half: EpochRecord.HalfEpoch?

  /// An epoch's beginning.
  public init() {}
}
