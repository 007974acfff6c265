/// Eigenvalues of a symmetric matrix by Jacobi's cyclic rotations.
package enum SymmetricEigenvalues {
  /// More sweeps than any matrix needs.
  private static let mostSweeps = 60
  /// Share of the sum of squares off the diagonal at which the matrix counts as diagonal.
  private static let tolerance = 1e-28

  /// Eigenvalues, and what would bring vectors to them.
  ///
  /// - Parameters:
  ///   - matrix: `[n][n]`, symmetric.
  ///   - n: rows and columns.
  ///   - rotate: told of every rotation: columns p and q become c p - s q and s p + c q. Applied to the columns of the
  ///     identity they make the eigenvectors, the k-th column that of the k-th value.
  /// - Returns: the eigenvalues, in no order.
  package static func values(
    _ matrix: [Double], count n: Int,
    rotate: (_ p: Int, _ q: Int, _ c: Double, _ s: Double) -> Void = { _, _, _, _ in }
  ) -> [Double] {
    var a = matrix
    let total = a.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<mostSweeps {
      var rest = 0.0
      for p in 0..<n { for q in 0..<p { rest += a[p * n + q] * a[p * n + q] } }
      if rest <= tolerance * total { break }
      for p in 0..<n {
        for q in p + 1..<max(p + 1, n) where abs(a[p * n + q]) > 1e-300 {
          let theta = (a[q * n + q] - a[p * n + p]) / (2 * a[p * n + q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<n {
            let (x, y) = (a[k * n + p], a[k * n + q])
            (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y)
          }
          for k in 0..<n {
            let (x, y) = (a[p * n + k], a[q * n + k])
            (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y)
          }
          rotate(p, q, c, s)
        }
      }
    }
    return (0..<n).map { a[$0 * n + $0] }
  }
}
