/// Images whose labels are likely to be wrong, found from answers of networks that were not trained on them.
///
/// Confident learning (Northcutt, Jiang, Chuang 2021): a class claims an image if it gives it at least the probability that
/// it gives its own images on average. An image that is claimed by another class than its label's, most of all claims, is a
/// suspect. The same images as cleanlab's `find_label_issues(filter_by="confident_learning")`, in the order of its
/// `normalized_margin`.
public struct LabelNoise: Sendable, Equatable {
  /// For each class, the mean probability that its own images get; `nil` without images.
  public let thresholds: [Float?]
  /// The places of the suspects: first the one whose label the network is surest to be wrong.
  public let suspects: [Int]

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
    func claimant(_ image: Int) -> Int? {
      classes.filter { label in
        thresholds[label].map { answers.probability(image, of: label) >= $0 } ?? false
      }.max {
        (answers.probability(image, of: $0), $1) < (answers.probability(image, of: $1), $0)
      }
    }
    /// How much likelier the label is than the likeliest other class.
    func margin(_ image: Int) -> Float {
      let label = answers.labels[image]
      let other = classes.filter { $0 != label }.map { answers.probability(image, of: $0) }.max()
      return answers.probability(image, of: label) - (other ?? 0)
    }
    self.thresholds = thresholds
    suspects = (0..<answers.count).filter { image in
      // A class that claims no more than the label's does not take the image away from it.
      claimant(image).map {
        answers.probability(image, of: $0)
          > answers.probability(image, of: answers.labels[image])
      } ?? false
    }.map { (margin: margin($0), image: $0) }.sorted { $0 < $1 }.map(\.image)
  }
}
