package import Networks

/// The sums of an unfinished epoch.
package struct EpochProgress: Codable, Hashable, Sendable {
  /// Images trained on.
  package var images = 0
  /// Steps made.
  package var steps = 0
  /// Sum of losses.
  package var loss = 0.0
  /// Images that were right.
  package var correct = 0
  /// Sum of the steps' gradient norms.
  package var gradientNorm = 0.0
  /// Sum of losses and number of images since the last loss sample.
  package var recentLoss = 0.0
  /// Images since the last loss sample.
  package var recentImages = 0
  /// Loss samples so far.
  package var losses: [EpochRecord.LossSample] = []
  /// How the network answered in the epoch's middle, once it is past that.
  package var half: EpochRecord.HalfEpoch?

  /// An epoch's beginning.
  package init() {}
}
