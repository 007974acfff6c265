/// A class with how many of its images, or of the answers that name it, are right.
package struct ClassShare: Sendable {
  /// The class.
  package let label: Int
  /// Those that are right.
  package let right: Int
  /// All of them, at least one.
  package let count: Int
  /// The share that is right.
  package var value: Double { Double(right) / Double(count) }

  /// Pairs of classes whose shares differ by more than chance explains, by Fisher's exact test with Holm's correction for
  /// all pairs: the lower class first.
  package static func unequal(_ shares: [ClassShare]) -> [(lower: Int, higher: Int)] {
    let pairs = shares.indices.flatMap { one in (0..<one).map { (shares[one], shares[$0]) } }
    let pValues = pairs.map { one, other in
      FisherExact.pValue(one.right, of: one.count, other.right, of: other.count)
    }
    return zip(pairs, FisherExact.significant(pValues)).filter { $1 }.map { pair, _ in
      let (one, other) = pair
      return one.value < other.value ? (one.label, other.label) : (other.label, one.label)
    }
  }
}

extension EvaluationResult {
  /// How many images of each class are found; no class without images.
  package var recalls: [ClassShare] {
    confusion.indices.compactMap { label in
      share(of: label, among: confusion[label].reduce(0, +))
    }
  }

  /// How many of the answers of each class are true; no class that was never answered.
  package var precisions: [ClassShare] {
    confusion.indices.compactMap { label in
      share(of: label, among: confusion.reduce(0) { $0 + $1[label] })
    }
  }

  private func share(of label: Int, among count: Int) -> ClassShare? {
    count > 0 ? ClassShare(label: label, right: confusion[label][label], count: count) : nil
  }
}
