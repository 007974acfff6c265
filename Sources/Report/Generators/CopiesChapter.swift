import Drawing
import Evaluation
import Figures
import Questions
import Study

/// Whether the pictures are copies of training images.
struct CopiesChapter: GeneratorChapter {
  let context: GeneratorContext

  var outline: ChapterOutline? {
    let facts = results.memory
    return ChapterOutline(
      id: "copies", title: "Memorized or not",
      question: "Are its pictures new, or copies of what it was shown?",
      goal:
        "You will be able to say how a copy would be recognized, and what “near” is measured by.",
      paragraphs: [
        "For \(Wording.counted(facts.check.count, "picture")) the nearest of all \(Format.count(facts.trainCount)) training images was looked for, by the distance of their pixels; and for "
          + "\(Wording.counted(facts.check.testCount, "test image")), which are new by themselves. If pictures were copies, they would be much nearer to training images than test images are.",
        limits,
      ],
      notes: [
        (
          "Soft pictures are near",
          "A blurred picture is nearer to everything than a sharp one, without being a copy of anything: that alone can put a generator’s "
            + "pictures nearer than test images. So look at the pairs as well; a copy would agree in every line."
        )
      ],
      illustrations: [
        figure.matches(
          facts.first, named: .firstMatches,
          title: "The first pictures that it drew, and the training image nearest to each.",
          caption:
            "Above the picture, below the training image. They are the first that were drawn; none was chosen."
        ),
        figure.matches(
          facts.nearest, named: .nearestMatches, title: Findings.nearest(facts),
          caption:
            "The pictures of all \(Format.count(facts.check.count)) that come nearest to a training image, the nearest first; below each that image. If anything was copied it is here."
        ), figure.matchDistances(facts),
      ])
  }

  /// How many are nearer than nearly all test images.
  private var limits: String {
    let check = results.memory.check
    return check.limits.map { limit in
      let interval = Interval.wilson(limit.nearer, of: check.count)
      return
        "\(Format.count(limit.nearer)) of them \(limit.nearer == 1 ? "is" : "are") nearer than \(Format.percent(1 - limit.share, decimals: 0)) of the test images are (\(Format.percent(Double(limit.nearer) / Double(max(1, check.count)), decimals: 1)), 95% interval \(interval.percent(decimals: 1))); of the test images themselves it is \(Format.percent(Double(limit.testNearer) / Double(max(1, check.testCount)), decimals: 1))."
    }.joined(separator: " ")
  }

  var questions: [Question] {
    let check = results.memory.check
    guard let limit = check.limits.last else { return [] }
    let expected = limit.share * Double(check.count)
    return [
      Question(
        "generator-chance-near",
        "If pictures were no nearer to training images than test images are, how many of \(Format.count(check.count)) would be nearer than \(Format.percent(1 - limit.share, decimals: 0)) of the test images?",
        .number(Question.Number(expected, tolerance: 0.5, near: 0.2 * expected)),
        answer:
          "About \(Format.significant(expected, 2)), by chance alone. \(Format.count(limit.nearer)) are."
      )
    ]
  }
}

extension ReportFigures {
  /// Pictures above the training images nearest to them.
  func matches(
    _ matches: [MemoryFacts.Match], named name: FigureName, title: String, caption: String
  ) -> Illustration {
    let width = matches.first?.picture.dimensions.width ?? 1
    func rows(_ matches: [MemoryFacts.Match]) -> [SheetRows.Row] {
      [
        SheetRows.Row(
          [StyledLine("drawn", .ink, weight: .semibold)], matches.map(\.picture.picture),
          words: "Drawn pictures"),
        SheetRows.Row(
          [StyledLine("nearest", .ink, weight: .semibold)], matches.map(\.image.picture),
          words: "The training image nearest to each"),
      ]
    }
    let distances = matches.map { Format.significant($0.distance, 2) }
    let words = text(
      name, title, caption,
      method: matches.isEmpty
        ? ""
        : "Distances of the pixels, on a scale from 0 to 1, in this order: \(Wording.list(distances)).",
      alt: "\(matches.count) pictures and the nearest training images")
    func drawn(_ matches: [MemoryFacts.Match], scale: Int) -> Illustration {
      SheetRows(
        rows: rows(matches), header: "The picture above, the image below", scale: scale
      ).illustration(words)
    }
    let scale = max(1, min(2, 800 / (Self.matchesInView * (width + 2))))
    var illustration = drawn(Array(matches.prefix(Self.matchesInView)), scale: scale)
    // A phone has room for eleven of MNIST's size.
    illustration.narrowChart =
      drawn(Array(matches.prefix(max(1, min(Self.matchesInView, 330 / (width + 2))))), scale: 1)
      .narrowChart
    let rest = Array(matches.dropFirst(Self.matchesInView))
    if !rest.isEmpty {
      illustration.more = Illustration.More(
        "The next \(rest.count)",
        ImageGrid(
          rows: stride(from: 0, to: rest.count, by: Self.matchesBehind).flatMap { start in
            rows(Array(rest[start..<min(start + Self.matchesBehind, rest.count)])).map { row in
              ImageGrid.Row(
                row.label,
                tiles: [
                  ImageGrid.Tile(
                    Plate.sheet(row.pictures, columns: row.pictures.count), frame: nil,
                    words: row.words)
                ])
            }
          }, scale: scale, gutter: 6))
    }
    return illustration
  }

  /// Pairs that are shown at once, and beside one another of those that are shown when asked.
  private static let (matchesInView, matchesBehind) = (12, 8)

  /// How near pictures and test images come to training images.
  func matchDistances(_ facts: MemoryFacts) -> Illustration {
    Illustration(
      text(
        .matchDistances, Findings.copies(facts),
        "Share of the pictures and of the test images by the Euclidean distance of their pixels from the nearest training image. Copies would pile up at 0.",
        method:
          "n = \(Format.count(facts.check.count)) pictures and \(Format.count(facts.check.testCount)) test images drawn at random, \(Format.count(facts.trainCount)) training images; all pixels in 255 steps."
      ),
      Self.shares(
        [("test images", facts.testCounts, false), ("pictures", facts.pictureCounts, true)],
        edges: facts.edges, xTitle: "distance from the nearest training image"))
  }

  /// Lines of the shares of some things in equal bins.
  static func shares(
    _ groups: [(name: String, counts: [Int], isMain: Bool)], edges: [Double], xTitle: String
  ) -> LineChart {
    let series = groups.map { name, counts, isMain in
      let all = Double(max(1, counts.reduce(0, +)))
      let points = counts.enumerated().map { place, count in
        Point((edges[place] + edges[place + 1]) / 2, Double(count) / all)
      }
      return LineChart.Series(name, points: points, emphasis: isMain ? .main : .reference)
    }
    var chart = LineChart(series, xTitle: xTitle, yTitle: "share in each bin")
    (chart.yStyle, chart.height) = (.percent, 280)
    chart.annotations = series.compactMap { series in
      series.points.max { $0.y < $1.y }.map {
        LineChart.Annotation(at: $0, [series.name])
      }
    }
    return chart
  }
}

extension Findings {
  /// How the share that is very near compares with chance.
  static func copies(_ facts: MemoryFacts) -> String {
    guard let limit = facts.check.limits.last else { return "How near the pictures are." }
    let excess = facts.check.excess(limit)
    let words =
      "\(Format.count(limit.nearer)) of \(Wording.counted(facts.check.count, "picture")) \(limit.nearer == 1 ? "is" : "are") nearer to a training image than \(Format.percent(1 - limit.share, decimals: 0)) of the test images"
    if excess.low > 0 { return "\(words): more than chance would give." }
    return excess.high < 0
      ? "\(words): fewer than chance would give." : "\(words): no more than chance may give."
  }

  /// How near the nearest is.
  static func nearest(_ facts: MemoryFacts) -> String {
    guard let nearest = facts.nearest.first else { return "The nearest pictures." }
    return nearest.distance == 0
      ? "The nearest picture is a copy, pixel by pixel."
      : "Even the nearest picture is \(Format.significant(nearest.distance, 2)) from its training image, not 0."
  }
}

extension FigureName {
  static let firstMatches = FigureName("first-matches")
  static let nearestMatches = FigureName("nearest-matches")
  static let matchDistances = FigureName("match-distances")
}
