/// How good a network is on some images.
public struct EvaluationResult: Codable, Sendable, Equatable {
  /// One class's figures.
  public struct PerClass: Codable, Sendable, Equatable {
    /// Index of the class.
    public let `class`: Int
    /// Its name.
    public let name: String
    /// Its images.
    public let count: Int
    /// Share of the images called this that are it; `nil` if none was called this.
    public let precision: Double?
    /// Share of its images that were recognised; `nil` without images.
    public let recall: Double?
    /// Harmonic mean of the two.
    public let f1: Double?
    /// 95 % Wilson interval of the precision.
    public let precisionInterval: Interval
    /// 95 % Wilson interval of the recall.
    public let recallInterval: Interval
  }

  /// Images.
  public let count: Int
  /// Images that were wrong.
  public let errors: Int
  /// Share that was right.
  public let accuracy: Double
  /// Its 95 % Wilson interval.
  public let accuracyInterval: Interval
  /// Mean cross-entropy.
  public let loss: Double
  /// Expected calibration error over 15 bins, 0...1.
  public let ece: Double
  /// `[true class][predicted class]`.
  public let confusion: [[Int]]
  /// One entry a class.
  public let perClass: [PerClass]

  /// Works the figures out.
  public init(_ predictions: Predictions, classNames: [String]) {
    let classes = predictions.classes
    var confusion = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    for image in 0..<predictions.count {
      confusion[predictions.labels[image]][predictions.predicted[image]] += 1
    }
    let correct = (0..<classes).reduce(0) { $0 + confusion[$1][$1] }
    count = predictions.count
    errors = count - correct
    accuracy = Double(correct) / Double(max(1, count))
    accuracyInterval = .wilson(correct, of: count)
    loss = predictions.summedLoss() / Double(max(1, count))
    ece = Calibration.expectedError(predictions)
    self.confusion = confusion
    perClass = (0..<classes).map { label in
      let right = confusion[label][label]
      let actual = confusion[label].reduce(0, +)
      let called = confusion.reduce(0) { $0 + $1[label] }
      func share(_ total: Int) -> Double? { total > 0 ? Double(right) / Double(total) : nil }
      let both = actual + called
      return PerClass(
        class: label, name: classNames[label], count: actual, precision: share(called),
        recall: share(actual), f1: both > 0 ? 2 * Double(right) / Double(both) : nil,
        precisionInterval: .wilson(right, of: called),
        recallInterval: .wilson(right, of: actual))
    }
  }
}
