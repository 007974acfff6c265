import Drawing
package import Evaluation
import Figures
package import Study

extension ReportFigures {
  /// Each member by itself, and all together.
  package func members(_ result: EnsembleResult) -> Illustration {
    let whole = result.sizes[result.sizes.count - 1]
    let rows =
      [
        IntervalDots.Row(
          "all, mean probability", value: whole.mean, interval: whole.meanInterval.range),
        IntervalDots.Row("all, vote", value: whole.vote, interval: whole.voteInterval.range),
      ]
      + result.members.enumerated().map { place, member in
        IntervalDots.Row(
          "member \(place + 1)", value: member.accuracy, interval: member.interval.range,
          ink: .ink3)
      }
    let beaten = result.members.count { $0.accuracy < whole.mean }
    return Illustration(
      text(
        .members,
        beaten == result.members.count
          ? "Together they read more than any one of them."
          : "Together they read more than \(beaten) of the \(result.members.count) members.",
        "Accuracy on the test images with 95% intervals, which cover the choice of images. All read the same images, "
          + "so that differences are surer than intervals that overlap suggest."),
      IntervalDots([IntervalDots.Panel("accuracy", rows: rows)]), width: Illustration.halfWidth)
  }

  /// What more members come to.
  package func sizes(_ result: EnsembleResult, of count: Int) -> Illustration {
    func line(
      _ name: String, _ emphasis: LineChart.Emphasis, _ value: (EnsembleResult.Size) -> Double,
      _ interval: (EnsembleResult.Size) -> Interval
    ) -> LineChart.Series {
      LineChart.Series(
        name, points: result.sizes.map { Point(Double($0.members), value($0)) },
        emphasis: emphasis, label: name,
        intervals: emphasis == .main ? result.sizes.map { interval($0).range } : [])
    }
    var chart = LineChart(
      [
        line("vote", .reference, \.vote, \.voteInterval),
        line("mean probability", .main, \.mean, \.meanInterval),
      ], xTitle: "members", yTitle: "accuracy")
    chart.yStyle = .percent
    let (first, last) = (result.sizes[0], result.sizes[result.sizes.count - 1])
    let fewer = Int(((last.mean - first.mean) * Double(count)).rounded())
    let drawn = result.sizes.first(where: \.areDrawn)
    return Illustration(
      text(
        .ensembleSizes,
        fewer > 0
          ? "\(Format.count(last.members)) members make \(Wording.counted(fewer, "error")) fewer than one of them does in the mean."
          : "More members do not make fewer errors here.",
        "Accuracy on the test images of so many members together, in the mean over choices of them"
          + (drawn.map { " (at most \($0.choices), drawn at random)" } ?? "")
          + ", with the 95% interval that the choice of images leaves."),
      chart, width: Illustration.halfWidth)
  }

  /// How far the probabilities can be believed.
  package func honesty(_ result: EnsembleResult) -> Illustration {
    let both = [("a member", result.single), ("all together", result.pooled)]
    func rows(
      _ plain: (EnsembleResult.Honesty) -> Double, _ then: (EnsembleResult.Honesty) -> Double?,
      _ format: (Double) -> String
    ) -> [BarRows.Row] {
      both.flatMap { name, honesty -> [BarRows.Row] in
        [
          BarRows.Row(
            name, value: plain(honesty), valueText: format(plain(honesty)),
            isHighlighted: name != "a member")
        ]
          + [then(honesty)].compactMap { $0 }.map {
            BarRows.Row(
              "\(name), calibrated", value: $0, valueText: format($0),
              isHighlighted: name != "a member")
          }
      }
    }
    let temperatures = both.compactMap { name, honesty in
      honesty.temperature.map { "\(Format.fixed($0, 2)) for \(name)" }
    }
    return Illustration(
      text(
        .honesty,
        result.pooled.loss < result.single.loss
          ? "Pooling lowers the log loss by \(Format.percent(1 - result.pooled.loss / result.single.loss, decimals: 0))."
          : "Pooling does not lower the log loss here.",
        "Left: mean negative log likelihood. Right: expected calibration error over 15 bands of confidence. Both on the "
          + "test images, lower is better; a member stands for the mean of all."
          + (temperatures.isEmpty
            ? ""
            : " Calibrated: the logits divided by the temperature that fits the validation images best, "
              + "\(Wording.list(temperatures)).")),
      Panels([
        Panels.Panel("Log loss", BarRows(rows(\.loss, \.calibratedLoss) { Format.fixed($0, 4) })),
        Panels.Panel(
          "Calibration error", BarRows(rows(\.ece, \.calibratedECE) { Format.points($0) })),
      ]))
  }

  /// On how many images any two members differ.
  package func disagreement(_ result: EnsembleResult) -> Illustration? {
    let names = result.members.indices.map { "\($0 + 1)" }
    guard names.count <= 20 else { return nil }
    let values = result.disagreement.enumerated().map { row, shares in
      shares.enumerated().map { column, share in row == column ? nil : share }
    }
    return Illustration(
      text(
        .disagreement,
        "Two members name different classes on \(Format.percent(result.meanDisagreement)) of the images.",
        "Share of the test images on which two members answer differently, each pair by itself. Without disagreement "
          + "there is nothing to gain.", alt: "Disagreement of each pair of members"),
      HeatMap(rows: names, columns: names, values: values, titles: ("member", "member")),
      width: Illustration.halfWidth)
  }

  /// How many members are wrong on how many images.
  package func wrongTogether(_ result: EnsembleResult, of count: Int) -> Illustration? {
    let last = result.members.count
    let rows = result.wrongCounts.enumerated().dropFirst().map { number, images in
      BarRows.Row(
        number == last ? "all \(last)" : Format.count(number), value: Double(images),
        valueText: Format.count(images), isHighlighted: number == last)
    }
    guard result.wrongCounts.dropFirst().reduce(0, +) > 0 else { return nil }
    return Illustration(
      text(
        .wrongTogether,
        result.unread.isEmpty
          ? "There is no image that every member misreads."
          : "\(Wording.counted(result.unread.count, "image")) \(result.unread.count == 1 ? "is" : "are") misread by every member.",
        "Test images by the number of members that misread them. \(Format.count(result.wrongCounts[0])) of "
          + "\(Format.count(count)) are read by all and not shown."),
      BarRows(Array(rows), title: "images that so many members misread"),
      width: Illustration.halfWidth)
  }

  /// The images that no member reads.
  package func unread(_ facts: EnsembleFacts) -> Illustration? {
    guard !facts.unread.isEmpty else { return nil }
    let count = facts.result.unread.count
    let rest = count - facts.unread.count
    return Illustration(
      text(
        .unread,
        "\(count == 1 ? "This image" : "These images") no member reads.",
        "Each caption reads true → the ensemble’s answer, then how sure it is\(facts.result.rescued > 0 ? "; it reads \(Format.count(facts.result.rescued)) of them all the same" : ""). Look for labels that are arguable, and for "
          + "what all \(facts.result.members.count) networks have in common."
          + (rest > 0 ? " The \(facts.unread.count) surest of \(Format.count(count))." : ""),
        alt: "Images that no member of the ensemble reads"),
      ImageGrid(
        facts.unread.map { example in
          ImageGrid.Tile(
            example.pixels.picture,
            caption: misread(example, width: 56)
              + [StyledLine(Format.probability(Double(example.confidence)), .ink3)],
            link: link(to: example.index))
        }, scale: scale(of: facts.unread, 56), gutter: 10))
  }
}

extension FigureName {
  static let members = FigureName("members")
  static let ensembleSizes = FigureName("ensemble-sizes")
  static let honesty = FigureName("honesty")
  static let disagreement = FigureName("disagreement")
  static let wrongTogether = FigureName("wrong-together")
  static let unread = FigureName("unread")
}
