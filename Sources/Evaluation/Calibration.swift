#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How far confidence can be believed.
public enum Calibration {
  /// Images whose confidence lies in a range.
  public struct Band: Codable, Sendable, Equatable {
    /// Confidences above this...
    public let low: Double
    /// ... up to this.
    public let high: Double
    /// Images.
    public let count: Int
    /// Images that were right.
    public let correct: Int
    /// Mean confidence; `nil` without images.
    public let meanConfidence: Double?

    /// A group of images.
    public init(low: Double, high: Double, count: Int, correct: Int, meanConfidence: Double?) {
      self.low = low
      self.high = high
      self.count = count
      self.correct = correct
      self.meanConfidence = meanConfidence
    }
  }

  /// Groups images by the confidence of their prediction, each band without its lower end.
  public static func bands(_ predictions: Predictions, edges: [Double]) -> [Band] {
    zip(edges, edges.dropFirst()).map { low, high in
      var (count, correct, sum) = (0, 0, 0.0)
      for image in 0..<predictions.count {
        let confidence = Double(predictions.confidence(image))
        guard confidence > low, confidence <= high else { continue }
        count += 1
        correct += predictions.isCorrect(image) ? 1 : 0
        sum += confidence
      }
      return Band(
        low: low, high: high, count: count, correct: correct,
        meanConfidence: count > 0 ? sum / Double(count) : nil)
    }
  }

  /// The expected calibration error: the gap between confidence and accuracy, averaged over 15 bands of
  /// equal width by their number of images.
  ///
  /// Reference: Guo et al., On Calibration of Modern Neural Networks (2017).
  public static func expectedError(_ predictions: Predictions) -> Double {
    let edges = (0...15).map { Double($0) / 15 }
    let sum = bands(predictions, edges: edges).reduce(0.0) { sum, band in
      guard let confidence = band.meanConfidence else { return sum }
      return sum + abs(Double(band.correct) - confidence * Double(band.count))
    }
    return sum / Double(max(1, predictions.count))
  }

  /// No temperature above this is looked for, and none below its inverse.
  public static let highestTemperature = 20.0

  /// The temperature that divides the logits for the lowest cross-entropy on these images; the predicted classes
  /// stay the same. Found by golden section between the inverse of `highestTemperature` and that, on a logarithmic
  /// scale. 1 where no answer is wrong, for then the lower the temperature the better.
  public static func bestTemperature(_ predictions: Predictions) -> Double {
    guard (0..<predictions.count).contains(where: { !predictions.isCorrect($0) }) else { return 1 }
    func loss(_ logTemperature: Double) -> Double {
      predictions.summedLoss(scale: Float(exp(-logTemperature)))
    }
    let ratio = (5.0.squareRoot() - 1) / 2
    var (low, high) = (-log(highestTemperature), log(highestTemperature))
    var (left, right) = (high - ratio * (high - low), low + ratio * (high - low))
    var (leftLoss, rightLoss) = (loss(left), loss(right))
    for _ in 0..<24 {
      if leftLoss < rightLoss {
        (high, right, rightLoss) = (right, left, leftLoss)
        left = high - ratio * (high - low)
        leftLoss = loss(left)
      } else {
        (low, left, leftLoss) = (left, right, rightLoss)
        right = low + ratio * (high - low)
        rightLoss = loss(right)
      }
    }
    return exp((low + high) / 2)
  }
}
