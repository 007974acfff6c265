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

  /// Tables side by side, joined where their first cells agree; a column is named after its table.
  static func joined(_ tables: [(name: String, table: FigureTable)]) -> FigureTable? {
    guard let first = tables.first?.table else { return nil }
    var keys: [String] = []
    for row in tables.flatMap(\.table.rows) where !keys.contains(row[0]) { keys.append(row[0]) }
    var joined = FigureTable(header: Array(first.header.prefix(1)), rows: keys.map { [$0] })
    for (name, table) in tables {
      joined.header += table.header.dropFirst().map {
        [name, $0].filter { !$0.isEmpty }.joined(separator: ": ")
      }
      let blank = [String](repeating: "", count: table.header.count - 1)
      for (place, key) in keys.enumerated() {
        let row = table.rows.first { $0[0] == key }
        joined.rows[place] += row.map { Array($0.dropFirst()) } ?? blank
      }
    }
    return joined
  }
}
