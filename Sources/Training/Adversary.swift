public import Engine

/// What makes a network harder to fool: changed images, and what it learns from them.
public struct Adversary {
  /// What is learned.
  public enum Lesson: Sendable, Equatable {
    /// The changed images and their labels, in place of the clean ones.
    ///
    /// Reference: Madry et al., Towards Deep Learning Models Resistant to Adversarial Attacks (2018).
    case changed
    /// The clean images and their labels, and with weight beta to give the changed ones the same probabilities.
    ///
    /// Reference: Zhang et al., Theoretically Principled Trade-off between Robustness and Accuracy (2019).
    case tradeOff(beta: Float)
  }

  /// Changes the images of a mini-batch.
  ///
  /// - Parameters:
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - labels: their classes.
  ///   - executor: the network as it stands, as it predicts (no dropout, running statistics).
  ///   - step: counts steps from 0; what is random must depend on it alone.
  ///   - steps: how many steps the whole run has.
  /// - Returns: the changed pixels, in the same order.
  public typealias Change = (
    _ images: [Float], _ labels: [Int], _ executor: Executor, _ step: Int, _ steps: Int
  ) -> [Float]

  /// What is learned.
  public let lesson: Lesson
  /// Changes the images of a mini-batch.
  public let change: Change

  /// An adversary.
  public init(_ lesson: Lesson = .changed, change: @escaping Change) {
    self.lesson = lesson
    self.change = change
  }

  /// Images that pass through the network for each image of a mini-batch.
  public var imagesPerImage: Int {
    if case .tradeOff = lesson { return 2 }
    return 1
  }
}
