import Networks

/// How the weights of one network differ from those of another with the same tensors.
struct WeightChange {
  private let after: Network
  private let before: Network

  /// Filters that are shown.
  private static let shownFilters = 12
  /// No filter of more than so many looks for the one most like it.
  private static let mostPaired = 1024
  /// Where filters of one place are less alike on average, by the cosine of their weights, they have no start in common.
  private static let common = 0.5

  /// The change from one network to another; `nil` if they have other tensors.
  init?(_ after: Network, from before: Network) {
    let (own, other) = (after.tensors, before.tensors)
    guard own.map(\.name) == other.map(\.name), own.map(\.shape) == other.map(\.shape) else {
      return nil
    }
    (self.after, self.before) = (after, before)
  }

  /// True if there is none.
  var isNone: Bool { after == before }

  /// The layers that learn, input first.
  var layers: [ChangeFacts.Layer] {
    after.architecture.entries.filter { !$0.parameters.isEmpty }.map { entry in
      func values(_ network: Network) -> [Float] {
        entry.parameters.flatMap { network.tensor("\(entry.name).\($0.name)")?.values ?? [] }
      }
      return ChangeFacts.Layer(
        name: entry.name, parameters: entry.parameterCount,
        distance: Self.distance(values(after)[...], values(before)[...]))
    }
  }

  /// The filters of the first layer that has weights; `nil` if these are no pictures.
  var filters: ChangeFacts.Filters? {
    let architecture = after.architecture
    guard let entry = architecture.entries.first(where: { $0.layer.family == .affine }),
      let own = after.tensor("\(entry.name).weight"),
      let other = before.tensor("\(entry.name).weight"), let count = own.shape.first, count > 0
    else { return nil }
    let size = own.values.count / count
    let isFlat = own.shape.count == 2
    guard own.shape.count == 4 || isFlat && size == architecture.inputShape.count else {
      return nil
    }
    let shape = isFlat ? architecture.inputShape.dimensions : Array(own.shape.dropFirst())
    func filter(_ tensor: Tensor, _ index: Int) -> ArraySlice<Float> {
      tensor.values[index * size..<(index + 1) * size]
    }
    let ownFilters = (0..<count).map { filter(own, $0) }
    let others = (0..<count).map { filter(other, $0) }
    let likeness = zip(ownFilters, others).map(Self.cosine).reduce(0, +) / Double(count)
    let arePaired = likeness < Self.common && count <= Self.mostPaired
    let partners = arePaired ? Self.pairs(ownFilters, others) : Array(0..<count)
    let distances = ownFilters.indices.map {
      Self.distance(ownFilters[$0], others[partners[$0]]) ?? 0
    }
    let farthest = distances.indices.sorted { (distances[$1], $0) < (distances[$0], $1) }
    return ChangeFacts.Filters(
      layer: entry.name, areTemplates: isFlat, arePaired: arePaired, distances: distances,
      shown: farthest.prefix(Self.shownFilters).map { index in
        ChangeFacts.Moved(
          before: partners[index], after: index, distance: distances[index],
          weights: Plane(
            shape: [2] + shape, values: Array(others[partners[index]]) + ownFilters[index]))
      })
  }

  /// For each filter the one most like it that is not yet taken, the likest pairs first.
  private static func pairs(
    _ filters: [ArraySlice<Float>], _ others: [ArraySlice<Float>]
  ) -> [Int] {
    var candidates: [(cosine: Double, own: Int, other: Int)] = []
    for (own, filter) in filters.enumerated() {
      for (other, candidate) in others.enumerated() {
        candidates.append((cosine(filter, candidate), own, other))
      }
    }
    candidates.sort { ($1.cosine, $0.own, $0.other) < ($0.cosine, $1.own, $1.other) }
    var partners = [Int?](repeating: nil, count: filters.count)
    var taken = Set<Int>()
    for (_, own, other) in candidates where partners[own] == nil && !taken.contains(other) {
      partners[own] = other
      taken.insert(other)
    }
    return partners.map { $0 ?? 0 }
  }

  /// How far two lists of numbers lie apart in lengths of the second; `nil` if that is zero.
  private static func distance(
    _ after: ArraySlice<Float>, _ before: ArraySlice<Float>
  ) -> Double? {
    let length = squares(before)
    guard length > 0 else { return nil }
    let moved = zip(after, before).reduce(0.0) { sum, pair in
      let step = Double(pair.0) - Double(pair.1)
      return sum + step * step
    }
    return (moved / length).squareRoot()
  }

  /// The cosine between two lists; 0 if one is all zero.
  static func cosine(_ one: ArraySlice<Float>, _ other: ArraySlice<Float>) -> Double {
    let lengths = (squares(one) * squares(other)).squareRoot()
    let product = zip(one, other).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
    return lengths > 0 ? product / lengths : 0
  }

  private static func squares(_ values: ArraySlice<Float>) -> Double {
    values.reduce(0.0) { $0 + Double($1) * Double($1) }
  }
}
