package import Evaluation

extension QualityFacts.Cell {
  /// The cell with no more than so many of its images, which are in the order of confidence.
  package func surest(_ count: Int) -> Self {
    var cell = self
    cell.images = Array(images.prefix(count))
    cell.confidence = Array(confidence.prefix(count))
    cell.pixels = Array(pixels.prefix(count))
    return cell
  }
}

extension QualityFacts {
  /// What a person who checks the doubtful answers would find.
  package var review: Calibration.Review { Calibration.Review(bands) }

  /// Where errors crowd in the order of the test images, if that is too rare for chance.
  package struct Stretch: Equatable, Sendable {
    /// The first image and the last.
    package let images: ClosedRange<Int>
    /// How many errors are among them.
    package let errors: Int
    /// The share of all images that they are.
    package let share: Double
    /// True if they have more errors than others; errors crowd around the stretch if it has fewer.
    package let isFull: Bool
    /// How likely such a stretch is if errors fall anywhere.
    package let pValue: Double
  }

  /// One look at every report: only what is rarer than this is told.
  private static let rare = 0.001

  /// The stretch where errors crowd, which a mixed set would not show; `nil` if there is none.
  package var crowdedStretch: Stretch? {
    guard let crowd, crowd.pValue < Self.rare else { return nil }
    let (count, errors) = (evaluation.count, evaluation.errors)
    return Stretch(
      images: crowd.first...crowd.first + crowd.count - 1, errors: crowd.errors,
      share: Double(crowd.count) / Double(max(count, 1)),
      isFull: Double(crowd.errors) / Double(errors) > Double(crowd.count) / Double(count),
      pValue: crowd.pValue)
  }

  /// Misread images that the cells keep.
  package var keptErrors: Int { cells.reduce(0) { $0 + $1.images.count } }

  /// The cells with look-alikes, and the share of all errors that they hold.
  package var frequentCells: (cells: [Cell], share: Double) {
    let frequent = cells.filter { !$0.lookAlikes.isEmpty }
    let held = frequent.reduce(0) { $0 + $1.count }
    return (frequent, Double(held) / Double(max(evaluation.errors, 1)))
  }

  /// The most frequent confusions, so many of them, and the share of all errors that they make up.
  package func foremost(_ count: Int) -> (confusions: [EvaluationResult.Confusion], share: Double) {
    let foremost = Array(evaluation.confusions.prefix(count))
    let held = foremost.reduce(0) { $0 + $1.count }
    return (foremost, Double(held) / Double(max(evaluation.errors, 1)))
  }
}
