import Drawing
import Figures
public import Study

extension ReportFigures {
  /// Images before and after an attack.
  package func adversarial(_ facts: RobustnessFacts) -> Illustration {
    let examples = facts.mostFragile
    let changes = examples.map {
      Plate(
        [$0.adversarial.minus($0.before.pixels).mean], map: .signed, policy: .fixed(1.0 / 8)
      ).pictures[0]
    }
    func label(_ example: RobustnessFacts.Example) -> [StyledLine] {
      [
        .mistake(
          subject.className(example.before.label), readAs: subject.className(example.predicted)),
        StyledLine("ε = \(Format.fixed(example.epsilon, 3))", .ink3),
      ]
    }
    func bars(_ example: RobustnessFacts.Example, _ values: [Float]) -> [ImageGrid.TileBar] {
      [(example.before.label, Ink.ink), (example.predicted, .wrong)].map { label, ink in
        ImageGrid.TileBar(
          subject.className(label), values.indices.contains(label) ? Double(values[label]) : 0,
          ink: ink)
      }
    }
    func header(_ words: String, _ more: String = "") -> [StyledLine] {
      [StyledLine(words, .ink, weight: .semibold)] + (more.isEmpty ? [] : [StyledLine(more, .ink3)])
    }
    func sign(_ text: String) -> ImageGrid.Tile {
      ImageGrid.Tile(nil, caption: [StyledLine(text, .ink2)], frame: nil)
    }
    let change = header("Change × 8", "orange adds, blue removes")
    let pixels = scale(of: examples.map(\.before), 112)
    let grid = ImageGrid(
      rows: zip(examples, changes).map { example, change in
        ImageGrid.Row(
          label(example),
          tiles: [
            ImageGrid.Tile(example.before.pixels.picture), sign("+"), ImageGrid.Tile(change),
            sign("="), ImageGrid.Tile(example.adversarial.picture),
            ImageGrid.Tile(nil, frame: nil, bars: bars(example, example.before.probabilities)),
            ImageGrid.Tile(nil, frame: nil, bars: bars(example, example.probabilities)),
          ])
      },
      headers: [
        header("Original"), [], change, [], header("Adversarial", "PGD"), header("Before"),
        header("After"),
      ], scale: pixels, gutter: 14)
    let narrow = ImageGrid(
      rows: zip(examples, changes).map { example, change in
        ImageGrid.Row(
          label(example),
          tiles: [
            ImageGrid.Tile(
              example.before.pixels.picture, bars: bars(example, example.before.probabilities)),
            ImageGrid.Tile(change),
            ImageGrid.Tile(
              example.adversarial.picture, bars: bars(example, example.probabilities)),
          ])
      }, headers: [header("Original"), header("Change × 8"), header("Adversarial")],
      scale: pixels, gutter: 14)
    let title =
      facts.examples.isEmpty
      ? "No image could be fooled with the sizes that were tried."
      : "You still read the same \(subject.noun). The network does not."
    return Illustration(
      text(
        .adversarial, title,
        "PGD with the smallest ε tried that changed the answer, the most fragile images first. No pixel changed by more than "
          + "ε, where \(subject.scale). Bars: probability of the true class (in the color of the text) and of the new answer (red).",
        method:
          "PGD of \(facts.steps) steps; one image of a class at most. Full color in the middle is a change of 0.125.",
        alt: "Images before and after an attack, with the change between them"), grid,
      narrow: narrow)
  }

  /// Accuracy against the size of the change, one line a method.
  public func curves(_ facts: RobustnessFacts) -> Illustration {
    let series = facts.curves.map { curve in
      let points = curve.points.map { Point($0.epsilon, $0.accuracy) }
      let (label, emphasis, ink): (String, LineChart.Emphasis, Ink?) =
        switch curve.method {
        case .noise: ("Noise", .reference, nil)
        case .fgsm: ("FGSM", .main, .negative)
        case .pgd: ("PGD", .main, .positive)
        }
      return LineChart.Series(
        label, points: points, emphasis: emphasis, label: label, ink: ink,
        intervals: curve.points.map(\.interval.range))
    }
    var chart = LineChart(series, xTitle: "largest change of a pixel, ε", yTitle: "accuracy")
    chart.yStyle = .percent
    chart.yBounds = 0...1
    let attack = facts.duel.map {
      " At ε = \(Format.fixed($0.epsilon, 2)) noise leaves "
        + "\(Format.percent($0.noise, decimals: 1)) and the attack "
        + "\(Format.percent($0.attack, decimals: 1)) (95% CI \($0.interval.percent(decimals: 0)))."
    }
    return Illustration(
      text(
        .curves, Findings.attack(facts),
        "\(Wording.capitalized(drawn(facts.count))); bands are 95% intervals. FGSM takes "
          + "one step along the sign of the gradient, PGD \(facts.steps) small ones.\(attack ?? "")"
      ), chart,
      width: Illustration.halfWidth)
  }

  /// At which size each image was fooled.
  package func smallest(_ facts: RobustnessFacts) -> Illustration {
    let spread = facts.spread
    let (held, right) = (spread.held, spread.right)
    var chart = Histogram(
      edges: [0] + spread.sizes, counts: spread.counts, xTitle: "smallest ε that fooled it",
      yTitle: "images")
    chart.marker = facts.medianSize.flatMap { $0.isFinite ? $0 : nil }
    return Illustration(
      text(
        .smallest, Findings.smallest(facts, noun: subject.noun),
        "For each image that was read correctly the smallest ε tried at which PGD fooled it. "
          + "\(held == 0 ? "None" : Format.count(held)) held against every size. "
          + "\(Format.count(right)) of the \(Wording.counted(facts.count, "image")) attacked \(right == 1 ? "was" : "were") right "
          + "to begin with.",
        method:
          "A bar reaches from the size tried before to that size. The broken line is where half of all images attacked "
          + "are misread, as in the curve of PGD."), chart, width: Illustration.halfWidth)
  }
}

extension FigureName {
  static let adversarial = FigureName("adversarial")
  static let curves = FigureName("curves")
  static let smallest = FigureName("smallest")
}
