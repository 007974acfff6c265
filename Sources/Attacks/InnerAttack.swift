package import Engine

/// What adversarial training does to each mini-batch: an attack, or TRADES's own.
///
/// The ball grows from nothing to its full size in the first part of the run; without that a network may never
/// start to learn, and answer the same to every image.
///
/// References: Madry et al., Towards Deep Learning Models Resistant to Adversarial Attacks (2018); Zhang et al.,
/// Theoretically Principled Trade-off between Robustness and Accuracy (TRADES, 2019).
public struct InnerAttack: Sendable, Equatable {
  /// What the images are changed for, and what is learned from them.
  public enum Kind: Sendable, Equatable {
    /// An attack with a ball that changes each image by itself: the changed images are learned in place of the clean ones.
    case attack(any Attack.Type)
    /// PGD on the divergence of the answer from that for the clean image, whatever the label: the clean images are learned,
    /// and with weight beta to give the changed ones the same probabilities.
    case trades(beta: Float)

    /// The kind of a name; `nil` if it is none of `names`.
    ///
    /// - Parameters:
    ///   - name: an attack's, or `InnerAttack.trades`.
    ///   - beta: the weight of the divergence with `trades`.
    public init?(_ name: String, beta: Float) {
      guard InnerAttack.names.contains(name) else { return nil }
      self = Attacks.kind(name).map(Kind.attack) ?? .trades(beta: beta)
    }

    /// Attacks are the same if their names are.
    public static func == (a: Self, b: Self) -> Bool {
      switch (a, b) {
      case (.attack(let a), .attack(let b)): a.name == b.name
      case (.trades(let a), .trades(let b)): a == b
      case (.attack, .trades), (.trades, .attack): false
      }
    }

    /// The size of the ball unless another is asked for.
    public var defaultEpsilon: Float {
      switch self {
      case .attack(let attack): attack.defaultEpsilon(.linf) ?? 0
      case .trades: PGD.defaultEpsilon(.linf) ?? 0
      }
    }
  }

  /// What the images are changed for.
  public let kind: Kind
  /// Size of the ball, Linf, once it is fully grown.
  public let epsilon: Float
  /// Gradient steps, each of 2.5 ε / steps.
  public let steps: Int
  /// Share of the run in which the ball grows, in equal steps.
  public let growth: Double
  /// Seed of random starts.
  public let seed: UInt64

  /// An inner attack.
  public init(
    _ kind: Kind, epsilon: Float, steps: Int, growth: Double = 0.3, seed: UInt64 = 1
  ) {
    self.kind = kind
    self.epsilon = epsilon
    self.steps = steps
    self.growth = growth
    self.seed = seed
  }

  /// The name of TRADES's own.
  package static let trades = "trades"

  /// Every name of an inner attack: attacks that have a Linf ball and change each image by itself, and `trades`.
  package static let names =
    Attacks.all.filter {
      !$0.isShared && $0.norms.contains(.linf) && $0.defaultEpsilon(.linf) != nil
    }.map { $0.name } + [trades]

  /// Images that pass through the network for each image of a mini-batch.
  package var imagesPerImage: Int {
    switch kind {
    case .attack: 1
    case .trades: 2
    }
  }

  /// The size of the ball at a training step, 0 for the first, of so many.
  package func epsilon(step: Int, of total: Int) -> Float {
    epsilon * Float(min(1, Double(step) / max(1, growth * Double(total))))
  }

  /// A changed mini-batch.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - labels: the true class of each image.
  ///   - executor: the network as it stands.
  ///   - step: the training step, 0 for the first.
  ///   - total: the training steps of the whole run.
  ///   - firstIndex: the first image's number among all of the run; random starts depend on it and the seed.
  /// - Returns: the changed images, in the same order and range.
  package func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor, step: Int, of total: Int,
    firstIndex: Int
  ) -> [Float] {
    let size = epsilon(step: step, of: total)
    var settings = AttackSettings(
      epsilon: size, norm: .linf, steps: steps, stepSize: 2.5 * size / Float(steps), seed: seed)
    settings.firstIndex = firstIndex
    switch kind {
    case .attack(let attack):
      return attack.init(settings).adversarial(images, labels: labels, against: executor)
    case .trades:
      return Ascent(
        norm: .linf, epsilon: size, steps: steps, stepSize: 2.5 * size / Float(steps),
        loss: .divergence, start: (PGD.name, 1)
      ).attack(images, labels: labels, settings: settings, against: executor)
    }
  }
}
