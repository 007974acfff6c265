package import Evaluation
package import Networks

/// Another checkpoint on the same test images.
public struct ComparisonFacts: Codable, Sendable {
  /// Its name.
  package var name: String
  /// Its specification.
  package var specification: String
  /// True if a layer has feature maps of weights that are the same everywhere.
  package var isConvolutional: Bool
  /// Learned numbers.
  package var parameters: Int
  /// Its multiplications for one image; `nil` in results of earlier versions.
  package var multiplications: Int?
  /// Images that were wrong.
  package var errors: Int
  /// Share right.
  package var accuracy: Double
  /// Its 95 % Wilson interval.
  package var interval: Interval
  /// Images that only the studied network gets right.
  package var onlyStudiedRight: Int
  /// Images that only this one gets right.
  package var onlyOtherRight: Int
  /// Two-sided exact McNemar test of the two counts above.
  package var pValue: Double
  /// One record an epoch.
  package var history: [EpochRecord]
  /// Images that the two read differently, one of them rightly: the surest disagreements first, at most twelve each way.
  package var flips: [Flip] = []
  /// What its first layer looks like.
  package var firstLayer: FirstLayer?
  /// Its accuracy under PGD on the images that the studied network was attacked on.
  package var robustness: [RobustnessFacts.Point] = []
  /// Its accuracy on the images that PGD made against the studied network.
  package var transfer: [RobustnessFacts.Point] = []
  /// For each of the studied network's explained images its own answer and map.
  package var explained: [Explained] = []

  /// How alike both networks' integrated gradients of the same test images are, each for its own answer.
  package var agreement: Agreement?

  /// One image, read in two ways.
  package struct Flip: Codable, Sendable {
    /// The image as the studied network reads it.
    package var example: ExampleFacts
    /// What the other reads.
    package var predicted: Int
    /// How surely.
    package var confidence: Float
  }

  /// The other network's view of an image.
  package struct Explained: Codable, Sendable {
    /// What it reads.
    package var predicted: Int
    /// How surely.
    package var confidence: Float
    /// Integrated gradients for that answer, `[C, H, W]`.
    package var map: Plane
  }
}

/// The weights of the first layer that has any.
package struct FirstLayer: Codable, Sendable {
  /// `[filters, C, k, k]` of a convolution, or `[units, C, H, W]` of a linear layer on the pixels.
  package var weights: Plane
  /// The layer's name.
  package var layer: String
  /// How many filters or units the layer has; of templates only the first 32 are kept.
  package var units: Int
  /// True if the weights are templates as large as the image.
  package var areTemplates: Bool

  /// First weights.
  package init(weights: Plane, layer: String, units: Int, areTemplates: Bool) {
    self.weights = weights
    self.layer = layer
    self.units = units
    self.areTemplates = areTemplates
  }
}
