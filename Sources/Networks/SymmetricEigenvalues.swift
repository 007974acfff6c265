/// Eigenvalues of a symmetric matrix by Jacobi's cyclic rotations, and what follows from them.
package enum SymmetricEigenvalues {
  /// More sweeps than any matrix needs.
  private static let mostSweeps = 60
  /// Share of the sum of squares off the diagonal at which the matrix counts as diagonal.
  private static let tolerance = 1e-28

  /// Numbers from one row to the next beyond those of the row: without them the entries of a column of some hundred
  /// rows would all fall on the same few places of the cache.
  private static let rowGap = 9

  /// Eigenvalues.
  ///
  /// - Parameters:
  ///   - matrix: `[n][n]`, symmetric.
  ///   - n: rows and columns.
  /// - Returns: the eigenvalues, in no order.
  package static func values(_ matrix: [Double], count n: Int) -> [Double] {
    values(matrix, count: n) { _, _, _, _ in }
  }

  /// Eigenvalues with their eigenvectors of length 1.
  ///
  /// - Parameters:
  ///   - matrix: `[n][n]`, symmetric.
  ///   - n: rows and columns.
  /// - Returns: the pairs, in no order.
  package static func vectors(
    _ matrix: [Double], count n: Int
  ) -> [(value: Double, vector: [Double])] {
    // The rows are the vectors in the end.
    var rows = (0..<n * n).map { $0 / n == $0 % n ? 1.0 : 0 }
    let values = values(matrix, count: n) { p, q, c, s in
      for i in 0..<n {
        let (u, v) = (rows[p * n + i], rows[q * n + i])
        (rows[p * n + i], rows[q * n + i]) = (c * u - s * v, s * u + c * v)
      }
    }
    return values.enumerated().map { ($1, Array(rows[$0 * n..<($0 + 1) * n])) }
  }

  /// The square root that is itself symmetric and has no negative eigenvalue.
  ///
  /// - Parameters:
  ///   - matrix: `[n][n]`, symmetric and without negative eigenvalues but for rounding, which count as 0.
  ///   - n: rows and columns.
  /// - Returns: `[n][n]`; its product with itself is the matrix.
  package static func squareRoot(_ matrix: [Double], count n: Int) -> [Double] {
    var root = [Double](repeating: 0, count: n * n)
    for (value, vector) in vectors(matrix, count: n) where value > 0 {
      let length = value.squareRoot()
      for i in 0..<n where vector[i] != 0 {
        let factor = length * vector[i]
        for j in 0..<n { root[i * n + j] += factor * vector[j] }
      }
    }
    return root
  }

  /// Eigenvalues, and what would bring vectors to them.
  ///
  /// - Parameters:
  ///   - matrix: `[n][n]`, symmetric.
  ///   - n: rows and columns.
  ///   - rotate: told of every rotation: columns p and q become c p - s q and s p + c q. Applied to the columns of the
  ///     identity they make the eigenvectors, the k-th column that of the k-th value.
  /// - Returns: the eigenvalues, in no order.
  private static func values(
    _ matrix: [Double], count n: Int,
    rotate: (_ p: Int, _ q: Int, _ c: Double, _ s: Double) -> Void
  ) -> [Double] {
    let row = n + rowGap
    var a = [Double](repeating: 0, count: n * row)
    for i in 0..<n { for j in 0..<n { a[i * row + j] = matrix[i * n + j] } }
    let total = matrix.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<mostSweeps {
      var rest = 0.0
      for p in 0..<n { for q in 0..<p { rest += a[p * row + q] * a[p * row + q] } }
      if rest <= tolerance * total { break }
      for p in 0..<n {
        for q in p + 1..<max(p + 1, n) where abs(a[p * row + q]) > 1e-300 {
          let theta = (a[q * row + q] - a[p * row + p]) / (2 * a[p * row + q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<n {
            let (x, y) = (a[k * row + p], a[k * row + q])
            (a[k * row + p], a[k * row + q]) = (c * x - s * y, s * x + c * y)
          }
          for k in 0..<n {
            let (x, y) = (a[p * row + k], a[q * row + k])
            (a[p * row + k], a[q * row + k]) = (c * x - s * y, s * x + c * y)
          }
          rotate(p, q, c, s)
        }
      }
    }
    return (0..<n).map { a[$0 * row + $0] }
  }
}
