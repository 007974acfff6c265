/// Numbers that can be laid out as a figure of any width.
public protocol Chart: Sendable {
  /// The marks for a width in pixels.
  func layout(width: Double) -> FigureLayout
  /// The numbers as a table, if they are worth reading.
  var table: FigureTable? { get }
}

extension Chart {
  /// No table.
  public var table: FigureTable? { nil }

  /// The figure of a width in pixels, with its words.
  public func figure(_ text: FigureText, width: Double) -> Figure {
    let layout = layout(width: width)
    return Figure(
      text: text, width: width, height: layout.height, marks: layout.marks, table: table,
      readout: layout.readout, links: layout.links)
  }
}
