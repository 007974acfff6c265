import Attribution
import Drawing
import Evaluation
import Figures
import Files
import Networks
import Report
import Study

/// A contact sheet: each image beside its maps, with what each map is for and where its scale ends.
struct AttributionSheet {
  /// At most so many maps are drawn.
  private static let most = 200

  let scale: MapScale
  private let method: String
  private let tiles: [[ImageGrid.Tile]]
  private let classes: [String]
  private let isOwn: Bool
  private let emptiness: [Attribution.Emptiness]
  private let sanity: SanityCheck
  /// The smallest and the largest magnitude that a scale ends at; maps of zeros do not count.
  let ends: [Double]

  /// A sheet of an attribution.
  ///
  /// - Parameters:
  ///   - attribution: one map for each of the images.
  ///   - method: its name.
  ///   - images: pixels, each image as often as it has maps.
  ///   - names: what each is called.
  ///   - isOwn: true for a person's own pictures.
  ///   - predictions: what the network says of each.
  ///   - classes: the names.
  ///   - shape: the shape of an image.
  ///   - mapsPerImage: how many maps in a row are of the same image.
  ///   - scale: which maps share a scale.
  ///   - sanity: the method's check; what fails is marked.
  init(
    _ attribution: Attribution, method: String, images: [Float], names: [String], isOwn: Bool,
    predictions: Predictions, classes: [String], shape: ImageShape, mapsPerImage: Int,
    scale: MapScale, sanity: SanityCheck
  ) {
    self.sanity = sanity
    self.isOwn = isOwn
    self.method = method
    self.scale = scale
    self.classes = mapsPerImage > 1 ? classes : []
    let shown = Array(
      names.indices.prefix(max(mapsPerImage, Self.most / mapsPerImage * mapsPerImage)))
    let planes = shown.map { Plane(attribution.map($0), shape).sum }
    let rows = stride(from: 0, to: shown.count, by: mapsPerImage).map {
      $0..<min($0 + mapsPerImage, shown.count)
    }
    let groups = scale.span == .perRow ? rows : [0..<shown.count]
    let plates = groups.map {
      Plate(Array(planes[$0]), map: .signed, policy: scale.policy)
    }
    let pictures = plates.flatMap(\.pictures)
    let bounds = plates.flatMap(\.bounds)
    // Below this a map of its own scale shows nothing but rounding.
    let nothing = 1e-4 * (bounds.max() ?? 0)
    tiles = rows.map { row in
      let place = row.lowerBound
      let size = shape.count
      let label = classes[predictions.labels[place]]
      let read = classes[predictions.predicted[place]]
      let image = ImageGrid.Tile(
        Plane(images[place * size..<(place + 1) * size], shape).picture,
        caption: [
          predictions.isCorrect(place) ? StyledLine("\(label)") : .mistake(label, readAs: read),
          StyledLine(names[place]),
        ])
      return [image]
        + row.map { map in
          let end = "±\(Format.significant(bounds[map], 2))"
          let range =
            attribution.emptiness(map)?.rawValue ?? (bounds[map] < nothing ? "almost zero" : end)
          return ImageGrid.Tile(
            pictures[map],
            caption: [
              StyledLine("for \(classes[attribution.targets[map]])"), StyledLine(range),
            ])
        }
    }
    emptiness = shown.indices.compactMap(attribution.emptiness)
    let some = bounds.filter { $0 > 0 }
    ends = [some.min() ?? 0, some.max() ?? 0]
  }

  /// How many maps say nothing for their class and why; `nil` if none.
  static func counted(_ emptiness: [Attribution.Emptiness], of maps: Int) -> String? {
    let parts = [Attribution.Emptiness.zero, .negative].compactMap { kind in
      let count = emptiness.count { $0 == kind }
      return count == 0 ? nil : "\(count) of \(maps) \(count == 1 ? "is" : "are") \(kind.rawValue)"
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// What a sanity check came to, in words.
  static func similarities(_ sanity: SanityCheck) -> String {
    let weights = sanity.cascading.last?.similarity.mean ?? 0
    let labels = sanity.randomLabels.map {
      ", of a network that learned random labels \(Format.significant($0.mean, 2))"
    }
    return "rank correlation with the maps of random weights \(Format.significant(weights, 2))"
      + (labels ?? "")
  }

  /// Writes the sheet and returns its path.
  func write(to folder: String) throws -> String {
    let maps = tiles.reduce(0) { $0 + $1.count - 1 }
    let empty = Self.counted(emptiness, of: maps).map { " \($0)." } ?? ""
    let verdict =
      sanity.isFailed
      ? " It fails the sanity check: its maps hardly change when what the network learned is taken away"
        + " (\(Self.similarities(sanity)))."
      : " Sanity check: \(Self.similarities(sanity)); above"
        + " \(Format.significant(SanityCheck.limit, 1)) would fail."
    let grid =
      classes.isEmpty
      ? ImageGrid(tiles.flatMap { $0 }, scale: 3)
      : ImageGrid(rows: tiles.map { ImageGrid.Row(tiles: $0) }, scale: 3)
    let name = method.replacing(":", with: "-")
    let figure = grid.figure(
      FigureText(
        name: name,
        title: "\(method) of \(tiles.count) \(isOwn ? "pictures" : "test images")"
          + (sanity.isFailed ? ": fails the sanity check" : ""),
        caption:
          "Orange speaks for the class, blue against it; \(scale.description).\(empty)\(verdict)"),
      width: grid.usedWidth(within: 984))
    let path = "\(folder)/\(name).png"
    try AtomicFile.write(try figure.withWords.png(theme: .light), to: path)
    return path
  }
}
