import Evaluation

extension DoubtFacts {
  /// Points that surround another.
  private static let surrounding = 10

  /// How many of the misread images lie where most of what surrounds them is of the class that was answered; `nil` if that
  /// is no more than half of them.
  package var misled: (count: Int, wrong: Int)? {
    let right = neighborhood.filter { !$0.isWrong }
    let wrong = neighborhood.filter(\.isWrong)
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
  package static func neighborShare(_ points: [Point], first: Int? = nil) -> Double? {
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

extension DoubtFacts {
  /// How many images on the map were misread.
  package var misreadCount: Int { neighborhood.count(where: \.isWrong) }

  /// The shares of images that lie beside one of their own class, by two directions of the pixels and of the layer, if the
  /// layer's are clearly more; `nil` otherwise.
  package var untangled: (pixels: Double, layer: Double)? {
    guard let pixels = Self.neighborShare(pixelPoints), let layer = Self.neighborShare(points),
      layer - pixels > 0.05
    else { return nil }
    return (pixels, layer)
  }

  /// The share of the images drawn at random that have one of their own class beside them on the map: the mistakes that stand
  /// beside those would say too little of all.
  package var companionShare: Double? { Self.neighborShare(neighborhood, first: points.count) }

  /// The share of the way between two images on which neither class has 90 %; `nil` without a way.
  package var hesitation: Double? {
    guard pathShares.count > 1 else { return nil }
    let open = pathShares.count { ($0.max() ?? 0) < 0.9 }
    return Double(open) / Double(pathShares.count - 1)
  }

  /// True if the answer flips within a quarter of the way.
  package var isAbrupt: Bool { (hesitation ?? 1) < 0.25 }

  /// How often it is more than 90 % sure of the strangers most like what it knows, the last; `nil` without any.
  package var sureOfStrangers: Double? { strangers.last?.sureShare }

  /// True if it is sure of more than a tenth of them.
  package var isSureOfStrangers: Bool { (sureOfStrangers ?? 0) > 0.1 }

  /// The share of images answered with more than each confidence, from how many were answered with each of equal bins.
  package static func sharesAbove(_ bins: [Int]) -> [(confidence: Double, share: Double)] {
    let total = Double(max(1, bins.reduce(0, +)))
    return bins.indices.map { at in
      (Double(at) / Double(bins.count), Double(bins[at...].reduce(0, +)) / total)
    }
  }
}

extension DoubtFacts.Point {
  /// True if the image was misread.
  package var isWrong: Bool { label != predicted }
}

extension DoubtFacts.Stranger {
  /// The share that was answered with more than 90 % confidence; `nil` without any.
  package var sureShare: Double? { count > 0 ? Double(sure) / Double(count) : nil }
  /// True if there are enough of them to tell what is usual.
  package var isMany: Bool { count >= Calibration.fewest }
}

extension DoubtFacts.Slice {
  /// The share of the triangle between the images that is read as a class of none of them: what lies beyond depends on how far
  /// the plane is drawn.
  package var strangeShare: Double {
    let own = Set(corners.map(\.label))
    let (low, span) = (range[0], range[1] - range[0])
    func place(_ at: Int) -> Float { low + span * Float(at) / Float(max(side - 1, 1)) }
    let inside = predicted.indices.filter {
      let (s, t) = (place($0 % side), place($0 / side))
      return s >= 0 && t >= 0 && s + t <= 1
    }
    let other = inside.count { !own.contains(predicted[$0]) }
    return other > 0 ? Double(other) / Double(inside.count) : 0
  }
}
