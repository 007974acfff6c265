import Figures
package import Study

extension ReportFigures {
  /// Every layer with what it hands on and what it costs.
  static func layers(_ model: ModelFacts) -> FigureTable {
    FigureTable(
      header: ["Layer", "Kind", "Hands on", "Parameters", "Multiplications"],
      rows: model.layers.map {
        [
          $0.name, $0.type, shape($0.outputShape), Format.count($0.parameters),
          Format.count($0.multiplications),
        ]
      })
  }

  static func shape(_ dimensions: [Int]) -> String {
    switch dimensions.count {
    case 3:
      dimensions[0] == 1
        ? "\(dimensions[1]) × \(dimensions[2])"
        : "\(dimensions[0]) maps, \(dimensions[1]) × \(dimensions[2])"
    case 1: Format.count(dimensions[0]) + " numbers"
    default: dimensions.map(String.init).joined(separator: " × ")
    }
  }

  /// Which layers hold the parameters and which do the work.
  package func costs(_ model: ModelFacts) -> Illustration {
    let reuse =
      model.isConvolutional
      ? " Convolutions reuse few numbers at many places, so they work much and store little." : ""
    let weighted = model.layers.filter { $0.parameters > 0 || $0.multiplications > 0 }
    var illustration = Illustration(
      text(
        .costs, Findings.arithmetic(model.layers),
        "Both bars have the full width; each part is a layer's share.\(reuse) The table has every layer."
      ),
      StackedBar([
        StackedBar.Bar(
          "\(Format.count(model.parameters)) parameters",
          weighted.map { StackedBar.Segment($0.name, Double($0.parameters)) }),
        StackedBar.Bar(
          "\(Format.count(model.multiplications)) multiplications",
          weighted.map { StackedBar.Segment($0.name, Double($0.multiplications)) }),
      ]))
    illustration.table = Self.layers(model)
    return illustration
  }

  /// The example's probabilities without and with training.
  package func opinions(
    _ facts: UntrainedComparison, example: ExampleFacts, accuracy: Double
  ) -> Illustration {
    func panel(_ title: String, _ words: String, _ values: [Float]) -> Panels.Panel {
      Panels.Panel(title, subtitle: words, BarRows(rows(values), maximum: 1))
    }
    let chance = Format.percent(facts.chance, decimals: 1)
    return Illustration(
      text(
        .opinions, Findings.opinion(facts),
        "Probabilities for test image #\(example.index), which is "
          + "\(subject.anExample(example.label)). The left "
          + "network has random weights; its accuracy is of \(drawn(facts.count)), where "
          + "guessing gives \(chance)."
      ),
      Panels([
        panel(
          "Untrained, same architecture",
          "Test accuracy \(Format.percent(facts.accuracy, decimals: 1))",
          facts.untrained),
        panel("Trained", "Test accuracy \(Format.percent(accuracy))", facts.trained),
      ]), width: 664)
  }

  /// One bar a class; of many classes only the ten most probable.
  func rows(_ probabilities: [Float]) -> [BarRows.Row] {
    let ranked = ExampleFacts.ranking(probabilities)
    let shown = probabilities.count <= 12 ? Array(probabilities.indices) : Array(ranked.prefix(10))
    return shown.map { label in
      BarRows.Row(
        subject.className(label), value: Double(probabilities[label]),
        valueText: Format.probability(Double(probabilities[label])),
        isHighlighted: label == ranked.first)
    }
  }
}

extension FigureName {
  static let costs = FigureName("costs")
  static let opinions = FigureName("opinions")
}
