package import Evaluation

extension RobustnessFacts {
  /// The curve of a method; `nil` if it was not tried.
  package func points(_ method: Method) -> [Point]? {
    curves.first { $0.method == method }?.points
  }

  /// The fooled images, those that the smallest changes fool first.
  package var mostFragile: [Example] { examples.sorted { $0.epsilon < $1.epsilon } }

  /// The accuracy without any change; `nil` if nothing was tried.
  package var clean: Point? { curves.first?.points.first }

  /// The change that fools half of the images.
  package enum Median: Equatable, Sendable {
    /// There was no image to fool.
    case unknown
    /// Most hold against every size.
    case beyond
    /// Most are misread without any change.
    case none
    /// Less than the smallest size tried, this one: between none and that nothing was measured.
    case below(Double)
    /// About this size.
    case about(Double)
  }

  /// The size at which half of the images attacked are misread: where the curve of PGD crosses one half, between two
  /// sizes on the line between them; infinite if it does not, `nil` without a curve.
  package var medianSize: Double? {
    guard let points = points(.pgd), let first = points.first else { return nil }
    guard first.accuracy > 0.5 else { return first.epsilon }
    for (before, after) in zip(points, points.dropFirst()) where after.accuracy <= 0.5 {
      let share = (before.accuracy - 0.5) / (before.accuracy - after.accuracy)
      return before.epsilon + share * (after.epsilon - before.epsilon)
    }
    return .infinity
  }

  /// What that size says.
  package var median: Median {
    guard smallest.contains(where: { $0 != 0 }), let size = medianSize else { return .unknown }
    guard size.isFinite else { return .beyond }
    guard size > 0 else { return .none }
    let least = (points(.pgd) ?? []).map(\.epsilon).filter { $0 > 0 }.min() ?? 0
    return size < least ? .below(least) : .about(size)
  }

  /// How many images each size fooled first.
  package struct Spread: Equatable, Sendable {
    /// The sizes tried, ascending.
    package let sizes: [Double]
    /// How many images each fooled that none before it did.
    package let counts: [Int]
    /// Images that held against every size.
    package let held: Int
    /// Images that were right to begin with.
    package let right: Int
  }

  /// How many images each size fooled first.
  package var spread: Spread {
    let sizes = curves.last?.points.map(\.epsilon).filter { $0 > 0 } ?? []
    let fooled = smallest.compactMap { $0 }.filter { $0 > 0 }
    let held = smallest.count { $0 == nil }
    return Spread(
      sizes: sizes, counts: sizes.map { size in fooled.count { $0 == size } }, held: held,
      right: fooled.count + held)
  }

  // MARK: Noise and attack

  /// Accuracy under noise and under an attack of the same size.
  package struct Duel: Equatable, Sendable {
    /// How images are attacked.
    package var method: Method
    /// The size.
    package var epsilon: Double
    /// Accuracy under noise.
    package var noise: Double
    /// Accuracy under attack.
    package var attack: Double
    /// The 95 % interval of the accuracy under attack.
    package var interval: Interval
    /// The 95 % interval of the accuracy under noise.
    package var noiseInterval: Interval

    /// True if the attack does more harm than noise beyond chance.
    package var isApart: Bool { attack < noise && !interval.overlaps(noiseInterval) }
    /// True if it does so by more than 5 points: random noise then says nothing of the worst case.
    package var isTelling: Bool { isApart && noise - attack > 0.05 }
  }

  /// The two accuracies at a size of 0.1, or at the size tried that is nearest to it.
  package var duel: Duel? {
    guard let noise = points(.noise), let (method, points) = aimed,
      let point = points.filter({ $0.epsilon > 0 })
        .min(by: { abs($0.epsilon - 0.1) < abs($1.epsilon - 0.1) }),
      let other = noise.first(where: { $0.epsilon == point.epsilon })
    else { return nil }
    return Duel(
      method: method, epsilon: point.epsilon, noise: other.accuracy, attack: point.accuracy,
      interval: point.interval, noiseInterval: other.interval)
  }

  /// The strongest attack that was tried.
  private var aimed: (Method, [Point])? {
    points(.pgd).map { (.pgd, $0) } ?? points(.fgsm).map { (.fgsm, $0) }
  }

  /// What noise and an attack of one size do.
  package enum Verdict: Equatable, Sendable {
    /// Nothing in particular holds.
    case neutral
    /// There are too few images to tell; so many are right under noise and under attack.
    case few(noise: Int, attack: Int)
    /// Noise does no harm and the attack does much.
    case ruinous
    /// The attack does far more harm than noise.
    case worse
    /// Accuracy falls under attack.
    case falling
    /// Neither does much harm.
    case harmless
  }

  /// What noise and the attack do.
  package var verdict: Verdict {
    guard let duel, let clean else { return .neutral }
    guard count >= Calibration.fewest else {
      func right(_ share: Double) -> Int { Int((share * Double(count)).rounded()) }
      return .few(noise: right(duel.noise), attack: right(duel.attack))
    }
    if duel.isApart, duel.noise - duel.attack > 0.2 {
      return Self.isHarmless(duel, clean) ? .ruinous : .worse
    }
    if clean.accuracy - duel.attack > 0.02 { return .falling }
    return clean.accuracy - duel.noise > 0.02 ? .neutral : .harmless
  }

  /// True if chance explains what noise does, and it adds less than a quarter to the errors.
  private static func isHarmless(_ duel: Duel, _ clean: Point) -> Bool {
    let rise = clean.accuracy - duel.noise
    return duel.noiseInterval.overlaps(clean.interval)
      && (rise <= 0 || rise < 0.25 * (1 - clean.accuracy))
  }
}
