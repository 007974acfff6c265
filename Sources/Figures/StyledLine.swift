public import Drawing

/// A line of text whose parts may differ in color and weight, such as `5 → 3`.
public struct StyledLine: Hashable, Sendable, ExpressibleByStringLiteral {
  /// A part in one color and weight.
  public struct Span: Hashable, Sendable {
    /// The words.
    public var text: String
    /// The color.
    public var ink: Ink
    /// The weight.
    public var weight: TextStyle.Weight

    /// A part of a line.
    public init(_ text: String, _ ink: Ink = .ink2, weight: TextStyle.Weight = .regular) {
      self.text = text
      self.ink = ink
      self.weight = weight
    }
  }

  /// The parts from left to right.
  public var spans: [Span]

  /// A line from its parts.
  public init(_ spans: [Span]) { self.spans = spans }

  /// A line in one color and weight.
  public init(_ text: String, _ ink: Ink = .ink2, weight: TextStyle.Weight = .regular) {
    spans = [Span(text, ink, weight: weight)]
  }

  /// A line in the color of captions.
  public init(stringLiteral text: String) { self.init(text) }

  /// A true class and the wrong answer: `5 → 3`.
  package static func mistake(_ actual: String, readAs predicted: String) -> StyledLine {
    StyledLine([
      Span(actual, .ink, weight: .semibold), Span("→", .ink3),
      Span(predicted, .wrong, weight: .semibold),
    ])
  }

  /// The same in two lines, for names that are too long for one.
  package static func mistakeInTwo(_ actual: String, readAs predicted: String) -> [StyledLine] {
    [
      StyledLine(actual, .ink, weight: .semibold),
      StyledLine([Span("→", .ink3), Span(predicted, .wrong, weight: .semibold)]),
    ]
  }

  /// The words without their styles.
  public var text: String { spans.map(\.text).joined(separator: " ") }

  /// The estimated width in pixels, the parts being separated by spaces.
  package func width(size: Double) -> Double {
    spans.reduce(0) { width, span in
      width + TextMetrics.width(of: span.text, style: style(span, size))
    } + Double(max(0, spans.count - 1)) * size * 0.32
  }

  func style(_ span: Span, _ size: Double) -> TextStyle {
    TextStyle(span.ink, size: size, weight: span.weight)
  }
}

extension FigureLayout {
  /// Sets a line of styled text, cut off at a width.
  mutating func styled(
    _ line: StyledLine, _ x: Double, _ y: Double, size: Double, room: Double,
    anchor: TextStyle.Anchor = .start
  ) {
    let width = min(line.width(size: size), room)
    var at =
      switch anchor {
      case .start: x
      case .middle: x - width / 2
      case .end: x - width
      }
    let end = at + width + 0.5
    for span in line.spans where at < end {
      let style = line.style(span, size)
      let text = TextMetrics.truncated(span.text, to: end - at, style: style)
      self.text(text, at, y, style)
      at += TextMetrics.width(of: text, style: style) + size * 0.32
    }
  }
}
