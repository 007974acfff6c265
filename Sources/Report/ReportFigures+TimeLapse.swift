import Drawing
import Figures
public import Study

extension ReportFigures {
  /// The first weights at each epoch, on one scale.
  public func weightsOverTime(_ facts: TimeLapseFacts, features: FeatureFacts) -> Illustration {
    let stages = WeightPictures(
      facts.weights, limit: features.areTemplates ? 16 : 32, channels: subject.channels
    ).stages
    let count = stages.first?.count ?? 0
    let scale = max(1, (features.areTemplates ? 56 : 42) / max(stages.first?.first?.width ?? 1, 1))
    let noun = features.areTemplates ? "templates" : "filters"
    return overTime(
      facts, pictures: Array(stages.joined()), count: count, scale: scale,
      text(
        "weights-over-time", Findings.weightsOverTime(facts, noun: noun),
        "\(count == features.units ? "The" : "The first") \(count) \(noun) of \(features.layer) before training and "
          + "after each epoch, in the same order and on one scale.",
        alt: "The \(noun) of \(features.layer) at \(facts.epochs.count) points of training"))
  }

  /// One layer's maps of the example at each epoch, on one scale.
  public func mapsOverTime(_ facts: TimeLapseFacts, example: ExampleFacts) -> Illustration {
    let stages = facts.maps.map(\.planes)
    let hasSigns = facts.maps.contains { $0.values.contains { $0 < 0 } }
    let plate = Plate(
      stages.flatMap { $0 }, map: hasSigns ? .signed : .activation, policy: .activations)
    let width = stages.first?.first?.width ?? 1
    return overTime(
      facts, pictures: plate.pictures, count: stages.first?.count ?? 0, scale: max(1, 56 / width),
      text(
        "maps-over-time", Findings.mapsOverTime(facts, noun: subject.noun),
        "What \(facts.layer) says to test image #\(example.index) before training and after each epoch: the channels that vary "
          + "most in the end, on one scale for all epochs.",
        alt: "Maps of \(facts.layer) at \(facts.epochs.count) points of training"))
  }

  private func overTime(
    _ facts: TimeLapseFacts, pictures: [Picture], count: Int, scale: Int, _ text: FigureText
  ) -> Illustration {
    func grid(room: Int, scale: Int) -> ImageGrid {
      let columns = Self.columns(fitting: room / ((pictures.first?.width ?? 1) * scale + 5))
      return ImageGrid(
        rows: facts.epochs.enumerated().map { stage, epoch in
          let own = pictures[stage * count..<(stage + 1) * count].map { $0.framed(scale: scale) }
          return ImageGrid.Row(
            [
              StyledLine(epoch == 0 ? "Before training" : "Epoch \(epoch)", .ink, weight: .semibold)
            ],
            tiles: [ImageGrid.Tile(Plate.sheet(own, columns: columns, gutter: 3), frame: nil)])
        }, scale: 1, gutter: 14)
    }
    var illustration = Illustration(
      text, grid(room: 984, scale: scale),
      narrow: grid(room: 356, scale: Self.narrowScale(scale, width: pictures.first?.width ?? 1)))
    illustration.isStepped = facts.epochs.count > 1
    return illustration
  }

  /// Classes whose course is drawn.
  private static let shownClasses = 12

  /// How many of each class are read, epoch by epoch.
  public func recallOverTime(_ facts: TimeLapseFacts) -> Illustration {
    let (worst, best) = Findings.extremes(facts)
    let last = facts.recall.last ?? []
    // Of many classes those that end lowest are shown.
    let lowest = last.indices.sorted { (last[$0], $0) < (last[$1], $1) }.prefix(Self.shownClasses)
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
        "recall-over-time", Findings.classesOverTime(facts, subject: subject),
        "Share of each class’s \(facts.isValidation ? "validation" : "test") images that are read correctly "
          + "after each epoch, one line a class; the heavy line is the class that ends lowest. The table has all."
          + (facts.isValidation
            ? " n = \(Format.count(facts.counts.reduce(0, +))); the test images are judged in another chapter, and may name "
              + "another class." : "")
      ),
      chart)
  }
}
