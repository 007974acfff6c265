public import Engine
import Networks

/// What an attack in a ball achieves at several sizes of the ball.
public struct AttackCurve: Sendable {
  /// One size.
  public struct Point: Sendable {
    /// The size of the ball.
    public let epsilon: Float
    /// What was achieved.
    public let outcome: Outcome

    /// A size and what was achieved.
    public init(epsilon: Float, outcome: Outcome) {
      self.epsilon = epsilon
      self.outcome = outcome
    }
  }

  /// The sizes, in any order, each on the same images.
  public let points: [Point]

  /// A curve through some sizes.
  public init(_ points: [Point]) { self.points = points }

  /// The smallest of the sizes that flips each image: 0 if it was wrong before, infinite if it holds at all of them; `nil`
  /// without a size.
  public var flippingDistances: [Float]? {
    guard let first = points.first?.outcome else { return nil }
    return first.labels.indices.map { image in
      guard first.wasRight(image) else { return 0 }
      let flips = points.filter { $0.outcome.predictions[image] != first.labels[image] }
      return flips.map(\.epsilon).min() ?? .infinity
    }
  }
}

extension Attacks {
  /// Images that are attacked together, unless the attack finds one change for all.
  private static let part = 256

  /// Changed images, attacked some at a time, so that there is something to tell and memory stays small.
  ///
  /// - Parameters:
  ///   - kind: the attack.
  ///   - settings: how it goes; `firstIndex` is set for each part.
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - labels: the true class of each image.
  ///   - executor: the network.
  ///   - progress: told how many images are done.
  /// - Returns: the changed images, in the same order and range.
  public static func adversarial(
    by kind: any Attack.Type, _ settings: AttackSettings, _ images: [Float], labels: [Int],
    against executor: Executor, progress: (Int) -> Void
  ) -> [Float] {
    let size = executor.network.architecture.inputShape.count
    let part = kind.isShared ? labels.count : part
    var changed: [Float] = []
    changed.reserveCapacity(images.count)
    for start in stride(from: 0, to: labels.count, by: max(part, 1)) {
      let range = start..<min(start + part, labels.count)
      var settings = settings
      settings.firstIndex = start
      changed += kind.init(settings).adversarial(
        Array(images[range.lowerBound * size..<range.upperBound * size]),
        labels: Array(labels[range]), against: executor)
      progress(range.upperBound)
    }
    return changed
  }
}
