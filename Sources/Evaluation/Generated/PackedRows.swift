/// Rows of numbers laid out for their distances from one row: sixteen beside one another, number by number, so that the
/// sum of each is added up in its own order and sixteen at once.
struct PackedRows {
  private static let lanes = 16
  /// Rows.
  let count: Int
  private let dimensions: Int
  /// `[blocks][D][16]`; what is beyond the last row is 0.
  private let values: [Float]

  /// Packs `[N][D]` numbers.
  init(_ rows: [Float], dimensions: Int) {
    let lanes = Self.lanes
    count = rows.count / max(1, dimensions)
    self.dimensions = dimensions
    var values = [Float](repeating: 0, count: (count + lanes - 1) / lanes * lanes * dimensions)
    for row in 0..<count {
      let start = row / lanes * lanes * dimensions + row % lanes
      for d in 0..<dimensions { values[start + d * lanes] = rows[row * dimensions + d] }
    }
    self.values = values
  }

  /// The squared Euclidean distance of every row from one more.
  func squaredDistances(from row: ArraySlice<Float>) -> [Float] {
    let lanes = Self.lanes
    var distances = [Float](repeating: 0, count: values.count / max(1, dimensions))
    row.withUnsafeBufferPointer { row in
      values.withUnsafeBufferPointer { values in
        distances.withUnsafeMutableBufferPointer { distances in
          for block in 0..<distances.count / lanes {
            for d in 0..<dimensions {
              let (value, start) = (row[d], (block * dimensions + d) * lanes)
              for lane in 0..<lanes {
                let difference = value - values[start + lane]
                distances[block * lanes + lane] += difference * difference
              }
            }
          }
        }
      }
    }
    return Array(distances.prefix(count))
  }
}
