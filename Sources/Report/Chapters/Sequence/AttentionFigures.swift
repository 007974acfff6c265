import Attribution
import Drawing
import Evaluation
import Figures
package import Study

extension ReportFigures {
  /// Where the answer's place looks, layer by layer and head by head.
  package func looks(_ facts: AttentionFacts) -> Illustration {
    let pictures = facts.examples.map(\.example.pixels.picture)
    func tile(_ plane: FloatPlane, over picture: Picture) -> ImageGrid.Tile {
      let plate = Plate([plane], map: .activation, policy: .maximum)
      return ImageGrid.Tile(
        plate.pictures[0].scaled(by: facts.side), overlay: picture.ghost)
    }
    var rows = [
      ImageGrid.Row(
        [StyledLine("Input", .ink, weight: .semibold)],
        tiles: pictures.flatMap { picture in
          [ImageGrid.Tile(picture)]
            + Array(repeating: ImageGrid.Tile(nil, frame: nil), count: facts.heads - 1)
        })
    ]
    rows += facts.layers.enumerated().map { layer, name in
      ImageGrid.Row(
        [StyledLine(name, .ink, weight: .semibold)],
        tiles: facts.examples.enumerated().flatMap { place, example in
          example.looks[layer].planes.map { tile($0, over: pictures[place]) }
        })
    }
    rows.append(
      ImageGrid.Row(
        [
          StyledLine("Rollout", .ink, weight: .semibold),
          StyledLine("all layers", .ink3),
        ],
        tiles: facts.examples.enumerated().flatMap { place, example in
          [tile(example.rollout.sum, over: pictures[place])]
            + Array(repeating: ImageGrid.Tile(nil, frame: nil), count: facts.heads - 1)
        }))
    let headers = facts.examples.flatMap { example in
      (0..<facts.heads).map { head -> [StyledLine] in
        head == 0
          ? [reading(example.example), StyledLine("head 1", .ink3)]
          : [StyledLine(""), StyledLine("head \(head + 1)", .ink3)]
      }
    }
    let width = max(1, pictures.first?.width ?? 1)
    var grid = ImageGrid(
      rows: rows, headers: headers,
      scale: max(1, 800 / (width * max(1, facts.heads * facts.examples.count))), gutter: 8)
    grid.key = ColorScale(.activation, lower: "nothing", upper: "most of this map")
    let who =
      facts.source == .all ? "the places look in the mean" : "\(Findings.answerer(facts)) looks"
    return Illustration(
      text(
        .looks, Findings.looks(facts),
        "For each layer and head where \(who), the darker the more\(subject.ghosted). Each map has a scale of "
          + "its own. Last line: the layers’ maps multiplied from the first to the last, which is called rollout.",
        method:
          "Images: \(Wording.list(facts.examples.map { "test image #\($0.example.index)" })).",
        alt: "Attention of \(facts.layers.count) layers with \(facts.heads) heads"),
      grid)
  }

  /// How far each head looks.
  package func lookDistances(_ facts: AttentionFacts) -> Illustration {
    let series = (0..<facts.heads).map { head in
      LineChart.Series(
        "head \(head + 1)",
        points: facts.distances.enumerated().map { Point(Double($0 + 1), $1[head].mean) },
        emphasis: .reference, label: "head \(head + 1)")
    }
    let even = LineChart.Series(
      "looking everywhere alike",
      points: facts.distances.indices.map { Point(Double($0 + 1), facts.evenDistance) },
      emphasis: .baseline, label: "everywhere alike")
    var chart = LineChart([even] + series, xTitle: "layer", yTitle: "distance, in squares")
    chart.xStyle = .whole
    return Illustration(
      text(
        .lookDistances, Findings.distances(facts),
        "The mean distance from a square to the squares that it looks at, weighted by how much, for each head. The broken "
          + "line is the distance of a head that looks everywhere alike.",
        method: "\(Wording.capitalized(drawn(facts.count)))."),
      chart)
  }

  /// What can be read from the answer's place at each depth.
  package func depths(_ facts: AttentionFacts) -> Illustration {
    let series = LineChart.Series(
      "nearest class mean",
      points: facts.depths.enumerated().map { Point(Double($0), $1.accuracy) },
      label: facts.depths.last.map { Format.percent($0.accuracy, decimals: 1) },
      intervals: facts.depths.map { $0.interval.low...$0.interval.high })
    var chart = LineChart([series], xTitle: "blocks behind", yTitle: "share read correctly")
    (chart.xStyle, chart.yStyle, chart.yBounds) = (.whole, .percent, 0...1)
    let place = Findings.answerer(facts)
    let shown = Wording.counted(facts.depthImages.last ?? 0, "training image")
    return Illustration(
      text(
        .depths, Findings.depths(facts),
        "How often \(place) lies nearest to the mean of its own class, before the first block and behind each: a reader that "
          + "learns nothing but means. The band is the 95% interval.",
        method: "Means of \(shown); \(drawn(facts.depthImages.first ?? 0))."),
      chart)
  }

  /// How alike the learned numbers of two places are.
  package func positionLikeness(_ cosines: Plane, _ facts: AttentionFacts) -> Illustration {
    let (rows, columns) = (facts.grid[0], facts.grid[1])
    let size = rows * columns
    let planes = (0..<size).map { square in
      FloatPlane(
        width: columns, height: rows,
        values: Array(cosines.values[square * size..<(square + 1) * size]))
    }
    let plate = Plate(planes, map: .signed, policy: .fixed(1))
    let sheet = plate.sheet(columns: columns, gutter: 1)
    var grid = ImageGrid(
      [ImageGrid.Tile(sheet, frame: nil)],
      scale: max(1, 480 / (columns * (columns + 1))))
    grid.key = ColorScale(.signed, lower: "opposite", upper: "alike")
    return Illustration(
      text(
        .positionLikeness, Findings.positions(cosines, facts),
        "The network is not told where a square lies; it learns numbers for each place. Each small map belongs to one square, "
          + "where it stands in the image, and shows how alike its place's numbers are to those of all others (cosine).",
        alt: "Likeness of the learned positions of \(size) squares"),
      grid)
  }
}

extension FigureName {
  static let looks = FigureName("looks")
  static let lookDistances = FigureName("look-distances")
  static let depths = FigureName("depths")
  static let positionLikeness = FigureName("position-likeness")
}
