import Attribution
import Drawing
import Evaluation
import Figures
public import Study

extension ReportFigures {
  /// What each pixel did for the answer: images in rows, methods in columns, sanity check last.
  public func saliency(_ facts: ExplanationFacts) -> Illustration {
    let checked = facts.methods.indices.last ?? 0
    let rows = facts.rows.map { row in
      let picture = row.example.pixels.picture
      let maps =
        row.maps + (row.untrainedMaps.indices.contains(checked) ? [row.untrainedMaps[checked]] : [])
      let plate = Plate(maps.map(\.sum), map: .signed, policy: .attribution)
      return ImageGrid.Row(
        [
          reading(row.example),
          StyledLine(Format.probability(Double(row.example.confidence)), .ink3),
        ],
        tiles: [ImageGrid.Tile(picture)]
          + plate.pictures.map { ImageGrid.Tile($0, overlay: picture.ghost) })
    }
    let input = [StyledLine("Input", .ink, weight: .semibold)]
    let methods = facts.methods.map {
      [
        StyledLine(Self.title($0.name), .ink, weight: .semibold),
        StyledLine(Subject.short($0.summary, limit: 90), .ink3),
      ]
    }
    let sanity = [
      StyledLine("Sanity check", .ink, weight: .semibold),
      StyledLine(
        "\(Findings.words(facts.methods.last?.name ?? "")), untrained network", .ink3),
    ]
    var grid = ImageGrid(
      rows: rows, headers: [input] + methods + [sanity],
      scale: scale(of: facts.rows.map(\.example), 112),
      gutter: 14)
    grid.footer = (
      label: ["Similarity to the", "untrained network"],
      cells: [StyledLine("")]
        + facts.similarityToUntrained.map {
          StyledLine(Format.fixed($0, 2), .ink, weight: .semibold)
        } + [StyledLine("")]
    )
    let right = facts.rows.count { $0.example.label == $0.example.predicted }
    return Illustration(
      text(
        "saliency", Findings.sanity(facts),
        "Orange pixels speak for the predicted class, blue ones against it; the input is ghosted "
          + "underneath. \(Subject.counted(right, "right answer")) and "
          + "\(Subject.counted(facts.rows.count - right, "wrong one")), explained for the answer "
          + "that was given. Each map is scaled by its own 99.5th percentile: compare shapes, not "
          + "strengths. Last line: mean rank correlation of the strengths, where there is ink, with "
          + "those of the same network with random weights, n = \(facts.rows.count).",
        alt: "Attribution maps of \(facts.rows.count) images by \(facts.methods.count) methods"),
      grid)
  }

  /// The methods beside maps that know nothing of the network.
  public func cards(_ facts: ExplanationFacts) -> Illustration {
    func panel(
      _ title: String, _ measure: (ExplanationFacts.Card) -> Estimate
    ) -> IntervalDots.Panel {
      IntervalDots.Panel(
        title,
        rows: facts.cards.map { card in
          let value = measure(card)
          let mark = card.failsSanityCheck && !card.isControl ? " *" : ""
          return IntervalDots.Row(
            Self.title(card.name) + mark, value: value.mean,
            interval: min(value.low, value.mean)...max(value.high, value.mean),
            isHighlighted: card.isControl)
        })
    }
    let failed = facts.cards.filter { $0.failsSanityCheck && !$0.isControl }.map {
      Findings.words($0.name)
    }
    return Illustration(
      text(
        "cards", Findings.faithfulness(facts),
        "Left: mean probability of the answer while the pixels that a map calls strongest are blanked "
          + "first; less is better. Right: while they are put in first; more is better. Red dots are maps "
          + "that know nothing of the network: a method that is no better than they are explains nothing. "
          + "n = \(Format.count(facts.judged)), 95% intervals."
          + (failed.isEmpty
            ? ""
            : " * stays nearly the same with random weights: \(Subject.list(failed)).")),
      IntervalDots([panel("Deletion", \.deletion), panel("Insertion", \.insertion)]))
  }

  /// Methods whose authors write them in their own way.
  static let properNames = [
    "smoothgrad": "SmoothGrad", "grad-cam": "Grad-CAM", "grad-cam++": "Grad-CAM++",
    "deeplift": "DeepLIFT", "lrp": "LRP", "rise": "RISE", "lime": "LIME",
  ]

  /// `integrated-gradients` as a heading.
  static func title(_ name: String) -> String {
    if let own = properNames[name] { return own }
    let words = Findings.words(name)
    return words.prefix(1).uppercased() + words.dropFirst()
  }

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

  /// This network beside others on the same test images.
  public func comparison(_ results: StudyResults) -> Illustration {
    let quality = results.quality.evaluation
    let others = results.comparisons
    func row(_ name: String, _ value: Double, _ interval: Interval) -> IntervalDots.Row {
      IntervalDots.Row(Subject.short(name, limit: 24), value: value, interval: interval.range)
    }
    let rows =
      [row(results.model.name, quality.accuracy, quality.accuracyInterval)]
      + others.map { row($0.name, $0.accuracy, $0.interval) }
    let sizes =
      [
        BarRows.Row(
          Subject.short(results.model.name, limit: 24), value: Double(results.model.parameters),
          valueText: Format.count(results.model.parameters), isHighlighted: true)
      ]
      + others.map {
        BarRows.Row(
          Subject.short($0.name, limit: 24), value: Double($0.parameters),
          valueText: Format.count($0.parameters))
      }
    let title = others.first.map {
      Findings.comparison($0, accuracy: quality.accuracy, name: Subject.short(results.model.name))
    }
    let flips = others.map {
      "Against \(Subject.short($0.name)): \(Subject.counted($0.onlyStudiedRight, "image")) only "
        + "this network reads, \(Format.count($0.onlyOtherRight)) only the other (exact McNemar "
        + "test, p = \(Format.significant($0.pValue, 2)))."
    }
    return Illustration(
      text(
        "comparison", title ?? "The networks compared.",
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
}
