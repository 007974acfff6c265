import Drawing
import Evaluation
package import Experiments
import Figures

/// The figures of a sweep, for its own page and for a report's chapter.
package struct SweepFigures: Sendable {
  private let findings: SweepFindings

  /// Rows that a ranking shows.
  private static let shownRanks = 20

  /// Figures of what a sweep found.
  package init(_ findings: SweepFindings) { self.findings = findings }

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
        name: "sweep-ranking",
        title: findings.ranking.count == 1
          ? "One configuration came this far"
          : alike == 1
            ? "One configuration is ahead of all others by more than the choice of images explains"
            : "\(Wording.counted(alike, "configuration")) cannot be told apart: the best and those close to it",
        caption:
          "Each row is a configuration: \(findings.parameters.joined(separator: " · ")). The dot is its accuracy on the validation images, the line its 95% interval, "
          + "the ring its accuracy on training images as it predicts. Pale dots are behind the best by more than the choice of images explains "
          + "(Fisher's exact test with Holm's correction); "
          + (findings.seeds == 1
            ? "with one seed each, luck in training is not counted in."
            : "\(findings.seeds) seeds each.")
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

  /// The best when it was chosen, trained again, and beside what somebody has who did not search.
  package var choice: Illustration? {
    guard let choice = findings.choice, let fresh = choice.freshMean else { return nil }
    func row(_ name: String, _ values: [Double?], _ mean: Double) -> IntervalDots.Row {
      let known = values.compactMap(\.self)
      return IntervalDots.Row(
        "\(name), \(Wording.counted(known.count, "seed"))", value: mean,
        interval: Interval.mean(of: known).map { $0.low...$0.high } ?? mean...mean)
    }
    let rows =
      [
        IntervalDots.Row(
          "the best when it was chosen", value: choice.chosen,
          interval: choice.chosen...choice.chosen, ink: .ink3),
        row("the best again", choice.fresh, fresh),
      ]
      + [choice.usualMean].compactMap { $0 }.map {
        row("nothing searched", choice.usual ?? [], $0)
      }
    return Illustration(
      FigureText(
        name: "sweep-choice", title: Findings.searched(choice),
        caption:
          "Accuracy on the validation images. Trained again: with seeds that the choice was not made by; the line is the 95% interval of their mean. "
          + (choice.usual == nil
            ? ""
            : "Nothing searched: everything that was varied left as train has it by itself, with the same seeds.")
      ),
      IntervalDots([IntervalDots.Panel("validation accuracy", rows: rows)]), width: 664)
  }

  /// How much each parameter has to do with being among the best.
  package var importances: Illustration? {
    guard let first = findings.importances.first, findings.importances.count > 1 else { return nil }
    let second = findings.importances[1]
    let isClear = first.interval.low > second.interval.high
    return Illustration(
      FigureText(
        name: "sweep-importance",
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
          name: "sweep-\(slice.parameter)",
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
          name: "sweep-\(pair.parameters[0])-\(pair.parameters[1])",
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
    let scales = zip(findings.parameters, findings.domains).map(Scale.init)
    let axes =
      scales.map(\.axis)
      + [ParallelCoordinates.Axis("accuracy", range: range, isLogarithmic: false, style: .percent)]
    let lines = findings.topTenth.map { scored in
      ParallelCoordinates.Line(
        zip(scales, scored.values).map { $0.place($1) } + [
          ParallelCoordinates.Axis.place(scored.accuracy, in: range, isLogarithmic: false)
        ],
        words:
          "\(Format.percent(scored.accuracy)): \(Self.words(scored.values, of: findings.parameters))"
      )
    }
    var illustration = Illustration(
      FigureText(
        name: "sweep-common", title: "What the best tenth have in common",
        caption:
          "One line for each of the \(Wording.counted(lines.count, "configuration")) of the best tenth after \(Wording.counted(findings.comparedAfter, "epoch")), "
          + "through its values; the best is heavy, the next nine dark. Where lines crowd, the best agree. Lines that meet at a value are spread a little. "
          + "Choose a line to read its values."),
      ParallelCoordinates(axes: axes, lines: lines))
    illustration.table = FigureTable(
      header: findings.parameters + ["accuracy"],
      rows: findings.topTenth.prefix(Self.shownRanks).map { scored in
        scored.values.map(\.description) + [Format.percent(scored.accuracy)]
      })
    return illustration
  }

  /// An axis for a parameter, and where its values lie on it.
  private struct Scale {
    let axis: ParallelCoordinates.Axis
    let place: (ParameterValue) -> Double

    init(_ parameter: String, _ domain: SweepParameter.Domain) {
      switch domain {
      case .list(let values):
        let labels = values.map(\.description)
        let numbers = values.compactMap(\.number)
        if values.count > 1, numbers.count == values.count {
          axis = ParallelCoordinates.Axis(parameter, numbers: numbers, labels: labels)
        } else {
          axis = ParallelCoordinates.Axis(parameter, values: labels)
        }
        let places = Dictionary(zip(values, axis.ticks.map(\.place))) { first, _ in first }
        place = { places[$0] ?? 0.5 }
      case .range(let low, let high, let isLogarithmic):
        axis = ParallelCoordinates.Axis(
          parameter, range: low...high, isLogarithmic: isLogarithmic)
        place = { value in
          value.number.map {
            ParallelCoordinates.Axis.place($0, in: low...high, isLogarithmic: isLogarithmic)
          } ?? 0.5
        }
      }
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
        name: "sweep-gap",
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
    let best = curves.firstIndex(where: \.isFinal)
    func series(_ place: Int) -> LineChart.Series {
      LineChart.Series(
        place == best ? "the best" : "configuration \(place + 1)",
        // Of no error at all, a logarithmic axis shows the smallest that validation images can tell.
        points: curves[place].accuracies.enumerated().map {
          Point(Double($0.offset + 1), max(1 - $0.element, 1e-4))
        },
        emphasis: place == best ? .main : .raw, label: place == best ? "the best" : nil)
    }
    var chart = LineChart(
      curves.indices.filter { $0 != best }.map(series) + [best].compactMap { $0 }.map(series),
      xTitle: "epoch", yTitle: "validation error")
    chart.xStyle = .whole
    chart.yStyle = .percent
    chart.isLogarithmic = true
    return Illustration(
      FigureText(
        name: "sweep-curves",
        title: findings.budget.count > 1 ? "Most were stopped early" : "How they learned",
        caption:
          "Share of the validation images that is misread after each epoch. "
          + (findings.budget.count > 1
            ? "Lines that end early, and dots, are configurations that were stopped. " : "")
          + "At most \(curves.count) are drawn, evenly from the best to the worst."),
      chart)
  }

  /// Where the epochs went.
  package var budget: Illustration? {
    guard findings.budget.count > 1 else { return nil }
    let total = findings.budget.reduce(0) { $0 + $1.trained }
    let full = (findings.budget.first?.trials ?? 0) * (findings.budget.last?.epochs ?? 0)
    return Illustration(
      FigureText(
        name: "sweep-budget",
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
