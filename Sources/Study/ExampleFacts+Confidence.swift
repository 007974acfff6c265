import Evaluation

extension ExampleFacts {
  /// Answers of more than this confidence are called sure.
  package static let sure = Float(Calibration.sure)

  /// True if the answer is right.
  package var isRight: Bool { label == predicted }
  /// True if the answer is more than 90 % sure.
  package var isSure: Bool { confidence > Self.sure }
  /// The classes by their probability, the most probable first, the lower one among equals.
  package var ranking: [Int] { Self.ranking(probabilities) }
  /// The most probable class that was not answered, the lower one among equals; `nil` if there is no other.
  package var runnerUp: Int? {
    probabilities.indices.filter { $0 != predicted }.max { probabilities[$0] < probabilities[$1] }
  }
  /// The probability of a class; 0 for one that it has not.
  package func probability(of label: Int) -> Double {
    probabilities.indices.contains(label) ? Double(probabilities[label]) : 0
  }

  /// Classes by their probability, the most probable first, the lower one among equals.
  package static func ranking(_ probabilities: [Float]) -> [Int] {
    probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
  }

  /// The confidence of the least sure of some answers; `nil` without any.
  package static func leastConfidence(_ answers: [ExampleFacts]) -> Float? {
    answers.map(\.confidence).min()
  }
}
