public import Evaluation
public import Networks

/// Another checkpoint on the same test images.
public struct ComparisonFacts: Codable, Sendable {
  /// Its name.
  public var name: String
  /// Its specification.
  public var specification: String
  /// True if a layer has feature maps of weights that are the same everywhere.
  public var isConvolutional: Bool
  /// Learned numbers.
  public var parameters: Int
  /// Images that were wrong.
  public var errors: Int
  /// Share right.
  public var accuracy: Double
  /// Its 95 % Wilson interval.
  public var interval: Interval
  /// Images that only the studied network gets right.
  public var onlyStudiedRight: Int
  /// Images that only this one gets right.
  public var onlyOtherRight: Int
  /// Two-sided exact McNemar test of the two counts above.
  public var pValue: Double
  /// One record an epoch.
  public var history: [EpochRecord]
  /// Images that the two read differently, one of them rightly: the surest disagreements first, at most twelve each way.
  public var flips: [Flip] = []
  /// What its first layer looks like.
  public var firstLayer: FirstLayer?
  /// Its accuracy under PGD on the images that the studied network was attacked on.
  public var robustness: [RobustnessFacts.Point] = []
  /// Its accuracy on the images that PGD made against the studied network.
  public var transfer: [RobustnessFacts.Point] = []
  /// For each of the studied network's explained images its own answer and map.
  public var explained: [Explained] = []

  /// How alike both networks' integrated gradients of the same test images are, each for its own answer.
  public var agreement: Agreement?

  /// One image, read in two ways.
  public struct Flip: Codable, Sendable {
    /// The image as the studied network reads it.
    public var example: ExampleFacts
    /// What the other reads.
    public var predicted: Int
    /// How surely.
    public var confidence: Float
  }

  /// The other network's view of an image.
  public struct Explained: Codable, Sendable {
    /// What it reads.
    public var predicted: Int
    /// How surely.
    public var confidence: Float
    /// Integrated gradients for that answer, `[C, H, W]`.
    public var map: Plane
  }
}

/// The weights of the first layer that has any.
public struct FirstLayer: Codable, Sendable {
  /// `[filters, C, k, k]` of a convolution, or `[units, C, H, W]` of a linear layer on the pixels.
  public var weights: Plane
  /// The layer's name.
  public var layer: String
  /// How many filters or units the layer has; of templates only the first 32 are kept.
  public var units: Int
  /// True if the weights are templates as large as the image.
  public var areTemplates: Bool

  /// First weights.
  public init(weights: Plane, layer: String, units: Int, areTemplates: Bool) {
    self.weights = weights
    self.layer = layer
    self.units = units
    self.areTemplates = areTemplates
  }
}
