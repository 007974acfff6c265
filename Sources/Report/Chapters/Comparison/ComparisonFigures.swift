import Drawing
import Evaluation
import Figures
package import Study

extension ReportFigures {
  /// This network beside others on the same test images.
  package func comparison(_ results: StudyResults) -> Illustration {
    let quality = results.quality.evaluation
    let others = results.comparisons
    func row(_ name: String, _ value: Double, _ interval: Interval) -> IntervalDots.Row {
      IntervalDots.Row(Wording.short(name, limit: 24), value: value, interval: interval.range)
    }
    let rows =
      [row(results.model.name, quality.accuracy, quality.accuracyInterval)]
      + others.map { row($0.name, $0.accuracy, $0.interval) }
    let sizes =
      [
        BarRows.Row(
          Wording.short(results.model.name, limit: 24), value: Double(results.model.parameters),
          valueText: Format.count(results.model.parameters), isHighlighted: true)
      ]
      + others.map {
        BarRows.Row(
          Wording.short($0.name, limit: 24), value: Double($0.parameters),
          valueText: Format.count($0.parameters))
      }
    let title = others.first.map {
      Findings.comparison($0, accuracy: quality.accuracy, name: Wording.short(results.model.name))
    }
    let flips = others.map {
      "Against \(Wording.short($0.name)): \(Wording.counted($0.onlyStudiedRight, "image")) only "
        + "this network reads, \(Format.count($0.onlyOtherRight)) only the other (exact McNemar "
        + "test, p = \(Format.significant($0.pValue, 2)))."
    }
    return Illustration(
      text(
        .comparison, title ?? "The networks compared.",
        "Accuracy on the same \(Format.count(quality.count)) test images with 95% intervals, and "
          + "learned numbers. "
          + flips.joined(separator: " ")
          + " The test looks only at images on which the two disagree, so it can tell networks "
          + "apart whose intervals overlap."),
      Panels([
        Panels.Panel("Accuracy", IntervalDots([IntervalDots.Panel("", rows: rows)])),
        Panels.Panel("Parameters", BarRows(sizes)),
      ]))
  }

  /// The images that one network reads and the other does not, with both answers; the number tells the networks compared apart.
  package func flips(
    _ other: ComparisonFacts, number: Int, title: String? = nil
  ) -> Illustration {
    let name = Wording.short(other.name, limit: 24)
    func row(_ title: String, _ flips: [ComparisonFacts.Flip]) -> ImageGrid.Row {
      ImageGrid.Row(
        [StyledLine(title, .ink, weight: .semibold)],
        tiles: flips.map { flip in
          let label = flip.example.label
          return ImageGrid.Tile(
            flip.example.pixels.picture,
            caption: [
              StyledLine("is \(subject.className(label))", .ink2),
              answer(flip.predicted, Double(flip.confidence), of: label),
              answer(flip.example.predicted, Double(flip.example.confidence), of: label),
            ])
        })
    }
    let rows = [
      row("Only \(name) errs", other.flips.filter(\.example.isRight)),
      row("Only this network errs", other.flips.filter { !$0.example.isRight }),
    ]
    return Illustration(
      text(
        .flips(number),
        title
          ?? "\(Wording.counted(other.flippedCount, "image")) flipped: one of the two reads "
          + "\(other.flippedCount == 1 ? "it" : "them"), the other does not.",
        "The surest errors of each on images that the other reads correctly, at most twelve: "
          + "\(Format.count(other.onlyStudiedRight)) that only this network reads and "
          + "\(Format.count(other.onlyOtherRight)) that only \(name) does. Below each: its true class, the answer of \(name), "
          + "then that of this network, each with its confidence.",
        alt: "Images that only one of the two networks reads"),
      ImageGrid(
        rows: rows.filter { !$0.tiles.isEmpty }, scale: scale(of: other.flips.map(\.example), 56),
        gutter: 14))
  }

  /// What the first layers of the networks look for.
  package func firstLayers(_ results: StudyResults) -> Illustration {
    let features = results.features
    let own = FirstLayer(
      weights: features.weights, layer: features.layer, units: features.units,
      areTemplates: features.areTemplates)
    // A first linear layer behind a pooling has no weights that are pictures.
    let all =
      ([(results.model.name, own)]
      + results.comparisons.compactMap { other in other.firstLayer.map { (other.name, $0) } })
      .filter { $0.1.weights.shape.count == 4 }
    func row(_ name: String, _ layer: FirstLayer, room: Int) -> ImageGrid.Row {
      let pictures =
        WeightPictures(
          [layer.weights], limit: layer.areTemplates ? 16 : 32, channels: subject.channels
        ).stages[0]
      let noun = layer.areTemplates ? "templates" : "filters"
      let size = pictures.first.map { "\($0.height) × \($0.width)" } ?? ""
      let width = pictures.first?.width ?? 1
      let wide = max(1, (layer.areTemplates ? 56 : 42) / max(width, 1))
      let scale = room > 600 ? wide : Self.narrowScale(wide, width: width)
      return ImageGrid.Row(
        [
          StyledLine([
            StyledLine.Span(Wording.short(name, limit: 24), .ink, weight: .semibold),
            StyledLine.Span(
              "\(layer.layer): \(Format.count(layer.units)) \(noun) of \(size)", .ink3),
          ])
        ],
        tiles: [
          ImageGrid.Tile(
            Plate.sheet(
              pictures.map { $0.framed(scale: scale) },
              columns: Self.columns(fitting: room / (scale * width + 5)), gutter: 3),
            frame: nil)
        ])
    }
    func grid(room: Int) -> ImageGrid {
      ImageGrid(rows: all.map { row($0, $1, room: room) }, scale: 1, gutter: 14)
    }
    let isMixed = Set(all.map(\.1.areTemplates)).count > 1
    return Illustration(
      text(
        .firstLayers,
        isMixed
          ? "Filters look for small shapes anywhere, templates are compared with the whole picture."
          : "What each of them looks for first.",
        "Weights of the first layer, the first 32 filters or 16 templates, each network on its own scale. "
          + "\(subject.weightColors(isColor: subject.channels == 3)). A filter is used at every "
          + "place of the image, so it needs few weights; a template has one weight for each pixel.",
        alt: "First-layer weights of \(all.count) networks"),
      grid(room: 984), narrow: grid(room: 356))
  }

  /// How the networks stand an attack.
  package func robustnessBeside(_ results: StudyResults, title: String? = nil) -> Illustration {
    func series(
      _ name: String, _ points: [RobustnessFacts.Point], _ emphasis: LineChart.Emphasis
    ) -> LineChart.Series {
      LineChart.Series(
        name, points: points.map { Point($0.epsilon, $0.accuracy) }, emphasis: emphasis,
        label: name,
        intervals: emphasis == .baseline ? [] : points.map(\.interval.range))
    }
    let own = results.robustness.points(.pgd) ?? []
    var lines = results.comparisons.flatMap { other in
      let name = Wording.short(other.name, limit: 16)
      return [
        series(name, other.robustness, .reference),
        series("\(name), transferred", other.transfer, .baseline),
      ]
    }
    lines.append(series(Wording.short(results.model.name, limit: 16), own, .main))
    var chart = LineChart(lines, xTitle: "largest change of a pixel, ε", yTitle: "accuracy")
    chart.yStyle = .percent
    chart.yBounds = 0...1
    return Illustration(
      text(
        .robustnessBeside, title ?? Findings.transfer(results),
        "Accuracy under PGD of \(results.robustness.steps) steps, aimed at each network itself, on "
          + "\(drawn(results.robustness.count)), with 95% intervals. Broken line: the other "
          + "network’s accuracy on images that were made against this one and never saw the other."),
      chart)
  }

  /// The same images explained by each network.
  package func explainedBeside(_ results: StudyResults) -> Illustration? {
    guard
      let at = results.explanations.mainMethod
    else { return nil }
    let rows = results.explanations.rows.enumerated().map { row, facts in
      let views =
        [facts.maps[at].sum]
        + results.comparisons.compactMap {
          $0.explained.indices.contains(row) ? $0.explained[row].map.sum : nil
        }
      let plate = Plate(views, map: .signed, policy: .attribution)
      let answers =
        [(facts.example.predicted, facts.example.confidence)]
        + results.comparisons.compactMap {
          $0.explained.indices.contains(row)
            ? ($0.explained[row].predicted, $0.explained[row].confidence) : nil
        }
      let ghost = facts.example.pixels.picture.ghost
      return ImageGrid.Row(
        [name(facts.example.label), StyledLine("#\(facts.example.index)", .ink3)],
        tiles: [ImageGrid.Tile(facts.example.pixels.picture)]
          + zip(plate.pictures, answers).map { picture, answer in
            ImageGrid.Tile(
              picture,
              caption: [
                StyledLine([
                  StyledLine.Span(
                    subject.className(answer.0), answer.0 == facts.example.label ? .ink : .wrong,
                    weight: .semibold),
                  StyledLine.Span(Format.probability(Double(answer.1)), .ink3),
                ])
              ], overlay: ghost)
          })
    }
    let headers = ["Input", results.model.name] + results.comparisons.map(\.name)
    return Illustration(
      text(
        .explainedBeside, Findings.explainedBeside(results),
        "Integrated gradients for the answer that each network gave. Orange pixels speak for it, blue ones "
          + "against it; each map by its own 99.5th percentile."
          + Self.agreementWords(
            results.comparisons.compactMap(\.agreement).first, inked: subject.inked)
          + Self.seedWords(results.explanations),
        alt: "Integrated gradients of \(rows.count) images by \(headers.count - 1) networks"),
      ImageGrid(
        rows: rows,
        headers: headers.map {
          [StyledLine(Wording.short($0, limit: 16), .ink, weight: .semibold)]
        },
        scale: scale(of: results.explanations.rows.map(\.example), 112), gutter: 18))
  }
}

extension FigureName {
  /// The images on which another network, by its number, answers otherwise.
  static func flips(_ number: Int) -> FigureName { FigureName("flips-\(number)") }
  static let comparison = FigureName("comparison")
  static let firstLayers = FigureName("first-layers")
  static let robustnessBeside = FigureName("robustness-beside")
  static let explainedBeside = FigureName("explained-beside")
}
