import Networks

/// Where the output of moves may have ink: around it there is nothing but ground, which is most of a drawn digit's picture.
struct InkWindow {
  private let map: AffineMap
  /// The middle of the image.
  private let x, y: Double
  private let width: Int
  /// The places of the input from which ink is seen; empty without any.
  private var seenX, seenY: ClosedRange<Double>?

  /// Around what a change makes of ink; there is none if `ink` is `nil`.
  init(_ change: ImageChange, ink: ImageChange.Box?) {
    map = change.map
    width = change.shape.width
    (x, y) = (Double(change.shape.width - 1) / 2, Double(change.shape.height - 1) / 2)
    guard let ink else { return }
    let plane = change.shape.height * change.shape.width
    seenX = Self.seen(ink.columns, change.field.prefix(plane))
    seenY = Self.seen(ink.rows, change.field.dropFirst(plane))
  }

  /// A pixel is seen from less than one pixel away, and from as far as the field moves; a bit more for what is rounded.
  private static func seen(_ ink: Range<Int>, _ field: ArraySlice<Float>) -> ClosedRange<Double> {
    let reach = 1.01 + Double(field.reduce(0) { max($0, abs($1)) })
    return Double(ink.lowerBound) - reach...Double(ink.upperBound - 1) + reach
  }

  /// The columns of a row of the output that may have ink.
  func columns(of row: Int) -> Range<Int> {
    guard let seenX, let seenY else { return 0..<0 }
    let v = Double(row) - y
    var (first, last) = (0.0, 2 * x)
    func narrow(_ slope: Float, _ start: Double, to seen: ClosedRange<Double>) {
      if slope == 0 {
        if !seen.contains(start) { last = -1 }
        return
      }
      let inverse = 1 / Double(slope)
      let (low, high) = (
        (seen.lowerBound - start) * inverse + x, (seen.upperBound - start) * inverse + x
      )
      (first, last) = (max(first, min(low, high)), min(last, max(low, high)))
    }
    narrow(map.a, Double(map.b) * v + Double(map.x0) + x, to: seenX)
    narrow(map.c, Double(map.d) * v + Double(map.y0) + y, to: seenY)
    guard first <= last else { return 0..<0 }
    // A kernel's eight at least, where there are so many: fewer take as long.
    let start = max(0, min(Int(first), width - 8))
    return start..<max(Int(last) + 1, min(start + 8, width))
  }
}
