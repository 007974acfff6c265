package import Pictures

/// The network in a form that a page can run, with how well that agrees with the checkpoint.
public struct LiveFacts: Codable, Sendable {
  /// Why a page holds no network.
  package enum Absence: Error, Codable, Equatable {
    /// Its numbers or answers are not all finite.
    case diverged
    /// Its weights take so many bytes, more than `PackedNetwork.mostBytes`.
    case large(bytes: Int)
  }

  /// Channels, height and width of an image.
  package var inputShape: [Int]
  /// Normalisation, one number a channel.
  package var mean: [Float]
  /// Normalisation, one number a channel.
  package var standardDeviation: [Float]
  /// What a reader's own picture is made into, as the training images say; `nil` in results of earlier versions.
  package var preparation: Preparation?
  /// The layers in order; those that do nothing at prediction, such as dropout, are left out.
  package var layers: [LiveLayer]
  /// How the weights of large layers are stored: `int8` with a scale for each output, or `float16`; those of small layers
  /// are always `float16`.
  package var precision: String
  /// The weights of all layers, one after the other, in base 64.
  package var weights: String
  /// Share of the test images that get the same class as from the checkpoint.
  package var agreement: Double
  /// Number of test images compared.
  package var count: Int
  /// Largest difference of a probability on the examples.
  package var largestGap: Double
  /// The same on all images compared.
  package var largestGapOfAll: Double
  /// Images to begin with: the surest of each class, at most ten, and the two surest mistakes.
  package var examples: [ExampleFacts]
  /// Images to attack, those that the smallest changes fool first.
  package var fragile: [ExampleFacts]
  /// Test images that the layers' scales were found on; `nil` in results of earlier versions.
  package var scaleImages: Int?

  /// How many of the test images get the same class as from the checkpoint.
  package var agreed: Int { Int((agreement * Double(count)).rounded()) }
}

/// One layer of a network that a page can run.
package struct LiveLayer: Codable, Sendable {
  /// The name of the computation in the page's program (`templates/live-layers.js`).
  package var kind: String
  /// The layer's name.
  package var name: String
  /// The values that it reads: 0 is the image, i + 1 what layer i of these gives; `nil` if only what the layer before
  /// it gives.
  package var inputs: [Int]?
  /// Channels, height and width of its output; places and features of a sequence; one number behind `flatten`.
  package var shape: [Int]
  /// Side of a window.
  package var kernel: Int?
  /// Step of a window.
  package var stride: Int?
  /// Zeros before the first row and column.
  package var margin: Int?
  /// Where its weights begin, in bytes.
  package var offset: Int?
  /// Rows and columns of each of its matrices, one after the other; `nil` for a convolution or a linear layer of a list,
  /// which has one with a row for each output.
  package var matrices: [[Int]]?
  /// How they are stored: `int8` or `float16`.
  package var precision: String?
  /// The size of a step of each output's weights (`int8`), or the factor of each channel (`scale`).
  package var factors: [Float]?
  /// Added to each output.
  package var bias: [Float]?
  /// Groups of channels, or an attention's heads.
  package var groups: Int?
  /// The number of an activation function, or what a normalisation adds to the variance.
  package var value: Float?
  /// False for a mean over windows that leaves the places around the maps out; `nil` for true.
  package var countsMargin: Bool?
  /// Where the colors of its maps end: the 99.8th percentile of its numbers' magnitudes on test images; `nil` in results of
  /// earlier versions.
  package var scale: Float?
}
