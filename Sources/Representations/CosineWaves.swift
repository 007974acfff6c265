#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Planes as sums of cosine waves (DCT-II), slow waves counting more: amplitude over frequency.
struct CosineWaves: Sendable {
  private let height: Int
  private let width: Int
  private let down: [Float]
  private let across: [Float]
  private let scale: [Float]

  init(height: Int, width: Int) {
    self.height = height
    self.width = width
    down = Self.basis(height)
    across = Self.basis(width)
    let side = Float(max(height, width))
    scale = (0..<height * width).map { i in
      let (v, u) = (Float(i / width) / (2 * Float(height)), Float(i % width) / (2 * Float(width)))
      return 1 / max((v * v + u * u).squareRoot(), 1 / side)
    }
  }

  /// basis[k][x] = c cos(π k (x + 1/2) / n), orthonormal rows.
  private static func basis(_ n: Int) -> [Float] {
    (0..<n * n).map { i in
      let (k, x) = (Double(i / n), Double(i % n))
      let c = (k == 0 ? 1 / Double(n) : 2 / Double(n)).squareRoot()
      return Float(c * cos(.pi * k * (x + 0.5) / Double(n)))
    }
  }

  /// plane[y][x] = Σ scale[v][u] amplitude[v][u] down[v][y] across[u][x]
  func sum(_ amplitudes: [Float]) -> [Float] {
    let scaled = zip(amplitudes, scale).map { $0 * $1 }
    var rows = [Float](repeating: 0, count: height * width)
    for v in 0..<height {
      for u in 0..<width {
        let a = scaled[v * width + u]
        for x in 0..<width { rows[v * width + x] += a * across[u * width + x] }
      }
    }
    var plane = [Float](repeating: 0, count: height * width)
    for v in 0..<height {
      for y in 0..<height {
        let a = down[v * height + y]
        for x in 0..<width { plane[y * width + x] += a * rows[v * width + x] }
      }
    }
    return plane
  }

  /// The slope with respect to the amplitudes for a slope with respect to the plane: the transpose of `sum`.
  func amplitudes(of plane: [Float]) -> [Float] {
    var rows = [Float](repeating: 0, count: height * width)
    for v in 0..<height {
      for y in 0..<height {
        let a = down[v * height + y]
        for x in 0..<width { rows[v * width + x] += a * plane[y * width + x] }
      }
    }
    return (0..<height * width).map { i in
      let (v, u) = (i / width, i % width)
      var sum: Float = 0
      for x in 0..<width { sum += rows[v * width + x] * across[u * width + x] }
      return sum * scale[i]
    }
  }
}
