package import Attribution

extension Agreement {
  /// How alike maps are.
  package enum Likeness: Equatable, Sendable {
    /// They are alike beyond chance.
    case alike
    /// They are unlike beyond chance.
    case unlike
    /// Neither.
    case inPart

    /// A rank correlation above which maps are called alike, and below which they are not.
    private static let limit = 0.5

    /// What every one of several rank correlations says.
    package init(_ correlations: [Estimate]) {
      self =
        correlations.allSatisfy { $0.high < Self.limit }
        ? .unlike : correlations.allSatisfy { $0.low > Self.limit } ? .alike : .inPart
    }
  }

  /// How alike the maps are, both by their strengths and with their signs.
  package var likeness: Likeness { Likeness([strength, signed]) }

  /// How alike the maps of several networks are with their signs, and the mean of these correlations; `nil` without any.
  package static func likeness(
    _ agreements: [Agreement]
  ) -> (likeness: Likeness, mean: Double)? {
    guard !agreements.isEmpty else { return nil }
    let mean = agreements.reduce(0) { $0 + $1.signed.mean } / Double(agreements.count)
    return (Likeness(agreements.map(\.signed)), mean)
  }
}

extension ExplanationFacts {
  /// What the check with random weights says of the maps.
  package enum Sanity: Equatable, Sendable {
    /// There is none.
    case unknown
    /// The map of a method hardly depends on the network.
    case blind(String)
    /// Random weights give other maps.
    case sound
    /// Over the whole image a method's map hardly depends on the network; where that is not blank it does, in part or wholly.
    case blindOverBlanks(String, isInPart: Bool)
    /// The maps are the input showing through in part, most so that of a method.
    case mixed(String)
  }

  /// With a higher rank correlation two maps are almost the same picture, and with a lower one than half they are others.
  private static let same = 0.8

  /// What the check with random weights says of the method whose maps change least.
  package var sanity: Sanity {
    let pairs = zip(methods, similarityToUntrained.map(\.mean)).filter { $0.1.isFinite }
    guard let most = pairs.max(by: { $0.1 < $1.1 }) else { return .unknown }
    if most.1 > Self.same { return .blind(most.0.name) }
    guard most.1 < 0.5 else { return .mixed(most.0.name) }
    let all = zip(methods, similarityOverAllPixels.map(\.mean)).max { $0.1 < $1.1 }
    guard let all, all.1 > Self.same else { return .sound }
    return .blindOverBlanks(all.0.name, isInPart: most.1 >= 0.2)
  }

  /// The control that every method has to beat.
  package static let randomMap = "\(Control.random.rawValue) map"

  /// The card of that control.
  package var random: Card? { cards.first { $0.name == Self.randomMap } }

  /// The methods by their areas of deletion, the smallest first.
  private var ranked: [Card] {
    cards.filter { !$0.isControl }.sorted { $0.deletion.mean < $1.deletion.mean }
  }

  /// The method with the smallest area of deletion; of those that cannot be told apart the first that depends on the network.
  package var mostFaithful: Card? { Self.mostFaithful(of: ranked) }

  private static func mostFaithful(of ranked: [Card]) -> Card? {
    guard let best = ranked.first else { return nil }
    return ranked.first { !$0.failsSanityCheck && $0.deletion.low <= best.deletion.high } ?? best
  }

  /// The smallest area of deletion among the methods that are shown; `nil` without any.
  package var leastDeletion: Double? {
    let areas = deletionAreas
    return methods.compactMap { areas[$0.name] }.min()
  }

  /// The area of deletion of each card.
  package var deletionAreas: [String: Double] {
    Dictionary(cards.map { ($0.name, $0.deletion.mean) }) { first, _ in first }
  }

  /// The other methods whose intervals reach into that of the most faithful one.
  private func equals(of best: Card) -> [Card] {
    cards.filter { !$0.isControl && $0.name != best.name && $0.deletion.low <= best.deletion.high }
  }

  /// Whether a method is the most faithful.
  package enum Faithfulness: Equatable, Sendable {
    /// There are no methods or no controls.
    case unknown
    /// None is clearly more faithful than a map that knows nothing of the network.
    case none
    /// One is, but the intervals of others overlap its own.
    case shared(String, isBlind: Bool, others: [String])
    /// One is more faithful than all others, though its map may hardly depend on the network.
    case one(String, isBlind: Bool)
  }

  /// The most faithful method, beside what knows nothing of the network.
  package var faithfulness: Faithfulness {
    guard !ranked.isEmpty,
      let control = cards.filter(\.isControl).min(by: { $0.deletion.mean < $1.deletion.mean })
    else { return .unknown }
    // A map that the network hardly matters to may be the only one that beats the controls.
    let beating = ranked.filter { $0.deletion.high < control.deletion.low }
    guard let best = Self.mostFaithful(of: beating) else { return .none }
    let others = equals(of: best)
    return others.isEmpty
      ? .one(best.name, isBlind: best.failsSanityCheck)
      : .shared(best.name, isBlind: best.failsSanityCheck, others: others.map(\.name))
  }

  /// What becomes of the answer while pixels are blanked.
  package enum Deletion: Equatable, Sendable {
    /// There are no methods.
    case unknown
    /// The most faithful map of all hardly depends on the network.
    case blind(String)
    /// There is nothing to hold a method against.
    case alone
    /// With a share of the pixels blanked, what is kept if a method chooses them, and if chance does.
    case kept(String, blanked: Double, method: Double, chance: Double)
  }

  /// Which map knows best what the answer rests on, after about a tenth of the pixels.
  package var deletion: Deletion {
    guard let best = mostFaithful else { return .unknown }
    if best.failsSanityCheck, equals(of: best).isEmpty { return .blind(best.name) }
    guard let random, best.deletionCurve.count > 1,
      random.deletionCurve.count == best.deletionCurve.count
    else { return .alone }
    let step = max(1, best.deletionCurve.count / 10)
    return .kept(
      best.name, blanked: Double(step) / Double(best.deletionCurve.count - 1),
      method: best.deletionCurve[step], chance: random.deletionCurve[step])
  }

  /// How many of the explained answers are right.
  package var rightRows: Int { rows.count(where: \.example.isRight) }

  /// The rank correlations with a network that learned random labels, of the methods that have one.
  package var similarityToRandomLabels: [Estimate] {
    methods.compactMap { method in
      cards.first { $0.name == method.name }?.similarityToRandomLabels
    }
  }
}

extension ExplanationFacts.Card {
  /// Points of the curve of deletion, the share of the pixels that are blanked and what is kept: the first half, for the second
  /// blanks what no method calls important.
  package var firstHalf: [(blanked: Double, kept: Double)] {
    let last = deletionCurve.count - 1
    return deletionCurve.prefix(last / 2 + 1).enumerated().map {
      (Double($0) / Double(last), $1)
    }
  }
}
