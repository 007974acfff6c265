import Drawing
import Evaluation
import Figures
public import Study

extension ReportFigures {
  /// Every test image as one square.
  package func squares(_ quality: QualityFacts) -> Illustration {
    let rows = zip(subject.classes, quality.squares).map { name, squares in
      let states = squares.map {
        SquareRows.State(isRight: $0.isRight, confidence: Double($0.probability))
      }
      return SquareRows.Row(
        Wording.short(name, limit: 24),
        states: SquareRows.State.allCases.flatMap { state in states.filter { $0 == state } })
    }
    let errors = quality.evaluation.errors
    let title =
      errors == 0
      ? "Every square is one test \(subject.noun). None was misread."
      : "Every square is one test \(subject.noun). The "
        + "\(errors == 1 ? "red one was" : "\(Format.count(errors)) red ones were") misread."
    return Illustration(
      text(
        .squares, title,
        "Rows are the true class, sorted from most to least certain of it. n = "
          + "\(Format.count(quality.evaluation.count)) test images."), SquareRows(rows))
  }

  /// True classes against predicted ones.
  public func confusion(_ quality: QualityFacts) -> Illustration {
    let evaluation = quality.evaluation
    let pairs = evaluation.confusions.count
    let right = evaluation.count - evaluation.errors
    let hidden =
      right == 0 || evaluation.errors == 0
      ? ""
      : " so that \(Wording.counted(right, "right answer")) \(right == 1 ? "does" : "do") not hide "
        + "\(Wording.counted(evaluation.errors, "wrong one")), spread over \(Wording.counted(pairs, "pair"))"
    var matrix = ConfusionMatrix(counts: evaluation.confusion, classNames: subject.classes)
    for cell in quality.cells where !cell.images.isEmpty {
      matrix.targets[Self.target(cell)] = (cell.actual, cell.predicted)
    }
    var illustration = Illustration(
      text(
        .confusion, Findings.confusion(evaluation, subject: subject),
        "Rows are the true class, columns the answer. n = \(Format.count(evaluation.count)) test "
          + "images. Color shows errors only, on a logarithmic scale; the diagonal is left pale\(hidden)."
          + (matrix.targets.isEmpty
            ? ""
            : hasLargeCells
              ? " A colored cell shows its images, with the confidence of each answer."
              : " The list below opens the images of a cell.")
      ),
      matrix, width: 664)
    illustration.opened = quality.cells
    return illustration
  }

  /// True if a finger finds every cell of the confusion matrix, on a phone too.
  var hasLargeCells: Bool {
    subject.classes.count <= 10 && subject.classes.allSatisfy { $0.count <= 2 }
  }

  /// The id of the images behind a cell of the confusion matrix.
  static func target(_ cell: QualityFacts.Cell) -> String {
    "cell-\(cell.actual)-\(cell.predicted)"
  }

  /// Recall and precision of each class with their intervals.
  public func perClass(_ quality: QualityFacts) -> Illustration {
    let classes = quality.evaluation.perClass
    func panel(
      _ title: String, _ value: (EvaluationResult.PerClass) -> Double?,
      _ interval: (EvaluationResult.PerClass) -> Interval
    ) -> IntervalDots.Panel {
      let lowest = quality.evaluation.lowest(value)
      return IntervalDots.Panel(
        title,
        rows: classes.map { entry in
          IntervalDots.Row(
            Wording.short(entry.name, limit: 24), value: value(entry) ?? .nan,
            interval: interval(entry).range,
            ink: value(entry) == lowest && lowest != nil && lowest != 1 ? .wrong : .ink)
        })
    }
    return Illustration(
      text(
        .classes, Findings.hardest(quality.evaluation, subject: subject),
        "Dot: estimate. Line: 95% Wilson interval. Recall asks how many of a class were found, "
          + "precision how many of the answers were true. \(Findings.precision(quality.evaluation, subject: subject)) \(quality.evaluation.errors == 0 ? "" : "The lowest value of each panel is red. ")n "
          + "= \(Format.count(quality.evaluation.count)) test images."),
      IntervalDots(
        [
          panel("Recall", { $0.recall }, { $0.recallInterval }),
          panel("Precision", { $0.precision }, { $0.precisionInterval }),
        ], more: [IntervalDots.Column("F1", classes.map(\.f1))]))
  }

  /// What confidence is worth.
  public func reliability(_ quality: QualityFacts) -> Illustration {
    let temperature = quality.temperature
    let words =
      switch Calibration.Temperament(temperature: temperature) {
      case .overconfident: "above 1 means overconfident on those"
      case .underconfident: "below 1 means underconfident on those"
      case .calibrated: "close to 1 means well calibrated on those"
      }
    // Without validation images, or without an error among them, it is 1 and says nothing.
    let fit =
      temperature == 1
      ? "."
      : "; the temperature that fits the validation images best is \(temperature < 0.99 * Calibration.highestTemperature ? Format.fixed(temperature, 2) : "\(Format.fixed(temperature, 0)) or more"), and \(words)."
    return Illustration(
      text(
        .reliability, Findings.confidence(quality.bands),
        "Images in bands of confidence: the accuracy that was delivered (dot, with 95% interval) "
          + "against the confidence that was claimed. n = "
          + "\(Format.count(quality.evaluation.count)) test images. Expected calibration error "
          + "\(Format.points(quality.evaluation.ece)) over 15 bins\(fit)"),
      reliabilityDiagram(quality.bands), width: Illustration.halfWidth)
  }

  /// Claims against what was delivered, band by band.
  func reliabilityDiagram(_ bands: [Calibration.Band]) -> ReliabilityDiagram {
    // The answer has at least as much as if all classes were alike.
    ReliabilityDiagram(
      bands.filter { $0.high > 1 / Double(subject.classes.count) }.map { band in
        ReliabilityDiagram.Band(
          Self.label(band), claimed: band.meanConfidence ?? 0, delivered: band.accuracy,
          interval: band.count > 0 ? band.interval.range : nil, count: band.count)
      })
  }

  private static func label(_ band: Calibration.Band) -> String {
    func number(_ share: Double) -> String {
      let value = share * 100
      return value == value.rounded() ? Format.fixed(value, 0) : Format.fixed(value, 1)
    }
    if band.low <= 0 { return "<\(number(band.high))" }
    if band.high >= 1 { return ">\(number(band.low))" }
    return "\(number(band.low))–\(number(band.high))"
  }

  /// How sure the right and the wrong answers were.
  public func confidences(_ quality: QualityFacts) -> Illustration {
    let bins = quality.bands.map {
      Histogram.Bin(Self.label($0), counts: [$0.correct, $0.errors])
    }
    // Without the empty bins below any answer's confidence.
    let shown = bins.drop { $0.counts.allSatisfy { $0 == 0 } }
    var chart = Histogram(
      Array(shown), groups: [.right, .wrong], xTitle: "confidence, %", yTitle: "images")
    chart.isLogarithmic = true
    return Illustration(
      text(
        .confidences, Findings.surest(quality.bands),
        "How sure the network was of right (grey) and of wrong (red) answers, in the same bands; the scale is "
          + "logarithmic. n = "
          + "\(Format.count(quality.evaluation.count)) test images."), chart,
      width: Illustration.halfWidth)
  }
}

extension FigureName {
  static let squares = FigureName("squares")
  static let confusion = FigureName("confusion")
  static let classes = FigureName("classes")
  static let reliability = FigureName("reliability")
  static let confidences = FigureName("confidences")
}
