package import Evaluation
import Training

/// What is different from an earlier report to a later one.
package struct SinceLastTime: Sendable {
  /// The earlier report.
  package let then: ReportSummary
  /// The later one.
  package let now: ReportSummary

  /// How the images of a part are related.
  package enum Images: Equatable, Sendable {
    /// They are the same.
    case same
    /// They are others.
    case others
    /// There are as many, and one of the reports does not say which.
    case unknown
  }

  /// A report and an earlier one.
  package init(_ now: ReportSummary, since then: ReportSummary) {
    (self.then, self.now) = (then, now)
  }

  /// What the test images are to each other.
  package var testImages: Images {
    if then.count != now.count || then.dataset != now.dataset { return .others }
    guard let one = then.fingerprints, let other = now.fingerprints else { return .unknown }
    return one.test == other.test ? .same : .others
  }

  /// What the training and validation images are to each other.
  package var learnedImages: Images {
    if then.counts.prefix(2) != now.counts.prefix(2) || then.dataset != now.dataset {
      return .others
    }
    guard let one = then.fingerprints, let other = now.fingerprints else { return .unknown }
    return one.train == other.train && one.validation == other.validation ? .same : .others
  }

  /// A share then and now, with the interval of the second minus the first.
  package struct Share: Equatable, Sendable {
    /// Then.
    package let then: Double
    /// Now.
    package let now: Double
    /// The 95 % interval of the difference.
    package let interval: Interval
    /// How likely a difference as large is by chance alone.
    package let pValue: Double
    /// Of the images misread on one side those that are right on the other: became right, became wrong; `nil` unless the
    /// images are the same and all misread ones are named.
    package let flipped: (right: Int, wrong: Int)?

    /// True if chance is a poor explanation of the difference.
    package var isBeyondChance: Bool { pValue < 0.05 }
    /// How much it rose.
    package var difference: Double { now - then }

    /// True if both say the same.
    package static func == (left: Share, right: Share) -> Bool {
      left.then == right.then && left.now == right.now && left.interval == right.interval
        && left.pValue == right.pValue && left.flipped?.right == right.flipped?.right
        && left.flipped?.wrong == right.flipped?.wrong
    }
  }

  /// The accuracy on all test images.
  package var accuracy: Share {
    share((then.right, then.count), (now.right, now.count), labels: Array(now.confusion.indices))
  }

  /// The share of each class's images that are found.
  package var recalls: [Share] {
    now.confusion.indices.map { share(then.recall($0), now.recall($0), labels: [$0]) }
  }

  /// The classes that got better or worse by more than chance explains, with Holm's correction for their number.
  package var changedClasses: (better: [Int], worse: [Int]) {
    let recalls = recalls
    let holds = FisherExact.significant(recalls.map(\.pValue))
    let changed = recalls.indices.filter { holds[$0] }
    return (
      changed.filter { recalls[$0].difference > 0 }, changed.filter { recalls[$0].difference < 0 }
    )
  }

  /// Accuracy under PGD at about 0.1; `nil` if the two were not attacked alike.
  package var robustness: (epsilon: Double, share: Share)? {
    guard let one = then.attacked, let other = now.attacked, one.steps == other.steps else {
      return nil
    }
    let shared = other.points.filter { point in
      point.epsilon > 0 && one.points.contains { $0.epsilon == point.epsilon }
    }
    guard let point = shared.min(by: { abs($0.epsilon - 0.1) < abs($1.epsilon - 0.1) }),
      let earlier = one.points.first(where: { $0.epsilon == point.epsilon })
    else { return nil }
    func counts(_ accuracy: Double, _ count: Int) -> (right: Int, count: Int) {
      (Int((accuracy * Double(count)).rounded()), count)
    }
    return (
      point.epsilon,
      Self.apart(counts(earlier.accuracy, one.count), counts(point.accuracy, other.count))
    )
  }

  private func share(
    _ then: (right: Int, count: Int), _ now: (right: Int, count: Int), labels: [Int]
  ) -> Share {
    guard testImages == .same, let earlier = self.then.misread, let later = self.now.misread else {
      return Self.apart(then, now)
    }
    func images(_ misread: [[Int]]) -> Set<Int> { Set(labels.flatMap { misread[$0] }) }
    let (wrong, stillWrong) = (images(earlier), images(later))
    let both = wrong.intersection(stillWrong).count
    let pairs = PairedCounts(
      both: now.count - wrong.union(stillWrong).count, onlyFirst: wrong.count - both,
      onlySecond: stillWrong.count - both, neither: both)
    return Share(
      then: Double(then.right) / Double(max(1, then.count)),
      now: Double(now.right) / Double(max(1, now.count)), interval: pairs.interval,
      pValue: pairs.pValue, flipped: (pairs.onlyFirst, pairs.onlySecond))
  }

  /// Two samples.
  private static func apart(
    _ then: (right: Int, count: Int), _ now: (right: Int, count: Int)
  ) -> Share {
    Share(
      then: Double(then.right) / Double(max(1, then.count)),
      now: Double(now.right) / Double(max(1, now.count)),
      interval: .difference(now.right, of: now.count, minus: then.right, of: then.count),
      pValue: FisherExact.pValue(now.right, of: now.count, then.right, of: then.count),
      flipped: nil)
  }

  /// Settings of the run that are different: what each is called, then and now.
  package var settings: [(title: String, then: String?, now: String?)] {
    guard let one = then.model.run, let other = now.model.run else { return [] }
    return zip(one.fields, other.fields).compactMap { earlier, later in
      guard earlier.name == later.name, earlier.value != later.value, later.name != "model" else {
        return nil
      }
      return (later.title, earlier.value, later.value)
    }
  }
}
