import Networks
import Representations

/// Pictures that units of a layer answer to most strongly, found by gradient ascent: made when asked for, for they take
/// seconds, which a report need not spend.
public struct UnitPictures: Sendable {
  /// What the units are.
  public enum Kind: Sendable {
    /// The network's outputs.
    case classes
    /// Channels of feature maps.
    case channels
    /// Units of a flat layer.
    case units
  }

  /// What the units are.
  public let kind: Kind
  /// The layer.
  public let layer: String
  /// The layer whose activation is raised: the same, or the one before its rectifier, which has a slope everywhere.
  public let raised: String
  /// The units' numbers.
  public let units: [Int]
  /// Pictures of each unit.
  public let perUnit: Int
  /// The pictures, those of one unit after those of another.
  public let pictures: [Plane]
  /// The activation that each reaches.
  public let activations: [Float]
}

extension Study {
  /// Units that are drawn of a layer.
  private static let drawnUnits = 24

  /// What each class would like to see.
  ///
  /// - Parameter seed: of the noise that the pictures begin with.
  /// - Returns: the pictures.
  package func classPictures(seed: UInt64) -> UnitPictures {
    let last = architecture.entries.count - 1
    return unitPictures(
      .classes, of: last, raising: last,
      units: Array(0..<architecture.entries[last].outputShape.channels), seed: seed)
  }

  /// What the channels, or units, of a layer answer to.
  ///
  /// - Parameters:
  ///   - layer: its name; the last convolution if `nil`.
  ///   - seed: of the noise that the pictures begin with.
  /// - Returns: the pictures; `nil` without such a layer.
  package func channelPictures(of layer: String?, seed: UInt64) -> UnitPictures? {
    let entries = architecture.entries
    guard
      let index = layer.flatMap(architecture.index) ?? entries.lastIndex(where: \.isConvolution)
    else { return nil }
    let shape = entries[index].outputShape
    return unitPictures(
      shape.dimensions.count == 3 ? .channels : .units, of: index,
      raising: architecture.indexBeforeActivation(index),
      units: Array(0..<min(Self.drawnUnits, shape.channels)), seed: seed)
  }

  private func unitPictures(
    _ kind: UnitPictures.Kind, of layer: Int, raising raised: Int, units: [Int], seed: UInt64
  ) -> UnitPictures {
    let name = architecture.entries[raised].name
    let found = FeatureVisualization(seed: seed).images(
      of: units.map { FeatureVisualization.Unit(layer: name, index: $0) }, in: executor)
    let size = architecture.inputShape.count
    return UnitPictures(
      kind: kind, layer: architecture.entries[layer].name, raised: name, units: units,
      perUnit: found.activations.count / max(1, units.count),
      pictures: found.activations.indices.map {
        plane(Array(found.pixels[$0 * size..<($0 + 1) * size]))
      }, activations: found.activations)
  }
}
