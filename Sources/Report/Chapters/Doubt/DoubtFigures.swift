import Drawing
import Evaluation
import Figures
package import Study

extension ReportFigures {
  /// The right answers of which the network was least sure.
  package func leastSure(_ doubt: DoubtFacts) -> Illustration {
    let tiles = doubt.leastSure.map { example in
      let next = example.runnerUp
      return ImageGrid.Tile(
        example.pixels.picture,
        caption: [name(example.label)],
        bars: [
          ImageGrid.TileBar(
            subject.className(example.predicted), Double(example.confidence), ink: .ink),
          ImageGrid.TileBar(
            next.map(subject.className) ?? "", next.map(example.probability) ?? 0),
        ])
    }
    let least = doubt.leastSure.first.map { Format.probability(Double($0.confidence)) } ?? "–"
    return Illustration(
      text(
        .leastSure, "The least sure right answer had \(least) confidence.",
        "The \(tiles.count == 1 ? "right answer" : Wording.counted(tiles.count, "right answer")) of which it was least sure, with the "
          + "true class (in the color of the text) and the runner-up (grey)."
          + ((doubt.leastSure.first?.confidence ?? 1) < 0.9 ? " Would you hesitate as well?" : ""),
        alt: "Right answers with little confidence"),
      ImageGrid(tiles, scale: scale(of: doubt.leastSure, 84), gutter: 18))
  }

  /// The test images by t-SNE: who is whose neighbor.
  package func neighborhood(_ doubt: DoubtFacts, quality: QualityFacts) -> Illustration {
    let items = items(doubt.neighborhood)
    let wrong = doubt.misreadCount
    let ringed =
      wrong == 0
      ? ""
      : wrong == 1
        ? "; the misread one is ringed" : "; the \(Format.count(wrong)) misread ones are ringed"
    return Illustration(
      text(
        .neighborhood, Findings.neighborhood(doubt),
        Wording.capitalized(drawn(doubt.points.count))
          + Self.furtherMistakes(
            doubt.neighborhood.count - doubt.points.count,
            isAll: wrong == quality.evaluation.errors)
          + ", laid out by t-SNE so that neighbors in \(doubt.layer) are neighbors here. "
          + (subject.hasLongNames
            ? "Each dot has the color of its true class"
            : "Each mark is the true class, a dot where there is no room")
          + "\(ringed). Only who stands beside whom means something.",
        method:
          "How far groups are apart, or how large they are, means nothing."
          + (subject.hasManyClasses
            ? " Of so many classes those are named that have room." : "")
          + (doubt.misled == nil
            ? ""
            : " A misread image counts as among the answered class if most of the ten nearest rightly read images are of it."),
        alt: "Map of test images by t-SNE, marked by class"),
      ClassMap(items, classNames: subject.classes))
  }

  /// The mistakes on the map that were not drawn at random.
  private static func furtherMistakes(_ count: Int, isAll: Bool) -> String {
    guard count > 0 else { return "" }
    guard isAll else { return ", and the \(Format.count(count)) surest of the other mistakes" }
    return count == 1
      ? ", and the other mistake" : ", and the other \(Format.count(count)) mistakes"
  }

  /// The test images on two components of their pixels and of the layer, and how sure it is of them and of others.
  package func projections(_ doubt: DoubtFacts) -> Illustration {
    let shares = doubt.explained.prefix(2).map { Format.percent($0, decimals: 0) }
    func series(_ name: String, _ bins: [Int], isOwn: Bool) -> LineChart.Series {
      LineChart.Series(
        name, points: DoubtFacts.sharesAbove(bins).map { Point($0.confidence, $0.share) },
        emphasis: isOwn ? .main : .reference)
    }
    let names = doubt.strangers.map { Wording.short($0.name, limit: 60) }
    var chart = LineChart(
      zip(doubt.strangers, names).map { series($1, $0.confidence, isOwn: false) }
        + [series("test images", doubt.confidence, isOwn: true)],
      xTitle: "confidence", yTitle: "share answered with more")
    (chart.xStyle, chart.yStyle, chart.yBounds) = (.percent, .percent, 0...1)
    chart.height = 300
    chart.annotations = chart.series.map { series in
      // Where the line has fallen furthest from the top and is not yet at the bottom.
      let middle = series.points.min { abs($0.y - 0.5) < abs($1.y - 0.5) } ?? Point(0.5, 0.5)
      return LineChart.Annotation(at: middle, [series.name])
    }
    let sure = zip(doubt.strangers, names).map {
      "\(Format.count($0.sure)) of \(Format.count($0.count)) (\($1))"
    }
    let maps = [
      Panels.Panel(
        "Raw pixels",
        ClassMap(items(doubt.pixelPoints), classNames: subject.classes)),
      Panels.Panel(
        doubt.layer,
        ClassMap(items(doubt.points), classNames: subject.classes)),
    ]
    return Illustration(
      text(
        .projections, Findings.untangled(doubt),
        "Left and middle: \(drawn(doubt.points.count)), placed by the first two principal components of their pixels and of "
          + "\(doubt.layer)\(doubt.misreadCount == 0 ? "" : "; misread ones are ringed")."
          + (sure.isEmpty
            ? ""
            : " Right: the share answered with more than a confidence. What belongs to no class should fall at the left; it is "
              + "more than 90% sure of \(Wording.list(sure))."),
        method:
          "The two components hold \(Wording.list(shares)) of the variance of \(doubt.layer): what overlaps in "
          + "the picture need not overlap in the layer.",
        alt:
          "Test images on two principal components of their pixels and of the layer, and how sure it is of others"
      ),
      Panels(
        (doubt.pixelPoints.isEmpty ? [maps[1]] : maps)
          + (doubt.strangers.isEmpty
            ? [] : [Panels.Panel("Shown what it never learned", chart)])))
  }

  /// One image turned into another, and what is read on the way.
  package func path(_ doubt: DoubtFacts) -> Illustration {
    let ends = doubt.ends.map { "#\($0)" }
    let steps = Double(max(doubt.pathShares.count - 1, 1))
    let names = [doubt.path.first, doubt.path.last].map { subject.className($0?.predicted ?? 0) }
    let lines = names.indices.map { end in
      LineChart.Series(
        names[end],
        points: doubt.pathShares.enumerated().map { at, shares in
          Point(Double(at) / steps, Double(shares[end]))
        }, label: names[end], ink: end == 0 ? .negative : .positive)
    }
    var chart = LineChart(lines, xTitle: "share of the second image", yTitle: "probability")
    (chart.xStyle, chart.yStyle, chart.yBounds) = (.percent, .probability, 0...1)
    chart.tableStep = 5
    let strip = ImageGrid(doubt.path.map { ImageGrid.Tile($0.pixels.picture) }, scale: 1, gutter: 4)
    return Illustration(
      text(
        .path, Findings.path(doubt),
        "Test images \(Wording.list(ends)) mixed in ten equal steps: the surest examples of the two "
          + "\(subject.classes.count == 2 ? "classes" : "classes that are confused most"). Above the pictures, below what the network "
          + "makes of them.",
        method: "It counts as hesitating where neither of the two has a probability of 90%.",
        alt: "\(doubt.path.count) pictures between two test images with what is read in each"),
      Panels([Panels.Panel("", strip), Panels.Panel("", chart)], minimumWidth: 1000),
      width: Illustration.halfWidth)
  }

  /// What was read, and how surely.
  private func answer(_ label: Int, _ probability: Float) -> [StyledLine] {
    [name(label), StyledLine(Format.probability(Double(probability)), .ink3)]
  }

  private func items(_ points: [DoubtFacts.Point]) -> [ClassMap.Item] {
    points.map { point in
      ClassMap.Item(
        Point(Double(point.x), Double(point.y)), label: point.label,
        isWrong: point.isWrong,
        title: "#\(point.image): true \(subject.className(point.label)), read as "
          + subject.className(point.predicted))
    }
  }

  /// What is read on the plane through three images.
  package func slice(_ slice: DoubtFacts.Slice) -> Illustration {
    let span = Double(slice.range[1] - slice.range[0])
    let start = -Double(slice.range[0]) / span
    let places = [
      Point(start, start), Point(start + 1 / span, start), Point(start, start + 1 / span),
    ]
    let map = RegionMap(
      side: slice.side, labels: slice.predicted,
      confidence: slice.confidence.map { Double($0) / 100 },
      classNames: subject.classes,
      corners: zip(places, slice.corners).map { RegionMap.Corner($0, $1.pixels.picture) })
    let names = slice.corners.map { "#\($0.index) (\(subject.className($0.label)))" }
    return Illustration(
      text(
        .slice, Findings.slice(slice, subject: subject),
        "A plane through the outlined images \(Wording.list(names)): every place is a mixture of "
          + "the three, and the name in its region is what the network reads there; the color fades into the page where it is "
          + "less sure. What looks like none of them is answered all the same.",
        method:
          "Outside of the triangle of the three the mixture goes on: more than all of one, less than none of another.",
        alt: "Map of what is read on the plane through three test images"), map,
      width: Illustration.halfWidth)
  }

  /// Some images that belong to none of its classes, with what was read.
  package func strangerImages(_ doubt: DoubtFacts) -> Illustration {
    let all = doubt.strangers.flatMap(\.examples)
    let shown = doubt.strangers.map {
      "\(Format.count($0.examples.count)) of \(Format.count($0.count))"
    }
    let rows = doubt.strangers.map { stranger in
      ImageGrid.Row(
        [StyledLine(Wording.short(stranger.name, limit: 60), .ink, weight: .semibold)],
        tiles: stranger.examples.map {
          ImageGrid.Tile(
            $0.pixels.picture,
            caption: answer($0.predicted, $0.confidence))
        })
    }
    return Illustration(
      text(
        .strangerImages, Findings.strangers(doubt),
        "\(Wording.list(shown)) such images, with the class that was answered and how surely: it always answers something.",
        alt: "Images of no known class with what was read in them"),
      ImageGrid(rows: rows, scale: scale(of: all, 84), gutter: 14))
  }
}

extension FigureName {
  static let leastSure = FigureName("least-sure")
  static let neighborhood = FigureName("neighborhood")
  static let projections = FigureName("projections")
  static let path = FigureName("path")
  static let slice = FigureName("slice")
  static let strangerImages = FigureName("stranger-images")
}
