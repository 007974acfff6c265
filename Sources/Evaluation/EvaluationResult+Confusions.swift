extension EvaluationResult {
  /// A class taken for another, and how often that happened.
  public struct Confusion: Equatable, Sendable {
    /// The true class.
    public let actual: Int
    /// The class that was answered.
    public let predicted: Int
    /// How many images.
    public let count: Int

    /// A confusion.
    public init(actual: Int, predicted: Int, count: Int) {
      self.actual = actual
      self.predicted = predicted
      self.count = count
    }
  }

  /// What was taken for what, the most frequent first.
  public var confusions: [Confusion] {
    confusion.indices.flatMap { actual in
      confusion[actual].indices.compactMap { predicted -> Confusion? in
        let count = confusion[actual][predicted]
        guard actual != predicted, count > 0 else { return nil }
        return Confusion(actual: actual, predicted: predicted, count: count)
      }
    }.sorted { ($1.count, $0.actual, $0.predicted) < ($0.count, $1.actual, $1.predicted) }
  }

  /// Fewer errors than this make no group.
  private static let fewestGrouped = 20

  /// Some classes, at most half of all, that hold most of the errors among themselves: far more than their number would
  /// explain; `nil` if there is no such group of at least three.
  public var confusedGroup: (classes: [Int], share: Double)? {
    let classes = confusion.count
    guard errors >= Self.fewestGrouped, classes >= 6 else { return nil }
    func between(_ one: Int, _ other: Int) -> Int { confusion[one][other] + confusion[other][one] }
    let pairs = confusion.indices.flatMap { one in (0..<one).map { [$0, one] } }
    guard var group = pairs.max(by: { between($0[0], $0[1]) < between($1[0], $1[1]) }) else {
      return nil
    }
    var best: (classes: [Int], share: Double, gain: Double)?
    while group.count < classes / 2 {
      let left = confusion.indices.filter { !group.contains($0) }
      func ties(_ label: Int) -> Int { group.reduce(0) { $0 + between($1, label) } }
      guard let next = left.max(by: { (ties($0), $1) < (ties($1), $0) }) else { break }
      group.append(next)
      let within = group.reduce(0) { sum, label in
        sum + group.reduce(0) { $0 + ($1 == label ? 0 : confusion[label][$1]) }
      }
      let share = Double(within) / Double(errors)
      let expected = Double(group.count * (group.count - 1)) / Double(classes * (classes - 1))
      if share - expected > best?.gain ?? 0.4 {
        best = (group.sorted(), share, share - expected)
      }
    }
    return best.map { ($0.classes, $0.share) }
  }
}
