public import Drawing
public import Pictures

/// A finished figure as a value: words, size and marks.
public struct Figure: Hashable, Sendable {
  /// The words that go with it.
  public var text: FigureText
  /// The width in pixels.
  public var width: Double
  /// The height in pixels.
  public var height: Double
  /// What is drawn, in drawing order.
  package var marks: [Mark]
  /// The numbers behind it, if they are worth reading.
  public var table: FigureTable?
  /// Where the lines of a line chart are, for a reading aid that follows the pointer.
  package var readout: Readout?
  /// Parts that lead somewhere in a page.
  package var links: [Link]

  /// A figure from its parts.
  package init(
    text: FigureText, width: Double, height: Double, marks: [Mark], table: FigureTable? = nil,
    readout: Readout? = nil, links: [Link] = []
  ) {
    self.text = text
    self.width = width
    self.height = height
    self.marks = marks
    self.table = table
    self.readout = readout
    self.links = links
  }

  /// The stem of file names.
  public var name: String { text.name }
  /// The finding, as a sentence.
  public var title: String { text.title }
  /// How to read the figure.
  public var caption: String {
    [text.caption, text.method, text.caveat].filter { !$0.isEmpty }.joined(separator: " ")
  }
  /// What the figure shows, for those who cannot see it.
  public var alternativeText: String {
    text.alternativeText == text.title ? text.title : "\(text.title) \(text.alternativeText)."
  }

  /// Draws every mark.
  package func draw(on canvas: inout some Canvas) {
    for mark in marks { mark.draw(on: &canvas) }
  }

  /// The figure as the bytes of a PNG file, on the page's color.
  ///
  /// - Parameters:
  ///   - theme: The colors.
  ///   - scale: Picture pixels per figure pixel.
  ///   - margin: Empty space on every side, in figure pixels.
  /// - Returns: The bytes of the file.
  /// - Throws: `CairoError` or `PictureError`.
  public func png(theme: Theme, scale: Double = 2, margin: Double = 16) throws -> [UInt8] {
    var canvas = try CairoCanvas(
      width: width, height: height, theme: theme, scale: scale, margin: margin)
    draw(on: &canvas)
    return try PNG.write(canvas.picture(), isFast: true)
  }

  /// The figure as SVG, for inclusion in a page or as a file of its own.
  ///
  /// - Parameters:
  ///   - standalone: True for a file of its own, with its colors and a margin of 16 pixels.
  ///   - className: The class names of the `svg` element in a page.
  /// - Returns: The text of the `svg` element.
  /// - Throws: `PictureError` if a picture cannot be encoded.
  public func svg(
    standalone: Bool = false, className: String = "chart"
  ) throws(PictureError) -> String {
    var canvas = SVGCanvas(
      width: width, height: height, label: alternativeText,
      mode: standalone ? .standalone(margin: 16) : .inline(className: className))
    draw(on: &canvas)
    return try canvas.document()
  }
}
