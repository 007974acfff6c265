extension Plane {
  /// How many of the numbers are 0.
  package var zeros: Int { values.count { $0 == 0 } }
  /// How many of the numbers are above 0.
  package var positives: Int { values.count { $0 > 0 } }
  /// True if a number is below 0.
  package var hasNegative: Bool { values.contains { $0 < 0 } }
  /// The largest number; 0 without any.
  package var largest: Float { values.max() ?? 0 }
  /// The mean of the numbers; 0 without any.
  package var average: Double { Double(values.reduce(0, +)) / Double(max(values.count, 1)) }

  /// The places of the channels by how much they vary over space, the most varied first.
  package var channelsByVariation: [Int] {
    let (channels, height, width) = dimensions
    let size = height * width
    return Plane.byVariation((0..<channels).map { values[$0 * size..<($0 + 1) * size] })
  }

  /// The places of some channels by how much each varies, the most varied first, the lower place among equals.
  static func byVariation(_ channels: [ArraySlice<Float>]) -> [Int] {
    let spreads = channels.map { plane -> Float in
      let mean = plane.reduce(0, +) / Float(max(plane.count, 1))
      return plane.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    return spreads.indices.sorted { (spreads[$1], $0) < (spreads[$0], $1) }
  }

  /// The difference to another picture of the same shape; to one of another the picture itself.
  package func minus(_ other: Plane) -> Plane {
    guard shape == other.shape else { return self }
    return Plane(shape: shape, values: zip(values, other.values).map { $0 - $1 })
  }

  /// The window of a size with the greatest contrast in the mean over the channels, the first of equals.
  package func window(rows: Int, columns: Int) -> (top: Int, left: Int) {
    let (channels, height, width) = dimensions
    let size = height * width
    let gray = (0..<size).map { at in
      (0..<channels).reduce(Float(0)) { $0 + values[$1 * size + at] } / Float(max(channels, 1))
    }
    var best = (spread: -Float.infinity, top: 0, left: 0)
    for top in 0...max(height - rows, 0) {
      for left in 0...max(width - columns, 0) {
        var (sum, squares, n) = (Float(0), Float(0), Float(0))
        for y in top..<top + rows {
          for x in left..<left + columns {
            let value = gray[y * width + x]
            (sum, squares, n) = (sum + value, squares + value * value, n + 1)
          }
        }
        let spread = squares - sum * sum / max(n, 1)
        if spread > best.spread { best = (spread, top, left) }
      }
    }
    return (best.top, best.left)
  }
}
