import Drawing
import Evaluation
package import Experiments
import Figures

/// The figures of a sweep.
package struct SweepFigures: Sendable {
  private let findings: SweepFindings
  private let sweep: Sweep

  /// Rows that a ranking shows.
  private static let shownRanks = 20

  /// Figures of what a sweep found.
  package init(_ findings: SweepFindings, of sweep: Sweep) {
    self.findings = findings
    self.sweep = sweep
  }

  /// Every figure that there is something to show in, in the order of the page.
  package var all: [Illustration] {
    [ranking] + [importances].compactMap { $0 } + slices + pairs
      + [common, gaps, curves, budget].compactMap { $0 }
  }

  /// A configuration in a line.
  static func words(_ values: [ParameterValue], of parameters: [String]) -> String {
    zip(parameters, values).map { "\($0) \($1)" }.joined(separator: ", ")
  }

  /// The configurations of the last rung.
  package var ranking: Illustration {
    let shown = findings.ranking.prefix(Self.shownRanks)
    let alike = findings.ranking.count { $0.isLikeBest }
    let rows = shown.map { ranked in
      IntervalDots.Row(
        ranked.values.map(\.description).joined(separator: " · "), value: ranked.accuracy,
        interval: ranked.interval.low...ranked.interval.high, other: ranked.trainAccuracy,
        ink: ranked.isLikeBest ? .ink : .ink3)
    }
    let rest = findings.ranking.count - shown.count
    var illustration = Illustration(
      FigureText(
        name: "ranking",
        title: findings.ranking.count == 1
          ? "One configuration came this far"
          : alike == 1
            ? "One configuration is ahead of all others by more than the choice of images explains"
            : "\(Wording.counted(alike, "configuration")) cannot be told apart: the best and those close to it",
        caption:
          "Each row is a configuration: \(findings.parameters.joined(separator: " · ")). The dot is its accuracy on the validation images, the line its 95% interval, "
          + "the ring its accuracy on training images as it predicts. Pale dots are behind the best by more than the choice of images explains "
          + "(Fisher's exact test with Holm's correction); "
          + (sweep.seeds == 1
            ? "with one seed each, luck in training is not counted in."
            : "\(sweep.seeds) seeds each.")
          + (rest > 0 ? " \(Wording.counted(rest, "further configuration")) came as far." : "")),
      IntervalDots([IntervalDots.Panel("validation", other: "training", rows: Array(rows))]))
    illustration.table = FigureTable(
      header: findings.parameters + ["validation", "95% interval", "loss", "training"],
      rows: shown.map { ranked in
        ranked.values.map(\.description) + [
          Format.percent(ranked.accuracy),
          "\(Format.percent(ranked.interval.low)) – \(Format.percent(ranked.interval.high))",
          Format.fixed(ranked.loss, 4), ranked.trainAccuracy.map { Format.percent($0) } ?? "",
        ]
      })
    return illustration
  }

  /// How much each parameter has to do with being among the best.
  package var importances: Illustration? {
    guard let first = findings.importances.first, findings.importances.count > 1 else { return nil }
    let second = findings.importances[1]
    let isClear = first.interval.low > second.interval.high
    return Illustration(
      FigureText(
        name: "importance",
        title: isClear
          ? "What matters most is \(first.parameter)"
          : "No one parameter clearly matters most; \(first.parameter) comes first",
        caption:
          "How differently the best tenth of the configurations chose, against all of them (PED-ANOVA); the shares add up to 100%. "
          + "The whiskers hold 95% of the shares of configurations drawn again. It is about the values that were tried, "
          + "after \(Wording.counted(findings.comparedAfter, "epoch")) of training."),
      BarRows(
        findings.importances.map {
          BarRows.Row(
            $0.parameter, value: $0.share, valueText: Format.percent($0.share, decimals: 0),
            interval: $0.interval.low...$0.interval.high,
            isHighlighted: isClear && $0.parameter == first.parameter)
        }, title: "share of the difference between the best tenth and all"), width: 664)
  }

  /// What the values of each parameter come to.
  package var slices: [Illustration] {
    findings.slices.filter { $0.values.count > 1 }.map { slice in
      let shown = slice.values.filter { $0.count > 0 }
      let best = shown.max { $0.quartiles[1] < $1.quartiles[1] }
      let failed = slice.values.filter { $0.failed > 0 }.map {
        "\(Format.count($0.failed)) with \($0.label)"
      }
      return Illustration(
        FigureText(
          name: "slice-\(slice.parameter)",
          title: best.map {
            "\(slice.parameter): the median is highest with \($0.label)"
          }
            ?? slice.parameter,
          caption:
            "Validation accuracy by \(slice.parameter), all other parameters varying. The dot is the median configuration, the line holds the middle half of them, "
            + "the ring is the best of \(Wording.list(shown.map { Format.count($0.count) }))."
            + (failed.isEmpty
              ? "" : " Diverged or refused, and not shown: \(Wording.list(failed)).")),
        IntervalDots([
          IntervalDots.Panel(
            "median and middle half", other: "best",
            rows: shown.map {
              IntervalDots.Row(
                $0.label, value: $0.quartiles[1], interval: $0.quartiles[0]...$0.quartiles[2],
                other: $0.best)
            })
        ]), width: Illustration.halfWidth)
    }
  }

  /// Two parameters together.
  package var pairs: [Illustration] {
    findings.pairs.map { pair in
      Illustration(
        FigureText(
          name: "pair-\(pair.parameters[0])-\(pair.parameters[1])",
          title: "\(pair.parameters[0]) and \(pair.parameters[1]) together",
          caption:
            "Mean validation accuracy of the configurations with these two values, all other parameters varying; an empty cell has none that came to something."
        ),
        HeatMap(
          rows: pair.rows, columns: pair.columns, values: pair.means,
          titles: (pair.parameters[0], pair.parameters[1])), width: Illustration.halfWidth)
    }
  }

  /// What the best tenth have in common.
  package var common: Illustration? {
    guard findings.parameters.count > 1, findings.topTenth.count > 1 else { return nil }
    let accuracies = findings.topTenth.map(\.accuracy)
    guard let low = accuracies.min(), let high = accuracies.max() else { return nil }
    let range = low...(high > low ? high : low + 1e-6)
    let axes =
      sweep.parameters.map { parameter in
        switch parameter.domain {
        case .list(let values):
          ParallelCoordinates.Axis(parameter.name, values: values.map(\.description))
        case .range(let low, let high, let isLogarithmic):
          ParallelCoordinates.Axis(
            parameter.name, range: low...high, isLogarithmic: isLogarithmic)
        }
      } + [ParallelCoordinates.Axis("accuracy", range: range, isLogarithmic: false)]
    let lines = findings.topTenth.map { scored in
      ParallelCoordinates.Line(
        zip(sweep.parameters, scored.values).map { Self.place($1, in: $0.domain) } + [
          ParallelCoordinates.Axis.place(scored.accuracy, in: range, isLogarithmic: false)
        ],
        words:
          "\(Format.percent(scored.accuracy)): \(Self.words(scored.values, of: findings.parameters))"
      )
    }
    return Illustration(
      FigureText(
        name: "common", title: "What the best tenth have in common",
        caption:
          "One line for each of the \(Wording.counted(lines.count, "configuration")) of the best tenth after \(Wording.counted(findings.comparedAfter, "epoch")), "
          + "through its values; the best is heavy, the next nine dark. Where lines crowd, the best agree. Lines that meet at a value are spread a little."
      ),
      ParallelCoordinates(axes: axes, lines: lines))
  }

  private static func place(_ value: ParameterValue, in domain: SweepParameter.Domain) -> Double {
    switch domain {
    case .list(let values):
      guard values.count > 1, let place = values.firstIndex(of: value) else { return 0.5 }
      return Double(place) / Double(values.count - 1)
    case .range(let low, let high, let isLogarithmic):
      guard case .number(let number) = value else { return 0 }
      return ParallelCoordinates.Axis.place(
        number, in: low...high, isLogarithmic: isLogarithmic)
    }
  }

  /// How far training is ahead of validation, by the parameter that changes it most.
  package var gaps: Illustration? {
    guard let slice = findings.slices.first(where: { $0.parameter == findings.gapParameter }) else {
      return nil
    }
    let shown = slice.values.compactMap { value in value.gap.map { (value.label, $0) } }
    guard shown.count > 1 else { return nil }
    return Illustration(
      FigureText(
        name: "gap",
        title: "How \(slice.parameter) changes the distance between training and validation",
        caption:
          "Training accuracy less validation accuracy, the median of the configurations with each value, after \(Wording.counted(findings.comparedAfter, "epoch")). "
          + "Both are measured as the network predicts, without dropout and augmentation. Above zero, the network knows its training images better than others."
      ),
      IntervalDots(
        [
          IntervalDots.Panel(
            "training less validation", rows: shown.map { .init($0.0, value: $0.1) })
        ]),
      width: 664)
  }

  /// Learning curves with the stops of the halving.
  package var curves: Illustration? {
    let curves = findings.curves.filter { !$0.accuracies.isEmpty }
    guard curves.contains(where: { $0.accuracies.count > 1 }) else { return nil }
    var chart = LineChart(
      curves.enumerated().map { place, curve in
        LineChart.Series(
          curve.isFinal ? "to the end \(place + 1)" : "stopped \(place + 1)",
          points: curve.accuracies.enumerated().map { Point(Double($0.offset + 1), $0.element) },
          emphasis: curve.isFinal ? .reference : .raw)
      }, xTitle: "epoch", yTitle: "validation accuracy")
    chart.xStyle = .whole
    chart.yStyle = .percent
    let isHalving = findings.budget.count > 1
    return Illustration(
      FigureText(
        name: "curves",
        title: isHalving ? "Most were stopped early" : "How they learned",
        caption: isHalving
          ? "Validation accuracy after each epoch. Pale lines and dots are configurations that were stopped, the others came to the last rung. "
            + "At most \(curves.count) of all are drawn, evenly from the best to the worst."
          : "Validation accuracy after each epoch, evenly chosen from the best to the worst."),
      chart)
  }

  /// Where the epochs went.
  package var budget: Illustration? {
    guard findings.budget.count > 1 else { return nil }
    let total = findings.budget.reduce(0) { $0 + $1.trained }
    let full = (findings.budget.first?.trials ?? 0) * (findings.budget.last?.epochs ?? 0)
    return Illustration(
      FigureText(
        name: "budget",
        title:
          "\(Format.count(total)) epochs were trained where all to the end would have been \(Format.count(full))",
        caption: "Epochs that were trained in each rung, going on from the one before."),
      BarRows(
        findings.budget.map {
          BarRows.Row(
            "up to epoch \($0.epochs)", value: Double($0.trained),
            valueText:
              "\(Format.count($0.trained)) epochs of \(Wording.counted($0.trials, "trial"))")
        }, title: "epochs trained"), width: 664)
  }
}
