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
    "smoothgrad": "SmoothGrad", "smoothgrad-squared": "SmoothGrad, squared", "vargrad": "VarGrad",
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
