extension [UInt8] {
  /// Matrices one after the other, each with its rows and columns exchanged: images that lie on their side, or whose
  /// channels are to be planes.
  func transposed(rows: Int, columns: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { target, filled in
      withUnsafeBufferPointer { source in
        for start in stride(from: 0, to: source.count, by: Swift.max(1, rows * columns)) {
          for row in 0..<rows {
            for column in 0..<columns {
              target[start + column * rows + row] = source[start + row * columns + column]
            }
          }
        }
      }
      filled = count
    }
  }
}
