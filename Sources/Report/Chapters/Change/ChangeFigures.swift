import Drawing
import Evaluation
import Figures
import Study

extension ReportFigures {
  /// Classes whose differences are shown.
  private static let shownClasses = 12

  /// The accuracies of both, and their difference on all images and by class.
  func changedAccuracy(_ pair: ChangedPair) -> Illustration {
    let answers = pair.change.answers
    func share(_ right: Int) -> IntervalDots.Row {
      IntervalDots.Row(
        "", value: Double(right) / Double(max(1, answers.count)),
        interval: Interval.wilson(right, of: answers.count).range)
    }
    func difference(_ name: String, _ counts: PairedCounts, isReal: Bool) -> IntervalDots.Row {
      let interval = counts.interval
      return IntervalDots.Row(
        name, value: 100 * counts.difference, interval: 100 * interval.low...100 * interval.high,
        ink: isReal ? .ink : .bar)
    }
    var (before, after) = (
      share(answers.both + answers.onlySecond), share(answers.both + answers.onlyFirst)
    )
    (before.label, after.label) = ("before: \(pair.before)", "after: \(pair.after)")
    let classes = pair.change.perClass
    let changed = Set(pair.change.changedClasses)
    let shown =
      classes.count <= Self.shownClasses
      ? Array(classes.indices)
      : classes.map(\.difference).placesByMagnitude.prefix(Self.shownClasses).sorted()
    let rows =
      [difference("all", answers, isReal: pair.isBeyondChance(.accuracy))]
      + shown.filter { classes[$0].count > 0 }.map {
        difference(subject.className($0), classes[$0], isReal: changed.contains($0))
      }
    return Illustration(
      text(
        .changedAccuracy, Findings.changedAccuracy(pair),
        "Left: accuracy on the same \(Format.count(answers.count)) test images with 95% Wilson intervals. Right: after minus before, in "
          + "points, of all images and of each class\(classes.count > shown.count ? " of the \(shown.count) that differ most" : ""); grey dots are within chance.",
        method:
          "The test is McNemar’s exact one, on the images that only one of the two reads, with Holm’s correction: of all images for the "
          + "tests of accuracy, loss and robustness, of classes for their number. The interval of a difference is Newcombe’s for pairs (1998, method 10)."
      ),
      Panels([
        Panels.Panel("Accuracy", IntervalDots([IntervalDots.Panel("", rows: [before, after])])),
        Panels.Panel(
          "Difference in points",
          IntervalDots([IntervalDots.Panel("", rows: rows)], style: .plain)),
      ]))
  }

  /// What the confidence of both is worth.
  func changedCalibration(_ pair: ChangedPair, bands: [Calibration.Band]) -> Illustration {
    Illustration(
      text(
        .changedCalibration, Findings.changedCalibration(pair),
        "The same test images in bands of confidence: the accuracy that was delivered (dot, with 95% interval) against the confidence "
          + "that was claimed, before and after.",
        method:
          "The calibration error is the expected one over 15 bins. Chance makes it larger than it is, more so for the less confident "
          + "network, so a small difference tells nothing. The loss, which rewards honest confidence, is compared with an interval."
      ),
      Panels([
        Panels.Panel("before: \(pair.before)", reliabilityDiagram(pair.change.bands)),
        Panels.Panel("after: \(pair.after)", reliabilityDiagram(bands)),
      ]))
  }

  /// How far each layer's weights moved.
  func changedWeights(_ pair: ChangedPair) -> Illustration {
    Illustration(
      text(
        .changedWeights, Findings.changedWeights(pair),
        "Euclidean distance between the weights and biases of a layer before and after, in lengths of those before. Weights that have "
          + "nothing in common are about √2 = 141% apart. The numbers are exact: no sample, no interval."
      ),
      BarRows(
        pair.change.layers.map { layer in
          BarRows.Row(
            "\(layer.name), \(Wording.counted(layer.parameters, "number"))",
            value: layer.distance ?? .nan,
            valueText: layer.distance.map { Format.percent($0, decimals: $0 < 0.1 ? 1 : 0) }
              ?? "all 0 before")
        }), width: 664)
  }

  /// The filters that moved most.
  func changedFilters(_ filters: ChangeFacts.Filters, _ pair: ChangedPair) -> Illustration {
    let weights = filters.shown.map(\.weights)
    let drawn = WeightPictures(
      [0, 1].map { stage in
        Plane(
          shape: [weights.count] + (weights.first?.shape.dropFirst() ?? []),
          values: weights.flatMap { weights -> ArraySlice<Float> in
            let size = weights.values.count / 2
            return weights.values[stage * size..<(stage + 1) * size]
          })
      }, limit: weights.count, channels: subject.channels)
    let width = drawn.stages[0].first?.width ?? 3
    let scale = max(1, (filters.areTemplates ? 56 : 48) / max(width, 1))
    let tiles = zip(zip(drawn.stages[0], drawn.stages[1]), filters.shown).map { pictures, moved in
      ImageGrid.Tile(
        Plate.sheet(
          [pictures.0, pictures.1].map { $0.framed(scale: scale) }, columns: 1, gutter: 3),
        caption: [
          StyledLine(
            Format.percent(moved.distance, decimals: moved.distance < 0.1 ? 1 : 0), .ink,
            weight: .semibold),
          StyledLine(
            moved.before == moved.after
              ? "#\(moved.after)" : "#\(moved.before) → #\(moved.after)", .ink3),
        ], frame: nil)
    }
    let (noun, nouns) = filters.areTemplates ? ("template", "templates") : ("filter", "filters")
    return Illustration(
      text(
        .changedFilters, Findings.changedFilters(filters),
        "The \(Wording.counted(filters.shown.count, noun)) of \(filters.layer) that moved farthest, above before and below after, on one scale, with "
          + "the distance in lengths of the one before. "
          + (filters.arePaired
            ? "The networks began from other random numbers, so each is shown beside the one most like it. "
            : "")
          + subject.weightColors(isColor: drawn.isColor) + ".",
        method: filters.arePaired
          ? "Numbers count \(nouns) from 0. \(Wording.capitalized(nouns)) of one place have less than half their direction in common "
            + "on average, so pairs were made by the cosine of the weights, the likest first, none used twice."
          : "Numbers count \(nouns) from 0. \(Wording.capitalized(nouns)) are compared with those of the same place.",
        alt: "\(Wording.capitalized(nouns)) of \(filters.layer) before and after"),
      ImageGrid(tiles, scale: 1, gutter: 14))
  }

  /// The images whose reasons changed most.
  func changedExplanations(_ pair: ChangedPair) -> Illustration {
    let rows = pair.change.explained.map { one in
      let pictures = Plate(one.maps.map(\.sum), map: .signed, policy: .attribution).pictures
      let answers = [
        (one.predicted, one.confidence), (one.example.predicted, one.example.confidence),
      ]
      return ImageGrid.Row(
        [
          name(one.example.label),
          StyledLine("#\(one.example.index), ρ = \(Format.fixed(one.correlation, 2))", .ink3),
        ],
        tiles: [ImageGrid.Tile(one.example.pixels.picture)]
          + zip(pictures, answers).map { picture, answer in
            ImageGrid.Tile(
              picture, caption: [self.answer(answer.0, Double(answer.1), of: one.example.label)],
              overlay: one.example.pixels.picture.ghost)
          })
    }
    return Illustration(
      text(
        .changedExplanations, Findings.changedExplanations(pair),
        "The images with the lowest rank correlation ρ between both networks’ integrated gradients, each for its own answer. Orange "
          + "pixels speak for it, blue ones against it; each map by its own 99.5th percentile.",
        method:
          "The correlation is Spearman’s, with signs, \(subject.inked). The images are the least alike of "
          + "\(drawn(pair.other.agreement?.count ?? 0)).",
        alt: "Integrated gradients of \(rows.count) images before and after"),
      ImageGrid(
        rows: rows,
        headers: ["Input", "before: \(pair.before)", "after: \(pair.after)"].map {
          [StyledLine(Wording.short($0, limit: 24), .ink, weight: .semibold)]
        }, scale: scale(of: pair.change.explained.map(\.example), 112), gutter: 18))
  }

  /// An answer with its confidence, in the color of errors if it is one.
  func answer(_ answer: Int, _ confidence: Double, of label: Int) -> StyledLine {
    StyledLine([
      StyledLine.Span(
        subject.className(answer), answer == label ? .ink : .wrong, weight: .semibold),
      StyledLine.Span(Format.probability(confidence), .ink3),
    ])
  }
}

extension FigureName {
  static let changedAccuracy = FigureName("changed-accuracy")
  static let changedCalibration = FigureName("changed-calibration")
  static let changedWeights = FigureName("changed-weights")
  static let changedFilters = FigureName("changed-filters")
  static let changedExplanations = FigureName("changed-explanations")
}
