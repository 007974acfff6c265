import Drawing
import Figures
package import Study

extension ReportFigures {
  /// Classes whose course is drawn.
  private static let shownClasses = 12

  /// How many of each class are read, epoch by epoch.
  package func recallOverTime(_ facts: TimeLapseFacts) -> Illustration {
    let (worst, best) = (facts.worst, facts.best)
    let last = facts.recall.last ?? []
    // Of many classes those that end lowest are shown.
    let lowest = facts.ranking.prefix(Self.shownClasses)
    let series = last.indices.filter { lowest.contains($0) || $0 == best }.map { label in
      let points = facts.epochs.indices.filter { facts.epochs[$0] > 0 }.map {
        Point(Double(facts.epochs[$0]), facts.recall[$0][label])
      }
      let isNamed = label == worst || label == best
      return LineChart.Series(
        subject.className(label), points: points,
        emphasis: label == worst ? .main : .reference,
        label: isNamed
          ? "\(subject.className(label)) \(Format.percent(last[label], decimals: 1))" : nil)
    }
    // The heavy line lies on top.
    let ordered = series.filter { $0.emphasis != .main } + series.filter { $0.emphasis == .main }
    var chart = LineChart(ordered, xTitle: "epoch", yTitle: "share read correctly")
    chart.xStyle = .whole
    chart.yStyle = .percent
    return Illustration(
      text(
        .recallOverTime, Findings.classesOverTime(facts, subject: subject),
        "Share of each class’s \(facts.isValidation ? "validation" : "test") images that are read correctly "
          + "after each epoch, one line a class; the heavy line is the class that ends lowest. The table has all."
          + (facts.isValidation
            ? " n = \(Format.count(facts.imageCount)); the test images are judged in another chapter, and may name "
              + "another class." : "")
      ),
      chart)
  }
}

extension FigureName {
  static let recallOverTime = FigureName("recall-over-time")
}
