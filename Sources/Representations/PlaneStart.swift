/// Where a map of points starts: their first two principal components, the first with a given standard deviation.
enum PlaneStart {
  static func points(_ values: [Float], _ dimensions: Int, deviation: Float) -> [Float] {
    let rows = PrincipalComponents(values, dimensions: dimensions).points
    let squares = rows.reduce(Float(0)) { $0 + $1[0] * $1[0] }
    let scale = deviation / max((squares / Float(max(1, rows.count))).squareRoot(), 1e-12)
    return rows.flatMap { [$0[0] * scale, ($0.count > 1 ? $0[1] : 0) * scale] }
  }
}
