/// Images whose labels are likely to be wrong, found from answers of networks that were not trained on them.
///
/// Confident learning (Northcutt, Jiang, Chuang 2021): a class claims an image if it gives it at least the probability that
/// it gives its own images on average. Of an image with one claim the claimant is the class, of one with several the likeliest class;
/// where that is not the label and the label is not the likeliest class, the label is a suspect. As cleanlab's
/// `find_label_issues(filter_by="confident_learning")` in the order of its `normalized_margin`, but for images whose label is as
/// likely as any class: these are never suspects.
public struct LabelNoise: Sendable, Equatable {
  /// For each class, the mean probability that its own images get; `nil` without images.
  public let thresholds: [Float?]
  /// The places of the suspects: first the one whose label the network is surest to be wrong.
  public let suspects: [Int]

  /// What rounding may take from a probability, as cleanlab has it.
  private static let tolerance: Float = 1e-6

  /// Looks for wrong labels in answers to images that the answering network has not seen.
  public init(_ answers: Predictions) {
    let classes = 0..<answers.classes
    var sums = [Double](repeating: 0, count: answers.classes)
    var counts = [Int](repeating: 0, count: answers.classes)
    for image in 0..<answers.count {
      sums[answers.labels[image]] += Double(answers.probability(image, of: answers.labels[image]))
      counts[answers.labels[image]] += 1
    }
    let thresholds = classes.map { counts[$0] > 0 ? Float(sums[$0] / Double(counts[$0])) : nil }
    /// The class of an image by the claims on it; `nil` without any.
    func claimed(_ image: Int) -> Int? {
      let claimants = classes.filter { label in
        thresholds[label].map { answers.probability(image, of: label) >= $0 - Self.tolerance }
          ?? false
      }
      return claimants.count > 1 ? answers.predicted[image] : claimants.first
    }
    /// How much likelier the label is than the likeliest other class.
    func margin(_ image: Int) -> Float {
      let label = answers.labels[image]
      let other = classes.filter { $0 != label }.map { answers.probability(image, of: $0) }.max()
      return answers.probability(image, of: label) - (other ?? 0)
    }
    self.thresholds = thresholds
    suspects = (0..<answers.count).compactMap {
      image -> (margin: Float, image: Int)? in
      let margin = margin(image)
      guard margin < 0, let claimed = claimed(image), claimed != answers.labels[image] else {
        return nil
      }
      return (margin: margin, image: image)
    }.sorted { $0 < $1 }.map(\.image)
  }
}
