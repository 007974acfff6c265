import Drawing
import Evaluation
import Figures
public import Study

extension ReportFigures {
  /// Images before and after an attack.
  public func adversarial(_ facts: RobustnessFacts) -> Illustration {
    let rows = facts.examples.sorted { $0.epsilon < $1.epsilon }.map { example in
      let change = Plate(
        [example.adversarial.minus(example.before.pixels).mean], map: .signed,
        policy: .fixed(1.0 / 8))
      let (truth, answer) = (example.before.label, example.predicted)
      let after = example.probabilities
      func bars(_ values: [Float]) -> [ImageGrid.TileBar] {
        [
          ImageGrid.TileBar(
            subject.className(truth), values.indices.contains(truth) ? Double(values[truth]) : 0,
            ink: .ink),
          ImageGrid.TileBar(
            subject.className(answer), values.indices.contains(answer) ? Double(values[answer]) : 0,
            ink: .wrong),
        ]
      }
      return ImageGrid.Row(
        [
          .mistake(subject.className(truth), readAs: subject.className(answer)),
          StyledLine("ε = \(Format.fixed(example.epsilon, 3))", .ink3),
        ],
        tiles: [
          ImageGrid.Tile(example.before.pixels.picture, bars: bars(example.before.probabilities)),
          ImageGrid.Tile(change.pictures.first),
          ImageGrid.Tile(example.adversarial.picture, bars: bars(after)),
        ])
    }
    func header(_ words: String, _ more: String) -> [StyledLine] {
      [StyledLine(words, .ink, weight: .semibold), StyledLine(more, .ink3)]
    }
    let grid = ImageGrid(
      rows: rows,
      headers: [
        header("Before", "as in the test set"), header("Change × 8", "orange adds, blue removes"),
        header("After", "PGD"),
      ], scale: scale(of: facts.examples.map(\.before), 84), gutter: 28)
    let scale = Subject.scale(
      channels: facts.examples.first?.before.pixels.dimensions.channels ?? 1)
    let title =
      facts.examples.isEmpty
      ? "No image could be fooled with the sizes that were tried."
      : "You still read the same \(subject.noun). The network does not."
    return Illustration(
      text(
        "adversarial", title,
        "PGD with the smallest ε tried that changed the answer; one image of a class at most, the "
          + "most fragile first. No pixel changed by more than ε, where \(scale). Full color in "
          + "the middle is a change of 0.125. Bars: probability of the true class (ink) and of the "
          + "new answer (red).",
        alt: "Images before and after an attack, with the change between them"), grid)
  }

  /// Accuracy against the size of the change, one line a method.
  public func curves(_ facts: RobustnessFacts) -> Illustration {
    let series = facts.curves.map { curve in
      let points = curve.points.map { Point($0.epsilon, $0.accuracy) }
      let (label, emphasis, ink): (String, LineChart.Emphasis, Ink?) =
        switch curve.method {
        case "noise": ("Noise", .reference, nil)
        case "fgsm": ("FGSM", .main, .negative)
        case "pgd": ("PGD", .main, .positive)
        default: (curve.method, .main, nil)
        }
      return LineChart.Series(
        label, points: points, emphasis: emphasis, label: label, ink: ink,
        intervals: curve.points.map(\.interval.range))
    }
    var chart = LineChart(series, xTitle: "largest change of a pixel, ε", yTitle: "accuracy")
    chart.yStyle = .percent
    chart.yBounds = 0...1
    let attack = Findings.duel(facts).map {
      " At ε = \(Format.fixed($0.epsilon, 2)) noise leaves "
        + "\(Format.percent($0.noise, decimals: 1)) and the attack "
        + "\(Format.percent($0.attack, decimals: 1)) (95% CI \($0.interval.percent(decimals: 0)))."
    }
    return Illustration(
      text(
        "curves", Findings.attack(facts),
        "The first \(Format.count(facts.count)) test images; bands are 95% intervals. FGSM takes "
          + "one step along the sign of the gradient, PGD many small ones.\(attack ?? "")"), chart)
  }

  /// At which size each image was fooled.
  public func smallest(_ facts: RobustnessFacts) -> Illustration {
    let sizes = facts.curves.last?.points.map(\.epsilon).filter { $0 > 0 } ?? []
    let fooled = facts.smallest.compactMap { $0 }.filter { $0 > 0 }
    let counts = sizes.map { size in fooled.count { $0 == size } }
    let held = facts.smallest.count { $0 == nil }
    let bins =
      zip(sizes, counts).map { Histogram.Bin(Format.fixed($0, 3), counts: [$1]) }
      + [Histogram.Bin("held", counts: [held])]
    return Illustration(
      text(
        "smallest", Findings.smallest(facts, noun: subject.noun),
        "For each image that was read correctly the smallest ε tried at which PGD fooled it; “held” are those "
          + "that no size tried could fool. \(Format.count(fooled.count + held)) of the "
          + "\(Format.count(facts.count)) images attacked were right to begin with."),
      Histogram(
        bins, groups: [Histogram.Group("images")], xTitle: "smallest ε that fooled it",
        yTitle: "images"))
  }
}
