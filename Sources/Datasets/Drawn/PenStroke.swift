/// A line drawn by a pen of changing width, as pixels.
struct PenStroke {
  /// One place of the pen, in pixels.
  struct Sample {
    var x: Float
    var y: Float
    var radius: Float
    /// False where a new stroke begins: no line leads here.
    var isDown: Bool
  }

  /// Adds the line's ink to a square raster: `clamp(½ + (radius - distance) / soft) * ink`, where lines cross the
  /// darker one counts.
  static func draw(
    _ samples: [Sample], on raster: inout [Float], side: Int, soft: Float, ink: Float
  ) {
    raster.withUnsafeMutableBufferPointer { raster in
      for index in samples.indices.dropFirst() where samples[index].isDown {
        let (a, b) = (samples[index - 1], samples[index])
        let radius = 0.5 * (a.radius + b.radius)
        let reach = radius + soft
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let scale = 1 / max(dx * dx + dy * dy, 1e-9)
        let left = max(0, Int(min(a.x, b.x) - reach))
        let right = min(side - 1, Int(max(a.x, b.x) + reach))
        let top = max(0, Int(min(a.y, b.y) - reach))
        let bottom = min(side - 1, Int(max(a.y, b.y) + reach))
        guard left <= right, top <= bottom else { continue }
        for row in top...bottom {
          let py = Float(row) + 0.5 - a.y
          for column in left...right {
            let px = Float(column) + 0.5 - a.x
            let t = min(max((px * dx + py * dy) * scale, 0), 1)
            let (ex, ey) = (px - t * dx, py - t * dy)
            let distance = (ex * ex + ey * ey).squareRoot()
            let gray = min(max(0.5 + (radius - distance) / soft, 0), 1) * ink
            let place = row * side + column
            raster[place] = max(raster[place], min(gray, 1))
          }
        }
      }
    }
  }
}
