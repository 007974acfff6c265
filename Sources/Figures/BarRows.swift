import Drawing

/// Horizontal bars, one row each, with a label before and a value after; where values are negative too, to both sides of zero.
public struct BarRows: Chart {
  /// One bar.
  public struct Row: Hashable, Sendable {
    /// The words before the bar.
    public var label: String
    /// The length.
    public var value: Double
    /// The words after the bar.
    public var valueText: String
    /// An interval around the value, drawn as a whisker.
    public var interval: ClosedRange<Double>?
    /// True for the row that the figure is about: in bold, and its bar darker where all go to one side.
    public var isHighlighted: Bool

    /// A bar; the words after it are the value to three significant digits unless given.
    public init(
      _ label: String, value: Double, valueText: String? = nil,
      interval: ClosedRange<Double>? = nil, isHighlighted: Bool = false
    ) {
      self.label = label
      self.value = value
      self.valueText = valueText ?? Format.significant(value, 3)
      self.interval = interval
      self.isHighlighted = isHighlighted
    }
  }

  /// The bars from top to bottom.
  public var rows: [Row]
  /// What the bars measure, above them at the left; empty for nothing.
  public var title: String
  /// The value of a bar as long as the room; by default the largest value.
  public var maximum: Double?

  /// Bars that start at zero.
  public init(_ rows: [Row], title: String = "", maximum: Double? = nil) {
    self.rows = rows
    self.title = title
    self.maximum = maximum
  }

  /// Labels and values.
  public var table: FigureTable? {
    FigureTable(
      header: ["", title.isEmpty ? "Value" : title], rows: rows.map { [$0.label, $0.valueText] })
  }

  /// The marks for a width in pixels.
  public func layout(width: Double) -> FigureLayout {
    let plain = TextStyle(.ink2, size: 12)
    let bold = TextStyle(.ink, size: 12, weight: .semibold)
    let pitch = 20.0
    let top = title.isEmpty ? 0.0 : 24
    var layout = FigureLayout(width: width, height: top + Double(rows.count) * pitch)
    layout.text(TextMetrics.truncated(title, to: width, style: TextStyle()), 0, 11, TextStyle())
    func widest(_ texts: [String]) -> Double {
      texts.map { TextMetrics.width(of: $0, style: bold) }.max() ?? 0
    }
    let left = min(widest(rows.map(\.label)), width * 0.4) + 10
    let right = min(widest(rows.map(\.valueText)), width * 0.3) + 8
    let room = max(10, width - left - right)
    let ends = rows.flatMap {
      [$0.value, $0.interval?.lowerBound ?? 0, $0.interval?.upperBound ?? 0]
    }.filter(\.isFinite)
    let full = max(maximum ?? 0, ends.max() ?? 0)
    // The lower end of an interval alone needs no room left of zero.
    let isSigned = rows.contains { $0.value < 0 }
    let least = isSigned ? min(0, ends.min() ?? 0) : 0
    func place(_ value: Double) -> Double {
      full > least ? min(max((value - least) / (full - least), 0), 1) * room : 0
    }
    let zero = left + place(0)
    func length(_ value: Double) -> Double { value.isFinite ? place(value) - place(0) : 0 }
    for (index, row) in rows.enumerated() {
      let middle = top + (Double(index) + 0.5) * pitch
      let style = row.isHighlighted ? bold : plain
      layout.text(
        TextMetrics.truncated(row.label, to: left - 8, style: style), 0, middle + 4, style)
      let bar = row.value < 0 ? min(length(row.value), -1) : max(length(row.value), 1)
      let ink: Ink =
        isSigned ? row.value < 0 ? .negative : .positive : row.isHighlighted ? .ink : .bar
      layout.area(zero + min(0, bar), middle - 5, abs(bar), 10, ink)
      var end = max(bar, 0)
      if let interval = row.interval {
        let (low, high) = (length(interval.lowerBound), length(interval.upperBound))
        layout.line(
          zero + low, middle, zero + min(bar, high), middle, Stroke(.background, width: 1.25))
        layout.line(
          zero + max(low, min(bar, high)), middle, zero + high, middle, Stroke(.ink, width: 1.25))
        layout.line(zero + high, middle - 3, zero + high, middle + 3, Stroke(.ink, width: 1.25))
        end = max(bar, high, 0)
      }
      layout.text(
        TextMetrics.truncated(row.valueText, to: width - zero - end - 6, style: style),
        zero + end + 6, middle + 4, style)
    }
    if isSigned { layout.line(zero, top, zero, layout.height, Stroke(.rule2)) }
    return layout
  }
}
