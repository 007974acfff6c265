public import Figures
import Study

/// A figure of a report before its width is known.
public struct Illustration: Sendable {
  /// Its words.
  public var text: FigureText
  /// What is drawn.
  package var chart: any Chart
  /// What is drawn on a phone, if that is not the same chart at another width.
  package var narrowChart: (any Chart)?
  /// The width in pixels on a wide page.
  package var width: Double

  /// The numbers behind it, if not those of the chart.
  package var table: FigureTable?
  /// Further pictures, which a page shows when asked.
  package var more: More?
  /// Cells of a matrix whose images the page opens.
  var opened: [QualityFacts.Cell] = []
  /// True if it is drawn for tablets too, however large it is.
  package var isForTablets = false
  /// True if its rows are stages of one thing, which a reader may step through.
  package var isStepped = false
  /// What a reader may guess before it is shown.
  var guess: Guess?

  /// Pictures behind a line that opens them.
  package struct More: Sendable {
    /// The line.
    package var title: String
    /// The pictures.
    package var grid: ImageGrid

    /// Pictures behind a line.
    package init(_ title: String, _ grid: ImageGrid) {
      self.title = title
      self.grid = grid
    }
  }

  /// The width in pixels of one of two figures side by side.
  package static let halfWidth = 472.0
  /// The width in pixels on a tablet.
  static let mediumWidth = 552.0
  /// The width in pixels on a phone.
  package static let narrowWidth = 358.0

  /// A figure from its words and its chart.
  package init(
    _ text: FigureText, _ chart: any Chart, narrow: (any Chart)? = nil, width: Double = 984
  ) {
    self.text = text
    self.chart = chart
    narrowChart = narrow
    self.width = width
  }

  /// The figure for a wide page, or of another width.
  public func figure(width: Double? = nil) -> Figure {
    chart.figure(text, width: width ?? self.width)
  }

  /// The figure for a phone.
  package func narrowFigure() -> Figure {
    (narrowChart ?? chart).figure(text, width: Self.narrowWidth)
  }

  /// The figure with its words, as wide as what it shows: for a file of its own.
  package func exported() -> Figure {
    let used = (chart as? ImageGrid)?.usedWidth(within: width)
    return figure(width: used).withWords
  }

  /// True if it shows pictures of pixels, which are worth more as PNG than as SVG.
  package var isPictures: Bool { chart is ImageGrid }
}
