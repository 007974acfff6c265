public import Engine

/// A way to say which pixels mattered: a value that holds its settings.
public protocol AttributionMethod: Sendable {
  /// Explains a logit of each image.
  ///
  /// An image's map depends on no other image of the batch: what is random is drawn once for all of them.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - executor: the network.
  ///   - targets: the class to explain, one an image.
  /// - Returns: signed scores of every pixel.
  func attribution(of images: [Float], in executor: Executor, for targets: [Int]) -> Attribution
}

/// Why a method cannot be made for a network, and what to do.
public struct AttributionError: Error, CustomStringConvertible {
  /// The sentence that a person reads.
  public let description: String

  init(_ description: String) { self.description = description }
}

/// The settings that methods read; each takes those that it knows, and its own defaults for the rest.
public struct AttributionSettings: Sendable {
  /// Points along a path.
  public var steps: Int?
  /// Random draws.
  public var samples: Int?
  /// Standard deviation of noise, as a share of the pixel range.
  public var noise: Float?
  /// The layer whose activations are mapped.
  public var layer: String?
  /// What stands for “nothing there”.
  public var baseline = Baseline.Kind.black
  /// Side of a window or block, in pixels.
  public var window: Int?
  /// Step of a window, in pixels.
  public var stride: Int?
  /// Seed of what is random.
  public var seed: UInt64 = 1
  /// Training images, `[B][C][H][W]`, for the baselines `mean` and `data` and for expected gradients.
  public var background: [Float] = []

  /// Settings, all left to the methods' own defaults.
  public init() {}
}
