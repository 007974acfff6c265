import Datasets
import Evaluation
import Networks
import Representations

/// Pictures that units of a layer answer to most strongly, found by gradient ascent.
package struct ExcitingPictures: Sendable {
  /// What the units are.
  package enum Kind: Sendable {
    /// The network's outputs.
    case classes
    /// Channels of feature maps.
    case channels
    /// Units of a flat layer.
    case units
  }

  /// What the units are.
  package let kind: Kind
  /// The layer.
  package let layer: String
  /// The layer whose activation is raised: the same, or the one before its rectifier, which has a slope everywhere, even where
  /// nothing is active yet.
  package let raised: String
  /// The units' numbers.
  package let units: [Int]
  /// Pictures of each unit.
  package let perUnit: Int
  /// The pictures, those of one unit after those of another.
  package let pictures: [Plane]
  /// The activation that each reaches.
  package let activations: [Float]
}

extension Study {
  /// Units of a layer that are drawn when asked for: several pictures of each take seconds, which a report need not spend.
  private static let drawnUnits = 24
  /// Classes with an ideal in a report.
  private static let shownClasses = 10

  /// What each class would like to see.
  ///
  /// - Parameter seed: of the noise that the pictures begin with.
  /// - Returns: the pictures.
  package func classPictures(seed: UInt64) -> ExcitingPictures {
    classes(predictions.classes, by: FeatureVisualization(seed: seed))
  }

  /// What the channels, or units, of a layer would like to see.
  ///
  /// - Parameters:
  ///   - layer: its name; see `studiedLayer`.
  ///   - seed: of the noise that the pictures begin with.
  /// - Returns: the pictures; `nil` without such a layer.
  package func channelPictures(of layer: String?, seed: UInt64) -> ExcitingPictures? {
    studiedLayer(layer).map {
      channels(Self.drawnUnits, of: $0, by: FeatureVisualization(seed: seed))
    }
  }

  /// A picture for each of the first ten classes that excites it most.
  func ideals() -> [Plane] {
    classes(Self.shownClasses, by: quickSearch).pictures
  }

  private func classes(_ most: Int, by search: FeatureVisualization) -> ExcitingPictures {
    let last = architecture.entries.count - 1
    return exciting(.classes, most, of: last, raising: last, by: search)
  }

  private func channels(
    _ most: Int, of layer: Int, at place: Int? = nil, by search: FeatureVisualization
  ) -> ExcitingPictures {
    exciting(
      architecture.entries[layer].outputShape.hasPlaces ? .channels : .units, most, of: layer,
      raising: architecture.indexBeforeActivation(layer), at: place, by: search)
  }

  /// What excites one place in the middle of each channel of a layer most, cut to what that place sees.
  func ideals(of layer: Int) -> [Plane] {
    let raised = architecture.indexBeforeActivation(layer)
    let size = architecture.entries[raised].outputShape.dimensions
    let (row, column) = size.count == 3 ? (size[1] / 2, size[2] / 2) : (0, 0)
    let place = size.count == 3 ? row * size[2] + column : 0
    let field = ReceptiveField(of: raised, row: row, column: column, in: architecture)
    return channels(extent.idealChannels, of: layer, at: place, by: quickSearch).pictures.map {
      crop($0.values, to: field).rounded()
    }
  }

  /// One picture of each unit: a report has many.
  private var quickSearch: FeatureVisualization {
    FeatureVisualization(pictures: 1, seed: checkpoint.seed)
  }

  /// Pictures that excite the first units of a layer most, all of each or one place of it.
  private func exciting(
    _ kind: ExcitingPictures.Kind, _ most: Int, of layer: Int, raising raisedLayer: Int,
    at place: Int? = nil, by search: FeatureVisualization
  ) -> ExcitingPictures {
    let raised = architecture.entries[raisedLayer]
    let units = Array(0..<min(most, raised.outputShape.channels))
    let found = search.images(
      of: units.map { FeatureVisualization.Unit(layer: raised.name, index: $0, place: place) },
      in: executor)
    return ExcitingPictures(
      kind: kind, layer: architecture.entries[layer].name, raised: raised.name, units: units,
      perUnit: found.activations.count / max(1, units.count),
      pictures: found.pixels.chunks(of: test.imageSize).map { plane(Array($0)) },
      activations: found.activations)
  }
}
