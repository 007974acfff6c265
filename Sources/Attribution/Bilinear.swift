/// Bilinear resizing with half-pixel centres, as OpenCV and PyTorch (`align_corners=False`) have it.
enum Bilinear {
  /// Planes of one size brought to another, `[N][H][W]`.
  static func resized(
    _ values: [Float], height: Int, width: Int, toHeight: Int, toWidth: Int
  ) -> [Float] {
    guard height != toHeight || width != toWidth else { return values }
    let rows = places(height, toHeight)
    let columns = places(width, toWidth)
    let plane = height * width
    var result: [Float] = []
    result.reserveCapacity(values.count / max(1, plane) * toHeight * toWidth)
    for start in stride(from: 0, to: values.count, by: plane) {
      for row in rows {
        let (top, bottom) = (start + row.low * width, start + row.high * width)
        for column in columns {
          let above =
            values[top + column.low]
            + (values[top + column.high] - values[top + column.low]) * column.share
          let below =
            values[bottom + column.low]
            + (values[bottom + column.high] - values[bottom + column.low]) * column.share
          result.append(above + (below - above) * row.share)
        }
      }
    }
    return result
  }

  private static func places(
    _ from: Int, _ to: Int
  ) -> [(low: Int, high: Int, share: Float)] {
    (0..<to).map { i in
      let place = max(0, (Float(i) + 0.5) * Float(from) / Float(to) - 0.5)
      let low = min(Int(place), from - 1)
      return (low, min(low + 1, from - 1), place - Float(low))
    }
  }
}
