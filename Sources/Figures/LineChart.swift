public import Drawing

/// Lines over a common horizontal axis, labeled at their ends.
///
/// Points that are not numbers interrupt a line; a line of one point is drawn as a dot.
public struct LineChart: Chart {
  /// How much a line matters.
  public enum Emphasis: Hashable, Sendable {
    /// The heavy line that the figure is about.
    case main
    /// A line to compare with.
    case reference
    /// A hairline of raw numbers.
    case raw
    /// A broken line, such as a random baseline.
    case baseline
  }

  /// One line.
  public struct Series: Hashable, Sendable {
    /// What it is called in the table and under the pointer.
    public var name: String
    /// Its points, ascending in x.
    public var points: [Point]
    /// How much it matters.
    public var emphasis: Emphasis
    /// The words at its end, such as `Validation 0.029`; nil for none.
    public var label: String?
    /// A color in place of the one that follows from the emphasis.
    public var ink: Ink?
    /// The interval around each point, shaded; as many as there are points, or none.
    public var intervals: [ClosedRange<Double>]

    /// A line from its points.
    public init(
      _ name: String, points: [Point], emphasis: Emphasis = .main, label: String? = nil,
      ink: Ink? = nil, intervals: [ClosedRange<Double>] = []
    ) {
      self.name = name
      self.points = points
      self.emphasis = emphasis
      self.label = label
      self.ink = ink
      self.intervals = intervals
    }
  }

  /// A shaded area between two lines.
  public struct Gap: Hashable, Sendable {
    /// The places of the two lines in `series`.
    public var series: (Int, Int)
    /// Where the shading starts.
    public var start: Double
    /// Words for it.
    public var label: String?

    /// The area between two lines from a place on.
    public init(between first: Int, and second: Int, from start: Double, label: String? = nil) {
      self.series = (first, second)
      self.start = start
      self.label = label
    }

    /// True if both shade the same area with the same words.
    public static func == (left: Gap, right: Gap) -> Bool {
      left.series == right.series && left.start == right.start && left.label == right.label
    }

    /// Mixes what equality compares.
    public func hash(into hasher: inout Hasher) {
      hasher.combine(series.0)
      hasher.combine(series.1)
      hasher.combine(start)
      hasher.combine(label)
    }
  }

  /// Words, a ring or both at a place in the chart.
  public struct Annotation: Hashable, Sendable {
    /// The place.
    public var point: Point
    /// The lines of text.
    public var lines: [String]
    /// True to draw a ring around the place.
    public var isRinged: Bool

    /// Words at a place, which a ring may mark.
    public init(at point: Point, _ lines: [String], isRinged: Bool = false) {
      self.point = point
      self.lines = lines
      self.isRinged = isRinged
    }
  }

  /// The lines, the most important last.
  public var series: [Series]
  /// The title of the horizontal axis.
  public var xTitle: String
  /// The title of the vertical axis; that it is logarithmic or where it starts is added.
  public var yTitle: String
  /// Of so many x that follow each other, at least 1, the first has a row in the table: nobody reads a hundred points of a
  /// smooth curve.
  public var tableStep = 1
  /// How the horizontal axis is written.
  public var xStyle = NumberStyle.plain
  /// How the vertical axis is written.
  public var yStyle = NumberStyle.plain
  /// True for a logarithmic vertical axis; points at or below zero are left out.
  public var isLogarithmic = false
  /// True for a logarithmic horizontal axis; points at or below zero are left out.
  public var isLogarithmicInX = false
  /// Bounds of the horizontal axis in place of those of the points.
  public var xBounds: ClosedRange<Double>?
  /// Bounds of the vertical axis in place of round numbers around the points.
  public var yBounds: ClosedRange<Double>?
  /// Places that follow each other, such as steps down a curve: a ring and then dots, joined by a hairline in their order. The
  /// table is of them then.
  public var trail: [Point] = []
  /// A shaded area between two lines.
  public var gap: Gap?
  /// Words and rings.
  public var annotations: [Annotation] = []
  /// Where to draw a broken vertical line.
  public var marker: Double?
  /// The height in pixels in place of one that suits the width.
  public var height: Double?
  /// True for the thinner lines of a small chart.
  var isThin = false
  /// The least width of the labels of the vertical axis, by which charts are aligned.
  var minimumLeft = 0.0

  /// A chart of lines; everything else is set on the value.
  public init(_ series: [Series], xTitle: String, yTitle: String) {
    self.series = series
    self.xTitle = xTitle
    self.yTitle = yTitle
  }

  /// One row for each x at which any main or reference line has a point, or for the first of every `tableStep`.
  public var table: FigureTable? {
    guard trail.isEmpty else {
      return FigureTable(
        header: ["step", xTitle, yTitle],
        rows: trail.enumerated().map { step, point in
          ["\(step)", xStyle.value(point.x), yStyle.value(point.y)]
        })
    }
    let shown = series.filter { $0.emphasis != .raw && !$0.points.isEmpty }
    guard !shown.isEmpty else { return nil }
    let values = shown.map { series in
      Dictionary(series.points.map { ($0.x, $0.y) }) { first, _ in first }
    }
    let xs = Set(shown.flatMap { $0.points.map(\.x) }.filter(\.isFinite)).sorted()
    let step = Self.resolution(of: xs)
    return FigureTable(
      header: [xTitle] + shown.map(\.name),
      rows: stride(from: 0, to: xs.count, by: tableStep).map { at in
        let x = xs[at]
        let label = isLogarithmicInX ? xStyle.value(x) : xStyle.tick(x, step: step)
        return [label] + values.map { $0[x].map(yStyle.value) ?? "" }
      })
  }

  /// The largest power of ten, from 1 down to 0.0001, of which all numbers are whole multiples; the smallest if there
  /// is none.
  private static func resolution(of values: [Double]) -> Double {
    let steps = [1, 0.1, 0.01, 0.001, 0.0001]
    return steps.first { step in
      values.allSatisfy { abs(($0 / step).rounded() - $0 / step) < 1e-6 }
    } ?? 0.0001
  }
}

extension LineChart.Series {
  /// How the line is drawn.
  var stroke: Stroke {
    switch emphasis {
    case .main: Stroke(ink ?? .ink, width: 2.25)
    case .reference: Stroke(ink ?? .bar, width: 1.75)
    case .raw: Stroke(ink ?? .bar, width: 0.7)
    case .baseline: Stroke(ink ?? .bar, width: 1.5, dash: [5, 4])
    }
  }

  /// How the words at its end are set.
  var labelStyle: TextStyle {
    TextStyle(ink ?? (emphasis == .main ? .ink : .ink3), size: 13, weight: .semibold)
  }
}
