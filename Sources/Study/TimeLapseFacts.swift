/// A network on its way from random to trained, one record an epoch.
public struct TimeLapseFacts: Codable, Sendable {
  /// The epochs; 0 is before training.
  public var epochs: [Int]
  /// The first layer's weights at each of them, `[units, C, h, w]`.
  public var weights: [Plane]
  /// The layer whose maps are kept; empty for a network without any.
  public var layer: String
  /// That layer's maps of the example at each epoch, `[C, H, W]`, the channels that vary most in the end.
  public var maps: [Plane]
  /// Share of each class's validation images (test images if there are none) that are right, `[epoch][class]`.
  public var recall: [[Double]]
  /// How many images of each class that is of.
  public var counts: [Int] = []
  /// True if that was measured on validation images.
  public var isValidation: Bool
}
