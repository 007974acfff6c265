public import Engine
import Randomness

/// Noise of the attack's size but without its aim: the control.
///
/// Each pixel moves by U(-ε, ε) (Linf), or the image by ε in a random direction (L2), clipped to [0, 1].
public struct UniformNoise: Attack {
  /// The name on the command line and in figures.
  public static let name = "noise"
  /// One line that says what it does.
  public static let summary = "random noise of the same size, without aim: the control"

  /// FGSM's, with which it is compared.
  public static func defaultEpsilon(_ norm: Norm) -> Float? { FGSM.defaultEpsilon(norm) }
  /// False: noise has no aim.
  public static let canAim = false

  private let epsilon: Float
  private let norm: Norm
  private let seed: UInt64
  private let firstIndex: Int

  /// Noise with these settings.
  public init(_ settings: AttackSettings) {
    (norm, epsilon) = Self.ball(settings)
    seed = settings.seed
    firstIndex = settings.firstIndex
  }

  /// The changed images; see `Attack`.
  public func adversarial(
    _ images: [Float], labels: [Int], against executor: Executor
  ) -> [Float] {
    let ball = Ball(norm: norm, epsilon: epsilon, size: images.count / max(1, labels.count))
    var noisy = images
    for image in labels.indices {
      var generator = SplitMix64(seed: seed, purpose: Self.name, index: UInt64(firstIndex + image))
      ball.moveToRandomPoint(&noisy, image: image, using: &generator)
    }
    return ball.projected(noisy, around: images)
  }
}
