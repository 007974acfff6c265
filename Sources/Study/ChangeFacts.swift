package import Evaluation

/// What changed from one network to another, which were asked about the same images: from the network before, which the
/// studied one is compared with, to the studied one, the network after.
package struct ChangeFacts: Codable, Sendable {
  /// True if both have the same layers and the same weights in them.
  package var isSame: Bool
  /// The answers on all test images; the network after is the first.
  package var answers: PairedCounts
  /// The same of each class.
  package var perClass: [PairedCounts]
  /// The loss on the test images.
  package var loss: Measured
  /// The calibration error on the test images, without an interval: that of a sum of magnitudes would lean.
  package var calibration: Measured
  /// Accuracy in bands of confidence of the network before.
  package var bands: [Calibration.Band]
  /// Which images hold under PGD at each size, without a change first; the network after is the first.
  package var held: [Held]
  /// How far each layer's weights lie from each other; none if the two have other layers.
  package var layers: [Layer]
  /// How far the first layer's filters or units moved; `nil` if the two have other layers, or if it has no pictures.
  package var filters: Filters?
  /// The images on which the two give the least alike reasons, the least alike first.
  package var explained: [Explained]

  /// A number of both, and the difference with its interval.
  package struct Measured: Codable, Equatable, Sendable {
    /// Of the network before.
    package var before: Double
    /// Of the network after.
    package var after: Double
    /// The 95 % interval of the second minus the first, over the choice of images; `nil` for fewer than two images, and where
    /// none holds.
    package var interval: Interval?

    /// How much it rose.
    package var difference: Double { after - before }
  }

  /// What held under an attack of a size.
  package struct Held: Codable, Sendable {
    /// Largest change of a pixel.
    package var epsilon: Double
    /// The images.
    package var images: PairedCounts
  }

  /// One layer.
  package struct Layer: Codable, Sendable {
    /// Its name.
    package var name: String
    /// Learned numbers.
    package var parameters: Int
    /// Euclidean distance of the weights in lengths of those before; `nil` where these are all zero.
    package var distance: Double?
  }

  /// The filters of the first layer.
  package struct Filters: Codable, Sendable {
    /// The layer.
    package var layer: String
    /// True if the weights are templates as large as the image.
    package var areTemplates: Bool
    /// True if each is compared with the one most like it, for those of one place have nothing in common; false if with
    /// that of its own place.
    package var arePaired: Bool
    /// For each filter after, its Euclidean distance from the one before in lengths of that one, in their order.
    package var distances: [Double]
    /// The filters that moved most, the farthest first.
    package var shown: [Moved]
  }

  /// A filter that moved.
  package struct Moved: Codable, Sendable {
    /// Its place before.
    package var before: Int
    /// Its place after.
    package var after: Int
    /// How far it moved.
    package var distance: Double
    /// Before and after, `[2, C, H, W]`.
    package var weights: Plane
  }

  /// An image with both networks' reasons.
  package struct Explained: Codable, Sendable {
    /// The image as the network after reads it.
    package var example: ExampleFacts
    /// What the network before reads.
    package var predicted: Int
    /// How surely.
    package var confidence: Float
    /// Integrated gradients of each for its own answer, `[C, H, W]`: before, after.
    package var maps: [Plane]
    /// Their rank correlation with signs, where the image is not blank.
    package var correlation: Double
  }

  /// The sizes of the attack at about 0.1, or the nearest tried; `nil` if none was.
  package var attacked: Held? {
    held.filter { $0.epsilon > 0 }.min { abs($0.epsilon - 0.1) < abs($1.epsilon - 0.1) }
  }

  /// The classes whose accuracy changed by more than chance explains, in their order: McNemar's test of each, with Holm's
  /// correction for their number.
  package var changedClasses: [Int] {
    let holds = FisherExact.significant(perClass.map(\.pValue))
    return perClass.indices.filter { holds[$0] }
  }
}
