import Drawing
import Figures
package import Training

/// The figure of a learning-rate range test.
package enum RateFigure {
  /// The loss at each learning rate, and what it suggests.
  ///
  /// - Parameters:
  ///   - search: what was found.
  ///   - name: the network's, for the words.
  /// - Returns: the figure.
  package static func illustration(_ search: RateSearch, of name: String) -> Illustration {
    // Where training breaks, the loss leaves the picture.
    let top = max(1.5 * (search.smoothed.first ?? 1), .leastNormalMagnitude)
    func series(
      _ name: String, _ values: [Double], _ emphasis: LineChart.Emphasis
    ) -> LineChart.Series {
      LineChart.Series(
        name, points: zip(search.rates, values).filter { $0.1 <= top }.map { Point($0, $1) },
        emphasis: emphasis)
    }
    var chart = LineChart(
      [series("each step", search.losses, .raw), series("smoothed", search.smoothed, .main)],
      xTitle: "learning rate", yTitle: "loss")
    chart.isLogarithmicInX = true
    chart.yBounds = 0...top
    let suggested = search.suggestion.map { Format.significant($0, 2) }
    if let rate = search.suggestion, let place = search.rates.firstIndex(of: rate) {
      chart.annotations = [
        LineChart.Annotation(
          at: Point(rate, search.smoothed[place]), [suggested ?? ""], isRinged: true)
      ]
    }
    return Illustration(
      FigureText(
        name: "learning-rate-search",
        title: suggested.map { "A learning rate of \($0) is a good beginning." }
          ?? "No learning rate makes the loss go down.",
        caption:
          "\(Wording.short(name)): the loss of one mini-batch after the other while the learning rate rises by the same factor each step, "
          + "ended at \(search.rates.count == RateSearch.steps ? "the last rate" : "four times the lowest loss or where it is no number any more"). "
          + "The ring is halfway down the longest descent: before it the steps are too small to learn much, behind it training is about to break."
      ), chart, width: 664)
  }
}
