/// Normal equations of a linear model of switches, collected row by row.
struct LeastSquares {
  private let count: Int
  private var matrix: [Double]

  init(count: Int) {
    self.count = count
    matrix = [Double](repeating: 0, count: count * count)
  }

  /// Adds a row of switches: matrix += weight · z zᵀ.
  mutating func add(_ switches: [Bool], weight: Double = 1) {
    let on = switches.indices.filter { switches[$0] }
    for i in on {
      for j in on { matrix[i * count + j] += weight }
    }
  }

  /// Solves for any right-hand side, with a multiple of the identity added.
  func solver(ridge: Double, exceptLast: Bool = false) -> Cholesky {
    var matrix = matrix
    for i in 0..<(exceptLast ? count - 1 : count) { matrix[i * count + i] += ridge }
    if exceptLast { matrix[count * count - 1] += 1e-9 }
    return Cholesky(matrix, count: count)
  }
}

/// The factor L of a symmetric, positive definite matrix L Lᵀ.
struct Cholesky {
  private let count: Int
  private let factor: [Double]

  init(_ matrix: [Double], count n: Int) {
    var l = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0...i {
        var sum = matrix[i * n + j]
        for k in 0..<j { sum -= l[i * n + k] * l[j * n + k] }
        l[i * n + j] = i == j ? max(sum, 1e-300).squareRoot() : sum / l[j * n + j]
      }
    }
    count = n
    factor = l
  }

  /// x with L Lᵀ x = right.
  func solve(_ right: [Double]) -> [Double] {
    var x = right
    for i in 0..<count {
      for k in 0..<i { x[i] -= factor[i * count + k] * x[k] }
      x[i] /= factor[i * count + i]
    }
    for i in (0..<count).reversed() {
      for k in i + 1..<count { x[i] -= factor[k * count + i] * x[k] }
      x[i] /= factor[i * count + i]
    }
    return x
  }
}
