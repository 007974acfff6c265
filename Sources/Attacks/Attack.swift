public import Engine

/// A way to fool a network: a value that holds its settings.
///
/// Attacks work in pixels [0, 1]; the normalisation is part of the network. What an image becomes depends on
/// the image, its label, the settings and its position alone, never on the threads.
public protocol Attack: Sendable {
  /// The name on the command line and in figures, such as `pgd`.
  static var name: String { get }
  /// One line that says what it does.
  static var summary: String { get }
  /// How it can measure size, its default first; none if its changes are of another kind, such as a rotation.
  static var norms: [Norm] { get }
  /// The size of the ball unless the settings say; `nil` if the attack looks for the smallest change, or has no ball.
  static func defaultEpsilon(_ norm: Norm) -> Float?
  /// True if it can be told which class the images shall be taken for.
  static var canAim: Bool { get }
  /// True if one change is made for all images together; else each is changed by itself, and a set may be
  /// attacked in parts.
  static var isShared: Bool { get }
  /// An attack with these settings; those that it does not know it leaves aside.
  init(_ settings: AttackSettings)
  /// Changes each image so that the network errs.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - labels: the true class of each image.
  ///   - executor: the network.
  /// - Returns: the changed images, in the same order and range.
  func adversarial(_ images: [Float], labels: [Int], against executor: Executor) -> [Float]
}

extension Attack {
  /// Linf and L2.
  public static var norms: [Norm] { [.linf, .l2] }
  /// 0.3 (Linf) as Madry et al. took for MNIST, 2 (L2) as AutoAttack's benchmark.
  public static func defaultEpsilon(_ norm: Norm) -> Float? { norm == .linf ? 0.3 : 2 }
  /// True.
  public static var canAim: Bool { true }
  /// False.
  public static var isShared: Bool { false }

  /// The answers that a black-box attack may ask for after its look at the clean image: without a budget as many as
  /// usual, or as its steps take if those are given.
  static func budget(_ settings: AttackSettings, usual: Int) -> Int {
    (settings.queries ?? (settings.steps == nil ? usual : .max)) - 1
  }

  /// The norm and the size of the ball that settings ask of this attack.
  static func ball(_ settings: AttackSettings) -> (norm: Norm, epsilon: Float) {
    let norm = settings.norm ?? norms[0]
    return (norm, settings.epsilon ?? defaultEpsilon(norm) ?? 0)
  }
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
  /// How size is measured; the attack's first norm if `nil`.
  public var norm: Norm?
  /// Gradient steps, or rounds.
  public var steps: Int?
  /// Length of a step.
  public var stepSize: Float?
  /// Random starts.
  package var restarts: Int?
  /// Most answers of the network that a black-box attack may ask for, for each image (`Square`: in each start); the
  /// look at the clean image counts. Where they do not suffice for a step, the image stays as it is.
  public var queries: Int?
  /// The class to be taken for; `nil` for any wrong one.
  public var target: Int?
  /// Seed of random starts.
  public var seed: UInt64
  /// Position of the first image among all that are attacked: each image has random numbers of its own,
  /// whichever part of a larger set it is attacked in.
  package var firstIndex = 0
  /// Images, `[n][C][H][W]`, from which an attack that knows decisions alone may start, such as some of the target
  /// class; without a suitable one it tries noise.
  package var starts: [Float] = []

  /// Settings, left to the attacks' own defaults.
  public init(
    epsilon: Float? = nil, norm: Norm? = nil, steps: Int? = nil, stepSize: Float? = nil,
    restarts: Int? = nil, queries: Int? = nil, target: Int? = nil, seed: UInt64 = 1
  ) {
    self.epsilon = epsilon
    self.norm = norm
    self.steps = steps
    self.stepSize = stepSize
    self.restarts = restarts
    self.queries = queries
    self.target = target
    self.seed = seed
  }
}

/// The attacks by name.
public enum Attacks {
  /// Every attack, in the order of the command line's help.
  public static let all: [any Attack.Type] = [
    FGSM.self, BIM.self, PGD.self, MIFGSM.self,
    APGDCrossEntropy.self, APGDLogitRatio.self, AutoAttack.self,
    DeepFool.self, CarliniWagner.self, FAB.self,
    Square.self, SPSA.self, HopSkipJump.self, JSMA.self, OnePixel.self, Universal.self,
    Spatial.self,
    UniformNoise.self,
  ]

  /// The kind of attack of a name; `nil` if there is none.
  public static func kind(_ name: String) -> (any Attack.Type)? { all.first { $0.name == name } }

  /// The attack of a name; `nil` if there is none.
  public static func attack(
    _ name: String, _ settings: AttackSettings = AttackSettings()
  ) -> (any Attack)? {
    kind(name)?.init(settings)
  }
}
