/// The numbers behind a figure, for those who want to read them.
public struct FigureTable: Hashable, Sendable {
  /// The names of the columns.
  public var header: [String]
  /// The rows, each with as many cells as the header.
  public var rows: [[String]]

  /// A table from its header and rows.
  public init(header: [String], rows: [[String]]) {
    self.header = header
    self.rows = rows
  }
}
