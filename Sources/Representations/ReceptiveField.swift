public import Networks

/// The pixels that a place of a layer's output can see.
public struct ReceptiveField: Hashable, Sendable {
  /// Rows of the image.
  public let rows: Range<Int>
  /// Columns of the image.
  public let columns: Range<Int>

  /// What a place sees, cut off at the image's edge; flat layers see all of it.
  ///
  /// - Parameters:
  ///   - layer: the position of the layer in the network.
  ///   - row: the place's row in the layer's output.
  ///   - column: its column.
  ///   - architecture: the network.
  public init(of layer: Int, row: Int, column: Int, in architecture: Architecture) {
    let shape = architecture.inputShape
    guard case .image = architecture.entries[layer].outputShape else {
      (rows, columns) = (0..<shape.height, 0..<shape.width)
      return
    }
    // What is seen of each value; where paths part, all that any of them sees.
    var seen: [Int: Window] = [layer + 1: Window(row...row, column...column)]
    for (index, entry) in architecture.entries[...layer].enumerated().reversed() {
      guard let window = seen[index + 1] else { continue }
      guard let read = window.read(by: entry.layer) else {
        (rows, columns) = (0..<shape.height, 0..<shape.width)
        return
      }
      for value in entry.inputs { seen[value] = read.union(seen[value]) }
    }
    let window = seen[0] ?? Window(row...row, column...column)
    // A place that sees nothing but padding has an empty field.
    func inside(_ first: Int, _ last: Int, _ size: Int) -> Range<Int> {
      let start = min(max(0, first), size)
      return start..<max(start, min(size, last + 1))
    }
    rows = inside(window.rows.lowerBound, window.rows.upperBound, shape.height)
    columns = inside(window.columns.lowerBound, window.columns.upperBound, shape.width)
  }

  /// Places of a value, also beyond its edges.
  private struct Window {
    let rows: ClosedRange<Int>
    let columns: ClosedRange<Int>

    init(_ rows: ClosedRange<Int>, _ columns: ClosedRange<Int>) {
      self.rows = rows
      self.columns = columns
    }

    /// What a layer reads of its input for these places of its output; `nil` for one that reads all of it.
    func read(by layer: any Layer) -> Window? {
      if case .upsampling(let factor) = layer.exportForm { return shrunk(by: factor) }
      guard let scope = layer.scope else { return nil }
      func places(_ range: ClosedRange<Int>) -> ClosedRange<Int> {
        let first = range.lowerBound * scope.stride - scope.margin
        return first...range.upperBound * scope.stride - scope.margin + scope.kernel - 1
      }
      return Window(places(rows), places(columns))
    }

    private func shrunk(by factor: Int) -> Window {
      func place(_ place: Int) -> Int { (place < 0 ? place - factor + 1 : place) / factor }
      func places(_ range: ClosedRange<Int>) -> ClosedRange<Int> {
        place(range.lowerBound)...place(range.upperBound)
      }
      return Window(places(rows), places(columns))
    }

    func union(_ other: Window?) -> Window {
      guard let other else { return self }
      func hull(_ a: ClosedRange<Int>, _ b: ClosedRange<Int>) -> ClosedRange<Int> {
        min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
      }
      return Window(hull(rows, other.rows), hull(columns, other.columns))
    }
  }
}
