/// A table of text for a terminal: columns that do not fit beside each other follow below, each with the first again.
struct TextTable {
  /// The width that every terminal has.
  static let width = 80

  /// The heads with their cells; the first column names the rows and stands left, all others right.
  private var columns: [[String]]

  /// A table from its columns, each a head with its cells, all of the same length.
  init(_ columns: [[String]]) { self.columns = columns }

  /// The lines, none longer than a width unless a single column is.
  func lines(width: Int = width) -> [String] {
    guard let names = columns.first else { return [] }
    let nameWidth = names.map(\.count).max() ?? 0
    var blocks: [[[String]]] = [[]]
    var used = nameWidth
    for column in columns.dropFirst() {
      let columnWidth = 2 + (column.map(\.count).max() ?? 0)
      if used + columnWidth > width, blocks.last?.isEmpty == false {
        blocks.append([])
        used = nameWidth
      }
      used += columnWidth
      blocks[blocks.count - 1].append(column.map { padLeft($0, columnWidth) })
    }
    let parts = blocks.map { block in
      names.indices.map { row in pad(names[row], nameWidth) + block.map { $0[row] }.joined() }
    }
    return Array(parts.joined(separator: [""]))
  }
}
