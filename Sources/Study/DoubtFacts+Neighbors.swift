extension DoubtFacts {
  /// Points that surround another.
  private static let surrounding = 10

  /// How many of the misread images lie where most of what surrounds them is of the class that was answered; `nil` if that
  /// is no more than half of them.
  public var misled: (count: Int, wrong: Int)? {
    let right = neighborhood.filter { $0.label == $0.predicted }
    let wrong = neighborhood.filter { $0.label != $0.predicted }
    let misled = wrong.count { point in
      let nearest = right.map { ($0.distance(to: point), $0) }.sorted { $0.0 < $1.0 }
        .prefix(Self.surrounding)
      return 2 * nearest.count { $0.1.label == point.predicted } > nearest.count
    }
    return right.count > Self.surrounding && 2 * misled > wrong.count
      ? (misled, wrong.count) : nil
  }

  /// The share of points, or of the first so many, whose nearest other point is of the same class; `nil` for fewer than
  /// two.
  public static func neighborShare(_ points: [Point], first: Int? = nil) -> Double? {
    let asked = points.indices.prefix(first ?? points.count)
    guard points.count > 1, !asked.isEmpty else { return nil }
    let alike = asked.count { i in
      let nearest = points.indices.lazy.filter { $0 != i }.min {
        points[$0].distance(to: points[i]) < points[$1].distance(to: points[i])
      }
      return nearest.map { points[$0].label == points[i].label } ?? false
    }
    return Double(alike) / Double(asked.count)
  }
}

extension DoubtFacts.Point {
  /// The square of the distance on the map.
  fileprivate func distance(to other: DoubtFacts.Point) -> Float {
    let (x, y) = (x - other.x, y - other.y)
    return x * x + y * y
  }
}
