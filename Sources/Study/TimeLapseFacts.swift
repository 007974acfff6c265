/// A network on its way from random to trained, one record an epoch.
public struct TimeLapseFacts: Codable, Sendable {
  /// The epochs; 0 is before training.
  package var epochs: [Int]
  /// The first layer's weights at each of them, `[units, C, h, w]`.
  package var weights: [Plane]
  /// The layer whose maps are kept; empty for a network without any.
  package var layer: String
  /// That layer's maps of the example at each epoch, `[C, H, W]`, the channels that vary most in the end.
  package var maps: [Plane]
  /// Share of each class's validation images (test images if there are none) that are right, `[epoch][class]`.
  package var recall: [[Double]]
  /// How many images of each class that is of.
  package var counts: [Int] = []
  /// True if that was measured on validation images.
  package var isValidation: Bool
}
