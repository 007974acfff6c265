import Evaluation

extension TimeLapseFacts {
  /// Classes by their recall at the end, the lowest first.
  package var ranking: [Int] {
    let last = recall.last ?? []
    return last.indices.sorted { (last[$0], $0) < (last[$1], $1) }
  }

  /// How many images the recall is of.
  package var imageCount: Int { counts.reduce(0, +) }

  /// The class that ends lowest.
  package var worst: Int? { ranking.first }

  /// The class that ends highest, the first among equals.
  package var best: Int? {
    let last = recall.last ?? []
    return last.indices.max { (last[$0], $1) < (last[$1], $0) }
  }

  /// The classes with the lowest recall after the first epoch and at the end.
  package struct Lowest: Equatable, Sendable {
    /// After the first epoch.
    package let first: Int
    /// At the end.
    package let last: Int
    /// How many other classes chance alone may part from that one.
    package let rivals: Int
    /// True if there is no epoch after the first.
    package let isOneEpoch: Bool
  }

  /// The classes that were lowest; `nil` without an epoch.
  package var lowest: Lowest? {
    guard let at = epochs.firstIndex(where: { $0 > 0 }), let worst,
      let first = recall[at].indices.min(by: { (recall[at][$0], $0) < (recall[at][$1], $1) })
    else { return nil }
    return Lowest(
      first: first, last: worst, rivals: rivals(of: worst), isOneEpoch: epochs.count - at < 2)
  }

  /// How many classes chance alone may part from one, by Fisher's exact test with Holm's correction.
  private func rivals(of worst: Int) -> Int {
    guard let last = recall.last, counts.count == last.count else { return 0 }
    func right(_ label: Int) -> Int { Int((last[label] * Double(counts[label])).rounded()) }
    let others = last.indices.filter { $0 != worst && counts[$0] > 0 }
    let pValues = others.map {
      FisherExact.pValue(right(worst), of: counts[worst], right($0), of: counts[$0])
    }
    return FisherExact.significant(pValues).count { !$0 }
  }

  /// How far the first weights had moved after the first epoch, as a share of how far they are from their beginning in the end;
  /// `nil` if nothing moved, and without two epochs.
  package var firstStride: Double? {
    guard epochs.count > 2, epochs[0] == 0, let end = weights.last else { return nil }
    func distance(_ plane: Plane) -> Double {
      zip(plane.values, weights[0].values).reduce(0.0) {
        $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1))
      }.squareRoot()
    }
    let (first, whole) = (distance(weights[1]), distance(end))
    return whole > 0 && first.isFinite && whole.isFinite ? first / whole : nil
  }

  /// How far the maps correlate with those of the end, before training and after the first epoch; `nil` if maps are flat, and
  /// without two epochs.
  package var likenessToEnd: (random: Double, first: Double)? {
    guard maps.count > 2, epochs[0] == 0, let end = maps.last,
      let first = maps[1].correlation(with: end), let random = maps[0].correlation(with: end)
    else { return nil }
    return (random, first)
  }
}
