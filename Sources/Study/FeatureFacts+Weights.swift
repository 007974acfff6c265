extension FeatureFacts {
  /// How far training moved the first weights, in lengths of the random ones; `nil` if there are none to compare, or if it
  /// began with others.
  package var moved: Double? {
    let (before, after) = (untrainedWeights.values, weights.values)
    let size = before.reduce(0.0) { $0 + Double($1 * $1) }.squareRoot()
    guard untrainedIsStart != false, before.count == after.count, size > 0 else { return nil }
    let moved = zip(before, after).reduce(0.0) { $0 + Double(($1.1 - $1.0) * ($1.1 - $1.0)) }
      .squareRoot()
    return moved / size
  }

  /// True if that is far: more than a fifth of a length.
  package var hasMovedFar: Bool { (moved ?? 0) > 0.2 }

  /// A class whose ideal is more or less like its mean training image.
  package typealias Likeness = (label: Int, correlation: Double)

  /// The classes whose ideals are most and least like their mean training images, after the shift that fits best; `nil` for
  /// fewer than two.
  package func likeness(to data: DataFacts) -> (most: Likeness, least: Likeness)? {
    let found = ideals.enumerated().compactMap { label, ideal -> Likeness? in
      guard data.meanImages.indices.contains(label) else { return nil }
      return ideal.shiftedCorrelation(with: data.meanImages[label]).map { (label, $0) }
    }
    guard found.count > 1,
      let most = found.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }),
      let least = found.min(by: { ($0.1, $0.0) < ($1.1, $1.0) })
    else { return nil }
    return (most, least)
  }

  /// What the filters of a first convolution answer to.
  package struct FilterKinds: Equatable, Sendable {
    /// The filters.
    package var count = 0
    /// Those that weigh left against right.
    package var across = 0
    /// Those that weigh above against below.
    package var down = 0
    /// Those with weights of mostly one sign, which answer to ink itself or to its absence.
    package var even = 0
    /// Those that detect an edge.
    package var edges: Int { across + down }
    /// Those that fit neither description.
    package var others: Int { count - edges - even }
  }

  /// What the filters of the first layer detect; `nil` if it has none that could detect an edge.
  ///
  /// A filter answers to an edge if a slope through its weights, averaged over the channels, explains half of their
  /// variation; to ink itself if its weights add up to half of their magnitudes.
  package var filterKinds: FilterKinds? {
    let shape = weights.shape
    guard !areTemplates, shape.count == 4, shape[2] > 1, shape[3] > 1 else { return nil }
    let (height, width) = (shape[2], shape[3])
    let size = shape[1] * height * width
    var kinds = FilterKinds(count: shape[0])
    for start in stride(from: 0, to: weights.values.count, by: size) {
      let all = weights.values[start..<start + size].map(Double.init)
      let weights = (0..<height * width).map { place in
        stride(from: place, to: size, by: height * width).reduce(0) { $0 + all[$1] }
      }
      let mean = weights.reduce(0, +) / Double(weights.count)
      let variation = weights.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      // The share of the variation that a slope along one direction explains.
      func share(_ position: (Int) -> Double) -> Double {
        let places = weights.indices.map(position)
        let product = zip(places, weights).reduce(0) { $0 + $1.0 * ($1.1 - mean) }
        return product * product / places.reduce(0) { $0 + $1 * $1 } / max(variation, 1e-12)
      }
      let sideways = share { Double($0 % width) - Double(width - 1) / 2 }
      let upright = share { Double($0 / width) - Double(height - 1) / 2 }
      let length = all.reduce(0) { $0 + abs($1) }
      if length > 0, abs(all.reduce(0, +)) >= 0.5 * length {
        kinds.even += 1
      } else if sideways + upright >= 0.5 {
        if sideways > upright { kinds.across += 1 } else { kinds.down += 1 }
      }
    }
    return kinds
  }
}
