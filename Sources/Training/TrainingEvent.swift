public import Networks

/// What a training run tells while it goes.
public enum TrainingEvent: Sendable {
  /// Some steps of an epoch are done.
  case progress(Progress)
  /// An epoch is done.
  case epoch(EpochRecord)

  /// How far an epoch is.
  public struct Progress: Sendable {
    /// 1 for the first.
    public var epoch: Int
    /// Of how many.
    public var epochs: Int
    /// Images trained on in this epoch.
    public var images: Int
    /// Of how many.
    public var imagesPerEpoch: Int
    /// Mean loss of the epoch so far.
    public var loss: Double
    /// Share of images right in the epoch so far; `nil` where no answer is right or wrong.
    public var accuracy: Double?
    /// Steps made since training began.
    public var step: Int
    /// The loss sample that ends with this step; `nil` for most.
    public var lossSample: EpochRecord.LossSample?
    /// How the network answers now, if this is the epoch's middle.
    public var halfEpoch: EpochRecord.HalfEpoch?
  }
}
