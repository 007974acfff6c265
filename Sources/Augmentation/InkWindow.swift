import Networks

/// Where the output of moves may have ink: around it there is nothing but ground, which is most of a drawn digit's picture.
struct InkWindow {
  /// Columns that see a range of one axis of the input: those of the first row, and how far they lie on in each next.
  private struct Band {
    let first, last, shift: Double

    /// - Parameters:
    ///   - seen: The range.
    ///   - across: How far a column's place moves along the axis for each column.
    ///   - down: How far it does for each row.
    ///   - start: The place of the first row's first column.
    init(_ seen: ClosedRange<Double>, across: Float, down: Float, start: Double) {
      // Where columns do not move at all, all of them see the range or none.
      let inverse = 1 / (across == 0 ? 1e-9 : Double(across))
      let ends = ((seen.lowerBound - start) * inverse, (seen.upperBound - start) * inverse)
      (first, last) = (min(ends.0, ends.1), max(ends.0, ends.1))
      shift = -Double(down) * inverse
    }
  }

  private let width: Int
  private let bands: (x: Band, y: Band)

  /// Around what a change makes of the ink that is in a box of the input.
  init(_ change: ImageChange, ink: ImageChange.Box) {
    let (map, plane) = (change.map, change.shape.height * change.shape.width)
    width = change.shape.width
    let (x, y) = (Double(change.shape.width - 1) / 2, Double(change.shape.height - 1) / 2)
    bands.x = Band(
      Self.seen(ink.columns, change.field.prefix(plane)), across: map.a, down: map.b,
      start: Double(map.x0) + x - Double(map.a) * x - Double(map.b) * y)
    bands.y = Band(
      Self.seen(ink.rows, change.field.dropFirst(plane)), across: map.c, down: map.d,
      start: Double(map.y0) + y - Double(map.c) * x - Double(map.d) * y)
  }

  /// A pixel is seen from less than one pixel away, and from as far as the field moves; a bit more for what is rounded.
  private static func seen(_ ink: Range<Int>, _ field: ArraySlice<Float>) -> ClosedRange<Double> {
    let reach = 1.01 + Double(field.reduce(0) { max($0, abs($1)) })
    return Double(ink.lowerBound) - reach...Double(ink.upperBound - 1) + reach
  }

  /// The columns of a row of the output that may have ink.
  func columns(of row: Int) -> Range<Int> {
    let row = Double(row)
    let (x, y) = (bands.x, bands.y)
    let first = max(0, x.first + x.shift * row, y.first + y.shift * row)
    let last = min(Double(width - 1), x.last + x.shift * row, y.last + y.shift * row)
    guard first <= last else { return 0..<0 }
    // A kernel's eight at least, where there are so many: fewer take as long.
    let start = max(0, min(Int(first), width - 8))
    return start..<max(Int(last) + 1, min(start + 8, width))
  }
}
