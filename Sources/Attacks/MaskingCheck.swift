public import Engine

/// A sign that a network's gradients mislead, so that its accuracy under attack looks better than it is.
///
/// Reference: Athalye, Carlini, Wagner, Obfuscated Gradients Give a False Sense of Security (2018), section 3.1; Carlini et al., On
/// Evaluating Adversarial Robustness (2019).
public struct MaskingCheck: Sendable, Equatable, Codable {
  /// What is tried instead of plain PGD.
  public enum Kind: String, Sendable, CaseIterable, Codable {
    /// Five times as many steps should find hardly more.
    case moreSteps = "more-steps"
    /// Five random starts should find hardly more.
    case restarts
    /// An attack that sees answers alone should not find more.
    case blackBox = "black-box"
    /// With ε 1 every image can become any other: nothing may hold.
    case wholeRange = "epsilon-1"
  }

  /// What was tried.
  public let kind: Kind
  /// Share of images that hold under plain PGD: 40 steps of ε/30 from one random start.
  public let baseline: Double
  /// Share that hold under what was tried.
  public let accuracy: Double
  /// Images attacked.
  public let count: Int

  /// A check from its figures.
  public init(_ kind: Kind, baseline: Double, accuracy: Double, count: Int) {
    self.kind = kind
    self.baseline = baseline
    self.accuracy = accuracy
    self.count = count
  }

  /// The most that accuracy may be below the baseline: 2 points, or two images.
  public var tolerance: Double { max(0.02, 2 / Double(max(1, count))) }

  /// True if nothing speaks for masked gradients.
  public var passes: Bool {
    // For comparisons of shares of the same count, half an image decides nothing.
    let half = 0.5 / Double(max(1, count))
    return kind == .wholeRange ? accuracy < half : accuracy >= baseline - tolerance - half
  }

  /// What was found, in a sentence with its figures.
  public var verdict: String {
    let (found, plain) = (Self.percent(accuracy), Self.percent(baseline))
    switch (kind, passes) {
    case (.moreSteps, true): return "200 steps leave \(found), 40 leave \(plain): 40 are enough"
    case (.moreSteps, false):
      return "200 steps leave \(found), 40 leave \(plain): 40 are too few to tell"
    case (.restarts, true):
      return "5 random starts leave \(found), 1 leaves \(plain): the start hardly matters"
    case (.restarts, false):
      return "5 random starts leave \(found), 1 leaves \(plain): gradients lead astray from some"
    case (.blackBox, true):
      return "without gradients \(found) hold, with them \(plain): gradients help, as they should"
    case (.blackBox, false):
      return "without gradients only \(found) hold, with them \(plain): gradients mislead"
    case (.wholeRange, true): return "with ε over the whole range nothing holds, as it should be"
    case (.wholeRange, false):
      return "with ε over the whole range \(found) still hold, which no true gradient allows"
    }
  }

  private static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10) %"
  }

  /// Tries everything on some images.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - labels: their classes.
  ///   - executor: the network.
  ///   - settings: size of the ball, norm, seed, and queries of the black box (1,000 unless given); the rest is
  ///     left aside.
  ///   - progress: told how many attacks are done, of one more than there are kinds.
  /// - Returns: a check of each kind, in the order of `Kind`.
  public static func all(
    _ images: [Float], labels: [Int], against executor: Executor, _ settings: AttackSettings,
    progress: (Int) -> Void = { _ in }
  ) -> [MaskingCheck] {
    var plain = AttackSettings(epsilon: settings.epsilon, norm: settings.norm, seed: settings.seed)
    let (norm, epsilon) = PGD.ball(plain)
    let queries = settings.queries ?? 1000
    plain.steps = PGD.defaultSteps
    plain.stepSize = epsilon / 30
    func accuracy(_ attack: any Attack) -> Double {
      let changed = attack.adversarial(images, labels: labels, against: executor)
      return Outcome(clean: images, adversarial: changed, labels: labels, against: executor)
        .robustAccuracy
    }
    let baseline = accuracy(PGD(plain))
    progress(1)
    return Kind.allCases.enumerated().map { place, kind in
      var settings = plain
      let found: Double
      switch kind {
      case .moreSteps:
        settings.steps = 5 * PGD.defaultSteps
        found = accuracy(PGD(settings))
      case .restarts:
        settings.restarts = 5
        found = accuracy(PGD(settings))
      case .blackBox:
        settings.queries = queries
        found = accuracy(Square(settings))
      case .wholeRange:
        // The diagonal of the cube of all images, if length is what counts.
        let whole = norm == .linf ? 1 : Float(images.count / max(1, labels.count)).squareRoot()
        settings.epsilon = whole
        settings.stepSize = whole / 30
        found = accuracy(PGD(settings))
      }
      progress(place + 2)
      return MaskingCheck(kind, baseline: baseline, accuracy: found, count: labels.count)
    }
  }
}
