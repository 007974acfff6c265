public import Engine

/// A way to fool a network: a value that holds its settings.
///
/// Attacks work in pixels [0, 1]; the normalisation is part of the network.
public protocol Attack: Sendable {
  /// The name on the command line and in figures, such as `pgd`.
  static var name: String { get }
  /// One line that says what it does.
  static var summary: String { get }
  /// Changes each image so that the network errs.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - labels: the true class of each image.
  ///   - executor: the network.
  /// - Returns: the changed images, in the same order and range.
  func adversarial(_ images: [Float], labels: [Int], against executor: Executor) -> [Float]
}

/// How the size of a change is measured.
public enum Norm: String, Sendable, CaseIterable {
  /// The largest change of any pixel.
  case linf
  /// The Euclidean length of the change.
  case l2
}

/// The settings that attacks read; each takes those that it knows.
public struct AttackSettings: Sendable {
  /// Size of the ball.
  public var epsilon: Float?
  /// How size is measured.
  public var norm: Norm
  /// Gradient steps.
  public var steps: Int?
  /// Length of a step.
  public var stepSize: Float?
  /// Random starts.
  public var restarts: Int?
  /// The class to be taken for; `nil` for any wrong one.
  public var target: Int?
  /// Seed of random starts.
  public var seed: UInt64
  /// Position of the first image among all that are attacked: each image has random numbers of its own,
  /// whichever part of a larger set it is attacked in.
  public var firstIndex = 0

  /// Settings, left to the attacks' own defaults.
  public init(
    epsilon: Float? = nil, norm: Norm = .linf, steps: Int? = nil, stepSize: Float? = nil,
    restarts: Int? = nil, target: Int? = nil, seed: UInt64 = 1
  ) {
    self.epsilon = epsilon
    self.norm = norm
    self.steps = steps
    self.stepSize = stepSize
    self.restarts = restarts
    self.target = target
    self.seed = seed
  }
}

/// The attacks by name.
public enum Attacks {
  /// How each attack is made from settings.
  public static let all:
    [(name: String, summary: String, make: @Sendable (AttackSettings) -> any Attack)] = [
      (FGSM.name, FGSM.summary, { FGSM($0) }),
      (PGD.name, PGD.summary, { PGD($0) }),
      (UniformNoise.name, UniformNoise.summary, { UniformNoise($0) }),
    ]

  /// The attack of a name; `nil` if there is none.
  public static func attack(
    _ name: String, _ settings: AttackSettings = AttackSettings()
  ) -> (any Attack)? {
    all.first { $0.name == name }?.make(settings)
  }
}
