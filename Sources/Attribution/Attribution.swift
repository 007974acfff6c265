public import Networks

/// How much each pixel of each image counts for a class's logit.
public struct Attribution: Sendable {
  /// Signed scores in pixel space: `[N][C][H][W]`, or `[N][1][H][W]` from methods that score places.
  public let scores: [Float]
  /// The class explained, one an image.
  public let targets: [Int]
  /// For each image, the sum of its scores minus what theory says they add up to; `nil` for methods
  /// without such a promise.
  public let convergenceDelta: [Float]?
  /// A class activation map as the layer has it, before it is enlarged to the image; `nil` for other methods.
  public let raw: LayerMap?

  /// Maps of the size of a layer's channels.
  public struct LayerMap: Sendable {
    /// At least zero, `[N][1][height][width]`.
    public let values: [Float]
    /// For each image, true if the map was negative, and nowhere positive, before it was cut off below zero.
    public let isNegative: [Bool]
    /// Rows.
    public let height: Int
    /// Columns.
    public let width: Int
  }

  /// An attribution.
  public init(
    scores: [Float], targets: [Int], convergenceDelta: [Float]? = nil, raw: LayerMap? = nil
  ) {
    self.scores = scores
    self.targets = targets
    self.convergenceDelta = convergenceDelta
    self.raw = raw
  }

  /// Attributions of several batches as one.
  public init(joining parts: [Attribution]) {
    let deltas = parts.compactMap(\.convergenceDelta)
    let maps = parts.compactMap(\.raw)
    self.init(
      scores: parts.flatMap(\.scores), targets: parts.flatMap(\.targets),
      convergenceDelta: deltas.isEmpty ? nil : deltas.flatMap { $0 },
      raw: maps.first.map {
        LayerMap(
          values: maps.flatMap(\.values), isNegative: maps.flatMap(\.isNegative),
          height: $0.height, width: $0.width)
      })
  }

  /// Why a map says nothing for its class.
  public enum Emptiness: String, Sendable {
    /// Zero at every place.
    case zero = "all zero"
    /// Negative, and nowhere positive; a class activation map is zero then, being cut off.
    case negative = "all negative"
  }

  /// Why one image's map says nothing for its class; `nil` if it is positive somewhere.
  public func emptiness(_ image: Int) -> Emptiness? {
    if raw?.isNegative[image] == true { return .negative }
    guard map(image).allSatisfy({ $0 <= 0 }) else { return nil }
    return map(image).allSatisfy { $0 == 0 } ? .zero : .negative
  }

  /// How many channels a map has: the image's, or one from methods that score places.
  public func channels(_ shape: ImageShape) -> Int { mapSize / (shape.height * shape.width) }

  /// How many numbers one image's map has.
  public var mapSize: Int { targets.isEmpty ? 0 : scores.count / targets.count }

  /// One image's map.
  public func map(_ image: Int) -> ArraySlice<Float> {
    scores[image * mapSize..<(image + 1) * mapSize]
  }
}
