import Randomness

/// Points projected on the directions in which they vary most.
///
/// Reference: Pearson, On Lines and Planes of Closest Fit to Systems of Points in Space (1901).
public struct PrincipalComponents: Sendable {
  /// One point a row, `[N][components]`.
  public let points: [[Float]]
  /// Share of the total variance along each component.
  public let explained: [Double]

  /// Projects `[N][D]` numbers on their first components, by power iteration on the covariance.
  ///
  /// Each direction's sign is chosen so that its largest entry is positive, so that the same numbers give the same
  /// picture. Costs N D² once.
  public init(_ values: [Float], dimensions: Int, components: Int = 2) {
    let count = values.count / max(1, dimensions)
    var mean = [Double](repeating: 0, count: dimensions)
    for row in 0..<count {
      for d in 0..<dimensions { mean[d] += Double(values[row * dimensions + d]) }
    }
    for d in 0..<dimensions { mean[d] /= Double(max(1, count)) }
    var covariance = [Double](repeating: 0, count: dimensions * dimensions)
    var centered = [Double](repeating: 0, count: dimensions)
    for row in 0..<count {
      for d in 0..<dimensions { centered[d] = Double(values[row * dimensions + d]) - mean[d] }
      for i in 0..<dimensions where centered[i] != 0 {
        let value = centered[i]
        for j in i..<dimensions { covariance[i * dimensions + j] += value * centered[j] }
      }
    }
    for i in 0..<dimensions {
      for j in 0..<i { covariance[i * dimensions + j] = covariance[j * dimensions + i] }
    }
    let total = (0..<dimensions).reduce(0.0) { $0 + covariance[$1 * dimensions + $1] }
    var found: [(direction: [Double], value: Double)] = []
    for component in 0..<min(components, dimensions) {
      let (direction, value) = Self.strongest(
        covariance, dimensions, from: Self.start(of: component, dimensions))
      found.append((direction, value))
      for i in 0..<dimensions {
        for j in 0..<dimensions {
          covariance[i * dimensions + j] -= value * direction[i] * direction[j]
        }
      }
    }
    // Of two that are nearly as strong either may come first.
    found.sort { $0.value > $1.value }
    points = (0..<count).map { row in
      found.map { direction, _ in
        Float(
          (0..<dimensions).reduce(0.0) {
            $0 + direction[$1] * (Double(values[row * dimensions + $1]) - mean[$1])
          })
      }
    }
    explained = found.map { total > 0 ? $0.value / total : 0 }
  }

  /// Where the search for a component starts: no regular direction, which might be orthogonal to the one looked for.
  private static func start(of component: Int, _ n: Int) -> [Double] {
    var generator = SplitMix64(
      seed: 0, purpose: "principal components", index: UInt64(component))
    return (0..<n).map { _ in Double(generator.normal()) }
  }

  private static func strongest(
    _ matrix: [Double], _ n: Int, from start: [Double]
  ) -> (direction: [Double], value: Double) {
    var direction = start
    var value = 0.0
    for _ in 0..<500 {
      var next = [Double](repeating: 0, count: n)
      for i in 0..<n {
        var sum = 0.0
        for j in 0..<n { sum += matrix[i * n + j] * direction[j] }
        next[i] = sum
      }
      let length = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard length > 1e-12 else { return ([Double](repeating: 0, count: n), 0) }
      let change = (0..<n).reduce(0.0) { max($0, abs(next[$1] / length - direction[$1])) }
      direction = next.map { $0 / length }
      value = length
      if change < 1e-10 { break }
    }
    let largest = direction.indices.max { abs(direction[$0]) < abs(direction[$1]) } ?? 0
    if direction[largest] < 0 { direction = direction.map { -$0 } }
    return (direction, value)
  }
}
