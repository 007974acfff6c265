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
    var (top, bottom, left, right) = (row, row, column, column)
    for entry in architecture.entries[...layer].reversed() {
      guard let scope = entry.layer.scope else {
        (rows, columns) = (0..<shape.height, 0..<shape.width)
        return
      }
      (top, left) = (top * scope.stride - scope.margin, left * scope.stride - scope.margin)
      bottom = bottom * scope.stride - scope.margin + scope.kernel - 1
      right = right * scope.stride - scope.margin + scope.kernel - 1
    }
    // A place that sees nothing but padding has an empty field.
    func inside(_ first: Int, _ last: Int, _ size: Int) -> Range<Int> {
      let start = min(max(0, first), size)
      return start..<max(start, min(size, last + 1))
    }
    rows = inside(top, bottom, shape.height)
    columns = inside(left, right, shape.width)
  }
}
