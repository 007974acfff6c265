/// The network in a form that a page can run, with how well that agrees with the checkpoint.
public struct LiveFacts: Codable, Sendable {
  /// Channels, height and width of an image.
  public var inputShape: [Int]
  /// Normalisation, one number a channel.
  public var mean: [Float]
  /// Normalisation, one number a channel.
  public var standardDeviation: [Float]
  /// The layers in order; those that do nothing at prediction, such as dropout, are left out.
  public var layers: [LiveLayer]
  /// How the weights of large layers are stored: `int8` with a scale for each output, or `float16`; those of small layers
  /// are always `float16`.
  public var precision: String
  /// The weights of all layers, one after the other, in base 64.
  public var weights: String
  /// Share of the test images that get the same class as from the checkpoint.
  public var agreement: Double
  /// Number of test images compared.
  public var count: Int
  /// Largest difference of a probability on the examples.
  public var largestGap: Double
  /// The same on all images compared.
  public var largestGapOfAll: Double
  /// Images to begin with: the surest of each class, at most ten, and the two surest mistakes.
  public var examples: [ExampleFacts]
  /// Images to attack, those that the smallest changes fool first.
  public var fragile: [ExampleFacts]

  /// How many of the test images get the same class as from the checkpoint.
  package var agreed: Int { Int((agreement * Double(count)).rounded()) }
}

/// One layer of a network that a page can run.
public struct LiveLayer: Codable, Sendable {
  /// The name of the computation; see `ExportForm`.
  public var kind: String
  /// The layer's name.
  public var name: String
  /// The values that it reads: 0 is the image, i + 1 what layer i of these gives; `nil` if only what the layer before
  /// it gives.
  public var inputs: [Int]?
  /// Channels, height and width of its output; one number behind `flatten`.
  public var shape: [Int]
  /// Side of a window.
  public var kernel: Int?
  /// Step of a window.
  public var stride: Int?
  /// Zeros before the first row and column.
  public var margin: Int?
  /// Where its weights begin, in bytes.
  public var offset: Int?
  /// How they are stored: `int8` or `float16`.
  public var precision: String?
  /// The size of a step of each output's weights (`int8`), or the factor of each channel (`scale`).
  public var factors: [Float]?
  /// Added to each output.
  public var bias: [Float]?
  /// Groups of channels.
  public var groups: Int?
  /// The number of an activation function, or what a normalisation adds to the variance.
  public var value: Float?
}
