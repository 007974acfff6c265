import Drawing
import Evaluation
import Figures
public import Study

extension ReportFigures {
  /// The right answers of which the network was least sure.
  public func leastSure(_ doubt: DoubtFacts) -> Illustration {
    let tiles = doubt.leastSure.map { example in
      let ranked = example.probabilities.indices.filter { $0 != example.predicted }
        .max { example.probabilities[$0] < example.probabilities[$1] }
      return ImageGrid.Tile(
        example.pixels.picture,
        caption: [name(example.label)],
        bars: [
          ImageGrid.TileBar(
            subject.className(example.predicted), Double(example.confidence), ink: .ink),
          ImageGrid.TileBar(
            ranked.map(subject.className) ?? "", ranked.map { probability(example, $0) } ?? 0),
        ])
    }
    let least = doubt.leastSure.first.map { Format.probability(Double($0.confidence)) } ?? "–"
    return Illustration(
      text(
        "least-sure", "The narrowest right answer had \(least) confidence.",
        "The \(Subject.counted(tiles.count, "right answer")) of which it was least sure, with the "
          + "true class (ink) and the runner-up (grey). Would you hesitate as "
          + "well?",
        alt: "Right answers with little confidence"),
      ImageGrid(tiles, scale: scale(of: doubt.leastSure, 84), gutter: 18))
  }

  /// The test images on the first two principal components.
  public func map(_ doubt: DoubtFacts) -> Illustration {
    let items = items(doubt.points)
    let wrong = items.count { $0.isWrong }
    let shares = doubt.explained.prefix(2).map { Format.percent($0, decimals: 0) }
    return Illustration(
      text(
        "map", Findings.projection(doubt),
        "The first \(Format.count(items.count)) test images by their first two principal "
          + "components in \(doubt.layer) (\(Subject.list(shares)) of the variance). Where "
          + "there is room each mark is the true class; the \(Format.count(wrong)) misread "
          + "ones are ringed. The other components are not shown, so overlap here need not be "
          + "overlap in the layer.",
        alt: "Scatter of test images on two principal components, marked by class"),
      ClassMap(items, classNames: subject.classes))
  }

  /// The test images by t-SNE: who is whose neighbour.
  public func neighborhood(_ doubt: DoubtFacts) -> Illustration {
    let items = items(doubt.neighborhood)
    return Illustration(
      text(
        "neighborhood", Findings.neighborhood(doubt),
        "The first \(Format.count(items.count)) test images, laid out by t-SNE so that neighbours in "
          + "\(doubt.layer) are neighbours here. Where there is room each mark is the true class; misread ones are ringed. "
          + "Only who stands beside whom means something, not how far groups are apart or how large "
          + "they are.",
        alt: "Map of test images by t-SNE, marked by class"),
      ClassMap(items, classNames: subject.classes))
  }

  /// One image turned into another, and what is read on the way.
  public func path(_ doubt: DoubtFacts) -> Illustration {
    let tiles = doubt.path.map { step in
      ImageGrid.Tile(
        step.pixels.picture,
        caption: answer(step.predicted, step.probability))
    }
    let width = doubt.path.first?.pixels.dimensions.width ?? 28
    let ends = doubt.ends.map { "#\($0)" }
    return Illustration(
      text(
        "path", Findings.path(doubt),
        "Test images \(Subject.list(ends)) mixed in ten equal steps: the surest examples of the two "
          + "classes that are confused most. Below each what is read, and how surely.",
        alt: "\(doubt.path.count) pictures between two test images with what is read in each"),
      ImageGrid(tiles, scale: max(1, 56 / max(width, 1))))
  }

  /// What was read, and how surely.
  private func answer(_ label: Int, _ probability: Float) -> [StyledLine] {
    [name(label), StyledLine(Format.probability(Double(probability)), .ink3)]
  }

  private func items(_ points: [DoubtFacts.Point]) -> [ClassMap.Item] {
    points.enumerated().map { index, point in
      ClassMap.Item(
        Point(Double(point.x), Double(point.y)), label: point.label,
        isWrong: point.label != point.predicted,
        title: "#\(index): true \(subject.className(point.label)), read as "
          + subject.className(point.predicted))
    }
  }

  /// The test images on the first two principal components of their pixels.
  public func pixelMap(_ doubt: DoubtFacts) -> Illustration {
    let items = items(doubt.pixelPoints)
    return Illustration(
      text(
        "pixel-map", Findings.untangled(doubt),
        "The same \(Format.count(items.count)) test images by the first two principal components of their "
          + "pixels, before any network. What training adds is the difference to the map above.",
        alt: "Scatter of test images on two principal components of their pixels"),
      ClassMap(items, classNames: subject.classes))
  }

  /// What is read on the plane through three images.
  public func slice(_ slice: DoubtFacts.Slice) -> Illustration {
    let span = Double(slice.range[1] - slice.range[0])
    let start = -Double(slice.range[0]) / span
    let places = [
      Point(start, start), Point(start + 1 / span, start), Point(start, start + 1 / span),
    ]
    let map = RegionMap(
      side: slice.side, labels: slice.predicted, confidence: slice.confidence.map(Double.init),
      classNames: subject.classes,
      corners: zip(places, slice.corners).map { RegionMap.Corner($0, "#\($1.index)") })
    let names = slice.corners.map { "#\($0.index) (\(subject.className($0.label)))" }
    return Illustration(
      text(
        "slice", Findings.slice(slice, subject: subject),
        "A plane through the images \(Subject.list(names)), which are the dots: every place is a mixture of "
          + "the three, and the name in its region is what the network reads there. Stronger color is more "
          + "confidence. Most of the plane looks like no \(subject.noun) at all, and is answered all the same.",
        alt: "Map of what is read on the plane through three test images"), map, width: 664)
  }

  /// How sure it is of images that belong to none of its classes.
  public func strangers(_ doubt: DoubtFacts) -> Illustration {
    let panels = doubt.strangers.map { stranger in
      var chart = Histogram(
        edges: (0...20).map { Double($0) / 20 }, counts: stranger.confidence,
        xTitle: "confidence of the answer", yTitle: "images", xStyle: .percent)
      chart.marker = 0.9
      return Panels.Panel(
        Subject.short(stranger.name, limit: 60),
        subtitle: "\(Format.count(stranger.sure)) of \(Format.count(stranger.count)) above 90%",
        chart)
    }
    return Illustration(
      text(
        "strangers", Findings.strangers(doubt),
        "Its confidence in images that belong to none of its classes. A network that knew what it does not know "
          + "would stand at the left. n = "
          + Subject.list(doubt.strangers.map { Format.count($0.count) }) + "."),
      Panels(panels, minimumWidth: 320))
  }

  /// Some images that belong to none of its classes, with what was read.
  public func strangerImages(_ doubt: DoubtFacts) -> Illustration {
    let all = doubt.strangers.flatMap(\.examples)
    let rows = doubt.strangers.map { stranger in
      ImageGrid.Row(
        [StyledLine(Subject.short(stranger.name, limit: 60), .ink, weight: .semibold)],
        tiles: stranger.examples.map {
          ImageGrid.Tile(
            $0.pixels.picture,
            caption: answer($0.predicted, $0.confidence))
        })
    }
    return Illustration(
      text(
        "stranger-images", "It always answers something.",
        "The first of those images, with the class that was answered and how surely.",
        alt: "Images of no known class with what was read in them"),
      ImageGrid(rows: rows, scale: scale(of: all, 56), gutter: 14))
  }
}
