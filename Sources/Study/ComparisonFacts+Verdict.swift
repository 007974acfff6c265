import Evaluation

extension ComparisonFacts {
  /// Images that one of the two reads and the other does not.
  package var flippedCount: Int { onlyStudiedRight + onlyOtherRight }

  /// True if chance is a poor explanation of the difference.
  package var isBeyondChance: Bool { pValue < 0.05 }

  /// By how much the studied network's accuracy is above this one's; `nil` if the two cannot be told apart.
  package func lead(of accuracy: Double) -> Double? {
    let gap = accuracy - self.accuracy
    return isBeyondChance && gap != 0 ? gap : nil
  }
}

extension StudyResults {
  /// Whether what fools the studied network fools another.
  package struct Transfer: Equatable, Sendable {
    /// The other network.
    package let name: String
    /// The first size that halves the accuracy of the one.
    package let epsilon: Double
    /// Its accuracy at that size.
    package let hit: Double
    /// The other's accuracy on the same images.
    package let moved: Double
    /// True if that takes more than 20 points from the other.
    package let isFooled: Bool
  }

  /// Whether what fools this network fools the first that it is compared with; `nil` if that was not tried.
  package var transfer: Transfer? {
    let own = robustness.points(.pgd) ?? []
    guard let other = comparisons.first, let clean = other.robustness.first?.accuracy,
      let start = own.first?.accuracy, let last = own.last,
      let moved = other.transfer.first(where: {
        $0.epsilon == (own.first { $0.accuracy < start / 2 } ?? last).epsilon
      }), let hit = own.first(where: { $0.epsilon == moved.epsilon })
    else { return nil }
    return Transfer(
      name: other.name, epsilon: moved.epsilon, hit: hit.accuracy, moved: moved.accuracy,
      isFooled: clean - moved.accuracy > 0.2)
  }

  /// How far an attack of about 0.1 brings accuracy down; `nil` if none was tried.
  package var fallUnderAttack: Double? {
    robustness.duel.map {
      (robustness.clean?.accuracy ?? quality.evaluation.accuracy) - $0.attack
    }
  }
}
