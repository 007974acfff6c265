import Attribution
import Drawing
import Figures
public import Study

extension ReportFigures {
  /// What each pixel did for the answer: images in rows, methods in columns, sanity check last.
  public func saliency(_ facts: ExplanationFacts) -> Illustration {
    // What the finding speaks of, where there is that method.
    let checked =
      facts.mainMethod ?? facts.methods.indices.last
      ?? 0
    let checkedName = facts.methods.indices.contains(checked) ? facts.methods[checked].name : ""
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
        StyledLine(Wording.short($0.summary, limit: 90), .ink3),
      ]
    }
    let sanity = [
      StyledLine("Sanity check", .ink, weight: .semibold),
      StyledLine(
        "\(Findings.words(checkedName)), untrained network", .ink3),
    ]
    var grid = ImageGrid(
      rows: rows, headers: [input] + methods + [sanity],
      scale: scale(of: facts.rows.map(\.example), 112),
      gutter: 14)
    grid.key = ColorScale(.signed, lower: "against", upper: "for the answer")
    let (areas, least) = (facts.deletionAreas, facts.leastDeletion)
    if let random = facts.random?.deletion.mean {
      grid.footer = (
        label: ["Deletion area,", "lower is better"],
        cells: [StyledLine("random \(Format.fixed(random, 2))", .ink3)]
          + facts.methods.map { method in
            StyledLine(
              areas[method.name].map { Format.fixed($0, 2) } ?? "", .ink,
              weight: areas[method.name] == least ? .semibold : .regular)
          } + [StyledLine("")]
      )
    }
    let right = facts.rightRows
    return Illustration(
      text(
        .saliency, Findings.agreement(facts),
        "Orange pixels speak for the predicted class, blue ones against it"
          + "\(subject.ghosted). \(Wording.counted(right, "right answer")) and "
          + "\(Wording.counted(facts.rows.count - right, "wrong one")), explained for the answer "
          + "that was given. Compare shapes, not strengths.",
        method: "Each map is scaled by its own 99.5th percentile."
          + "\(Self.agreementWords(facts.agreement, inked: subject.inked))\(Self.seedWords(facts)) Last line: mean probability of the answer while the pixels that the map calls "
          + "strongest are blanked first, n = \(Format.count(facts.judged)).",
        alt: "Attribution maps of \(facts.rows.count) images by \(facts.methods.count) methods"),
      grid)
  }

  /// What the correlations in a title are of; nothing where the title has none.
  static func agreementWords(_ agreement: Agreement?, inked: String) -> String {
    agreement == nil
      ? ""
      : " The correlations in the title are those \(inked), means over test images; ± is the 95% interval."
  }

  /// The baseline of such correlations: the same run from another seed.
  static func seedWords(_ facts: ExplanationFacts) -> String {
    facts.seedAgreement.map {
      " The maps of this network and of the same run from another seed, by integrated gradients for the same answers,"
        + " correlate by \(Findings.estimate($0.strength)) without their signs and \(Findings.estimate($0.signed))"
        + " with them: two networks of one kind share no more."
    } ?? ""
  }

  /// How fast the answer falls while pixels are blanked in a method's order; nil without such numbers.
  package func deletion(_ facts: ExplanationFacts) -> Illustration? {
    let cards = facts.cards.filter {
      $0.deletionCurve.count > 1 && (!$0.isControl || $0.name == ExplanationFacts.randomMap)
    }
    guard !cards.isEmpty else { return nil }
    let best = facts.mostFaithful?.name
    // The one that the title is about last: it lies on top.
    let sorted = cards.filter { $0.name != best } + cards.filter { $0.name == best }
    let series = sorted.map { card in
      LineChart.Series(
        Self.title(card.name), points: card.firstHalf.map { Point($0.blanked, $0.kept) },
        emphasis: card.isControl ? .baseline : card.name == best ? .main : .reference,
        label: Self.title(card.name), ink: card.name == best ? .positive : nil)
    }
    var chart = LineChart(series, xTitle: "pixels blanked", yTitle: "probability of its answer")
    chart.xStyle = .percent
    chart.yStyle = .probability
    chart.yBounds = 0...1
    return Illustration(
      text(
        .deletion, Findings.deletion(facts),
        "The mean probability of the answer while the first half of the pixels is blanked in the order in which a map calls them "
          + "important, and in random order (broken line). The faster it falls, the better the map knows what the "
          + "answer rests on. n = \(Format.count(facts.judged)) test images.",
        method: "The random order takes pixels that are not blank first."),
      chart, width: Illustration.halfWidth)
  }

  /// How much the maps resemble those of an untrained network.
  package func similarity(_ facts: ExplanationFacts) -> Illustration {
    let control = facts.similarityToRandomLabels
    let all = facts.similarityOverAllPixels
    let random = IntervalDots.Panel(
      subject.inked, other: "all pixels",
      rows: facts.methods.indices.map { at in
        let value = facts.similarityToUntrained[at]
        return IntervalDots.Row(
          Self.title(facts.methods[at].name), value: value.mean, interval: value.range,
          other: all.indices.contains(at) ? all[at].mean : nil,
          ink: value.mean > SanityCheck.limit ? .wrong : .ink)
      })
    let labels = IntervalDots.Panel(
      "A network of random labels",
      rows: zip(facts.methods, control).map {
        IntervalDots.Row(Self.title($0.name), value: $1.mean, interval: $1.range)
      })
    let least = min(
      0, (facts.similarityToUntrained + all + control).map(\.low).filter(\.isFinite).min() ?? 0)
    return Illustration(
      text(
        .similarity, Findings.sanity(facts, subject: subject),
        "Mean rank correlation of the maps’ strengths with those of networks with random weights: 1 means that "
          + "training changed nothing. A map above \(Format.fixed(SanityCheck.limit, 1)) where "
          + "\(subject.inked.dropFirst("where ".count)) is drawn red, and not to be trusted. n = "
          + "\(Format.count(facts.checked)) images, lines are 95% intervals.",
        method:
          "Over all pixels (rings) those count too that many methods leave at 0 whatever the network. "
          + (control.isEmpty
            ? "A harder test is missing: a network that learned random labels (inkling train --random-labels makes it)."
            : "A network that learned random labels saw the same images, but nothing in them to learn: what its maps "
              + "share with this one’s, \(subject.inked), comes from the images.")),
      IntervalDots(
        [random] + (control.isEmpty ? [] : [labels]), style: .plain, bounds: least...1),
      width: Illustration.halfWidth)
  }

  /// The methods beside maps that know nothing of the network.
  package func cards(_ facts: ExplanationFacts) -> Illustration {
    func panel(
      _ title: String, _ measure: (ExplanationFacts.Card) -> Estimate
    ) -> IntervalDots.Panel {
      IntervalDots.Panel(
        title,
        rows: facts.cards.compactMap { card in
          let value = measure(card)
          // Of a network whose scores are no numbers there is nothing to draw.
          guard let interval = value.range else { return nil }
          let mark = card.failsSanityCheck && !card.isControl ? " *" : ""
          return IntervalDots.Row(
            Self.title(card.name) + mark, value: value.mean,
            interval: interval,
            ink: card.isControl ? .bar : .ink)
        })
    }
    let failed = facts.cards.filter { $0.failsSanityCheck && !$0.isControl }.map {
      Findings.words($0.name)
    }
    return Illustration(
      text(
        .cards, Findings.faithfulness(facts),
        "Left: mean probability of the answer while the pixels that a map calls strongest are blanked "
          + "first; less is better. Right: while they are put in first; more is better. Grey dots know nothing of the network: "
          + "a method that is no better explains nothing. "
          + "n = \(Format.count(facts.judged)), 95% intervals."
          + (failed.isEmpty
            ? ""
            : " * stays nearly the same with random weights: \(Wording.list(failed))."),
        method: "The random map takes pixels that are not blank first."),
      IntervalDots([panel("Deletion", \.deletion), panel("Insertion", \.insertion)]))
  }

  /// Methods whose authors write them in their own way.
  static let properNames = [
    "input-x-gradient": "input × gradient", "smoothgrad": "SmoothGrad",
    "smoothgrad-squared": "SmoothGrad, squared", "vargrad": "VarGrad",
    "gradient-shap": "GradientSHAP", "guided-grad-cam": "guided Grad-CAM", "deconvnet": "DeconvNet",
    "kernel-shap": "KernelSHAP", "grad-cam": "Grad-CAM", "grad-cam++": "Grad-CAM++",
    "xgrad-cam": "XGrad-CAM", "hires-cam": "HiResCAM", "layer-cam": "LayerCAM",
    "eigen-cam": "EigenCAM", "score-cam": "Score-CAM", "ablation-cam": "Ablation-CAM",
    "deeplift": "DeepLIFT", "lrp": "LRP", "rise": "RISE", "lime": "LIME",
  ]

  /// `integrated-gradients` as a heading.
  static func title(_ name: String) -> String {
    let words = Findings.words(name)
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}

extension FigureName {
  static let saliency = FigureName("saliency")
  static let deletion = FigureName("deletion")
  static let similarity = FigureName("similarity")
  static let cards = FigureName("cards")
}
