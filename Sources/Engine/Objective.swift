/// A number worked out from an image's logits, whose gradient with respect to the pixels is wanted.
public struct Objective: Sendable {
  /// The value and its gradient with respect to the logits, for an image of the batch.
  public let evaluate:
    @Sendable (_ image: Int, _ logits: [Float]) -> (value: Float, gradient: [Float])

  /// An objective of any form.
  public init(
    _ evaluate:
      @escaping @Sendable (_ image: Int, _ logits: [Float]) -> (value: Float, gradient: [Float])
  ) {
    self.evaluate = evaluate
  }

  /// The logit of a class, before softmax: what attributions explain.
  ///
  /// - Parameter targets: a class for each image.
  /// - Returns: the objective.
  public static func logit(_ targets: [Int]) -> Objective {
    Objective { image, logits in
      var gradient = [Float](repeating: 0, count: logits.count)
      gradient[targets[image]] = 1
      return (logits[targets[image]], gradient)
    }
  }

  /// The cross-entropy with a label: what attacks raise, or lower towards a target.
  ///
  /// - Parameter labels: a class for each image.
  /// - Returns: the objective.
  public static func crossEntropy(_ labels: [Int]) -> Objective {
    Objective { image, logits in
      CrossEntropy.rising(logits, label: labels[image])
    }
  }
}
