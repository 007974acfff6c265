#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Gauss-Legendre quadrature on [0, 1]: exact for polynomials up to degree 2n - 1.
struct GaussLegendre: Sendable {
  let nodes: [Double]
  let weights: [Double]

  /// Roots of the Legendre polynomial of degree n by Newton's method from Tricomi's estimate.
  init(points n: Int) {
    var nodes = [Double](repeating: 0, count: n)
    var weights = nodes
    for i in 0..<(n + 1) / 2 {
      var x = cos(.pi * (Double(i) + 0.75) / (Double(n) + 0.5))
      var slope = 0.0
      for _ in 0..<100 {
        var (previous, current) = (1.0, x)
        for k in 2..<max(2, n + 1) {
          (previous, current) = (
            current, ((2 * Double(k) - 1) * x * current - (Double(k) - 1) * previous) / Double(k)
          )
        }
        slope = Double(n) * (x * current - previous) / (x * x - 1)
        let change = current / slope
        x -= change
        if abs(change) < 1e-15 { break }
      }
      let weight = 1 / ((1 - x * x) * slope * slope)
      nodes[i] = (1 - x) / 2
      nodes[n - 1 - i] = (1 + x) / 2
      weights[i] = weight
      weights[n - 1 - i] = weight
    }
    self.nodes = nodes
    self.weights = weights
  }
}
