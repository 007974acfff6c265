package import Evaluation
package import Networks

/// A network of another kind on the same images, with a report of its own: what a course goes on with.
package struct FurtherNetwork: Codable, Sendable {
  /// Its name.
  package var name: String
  /// Learned numbers.
  package var parameters: Int
  /// Its report, relative to the page that leads there.
  package var page: String
  /// What it does, and how well.
  package var work: Work

  /// What it does, and how well.
  package enum Work: Codable, Sendable {
    /// It reads images row by row.
    case recurrent(Reading, RecurrenceFacts)
    /// It reads images whose squares look at each other.
    case attentive(Reading, AttentionFacts)
    /// It draws.
    case generator(GeneratorKind, Drawing)
  }

  /// How a classifier reads the test images, beside the course's.
  package struct Reading: Codable, Sendable {
    /// Share that it reads right.
    package var accuracy: Double
    /// Its 95 % Wilson interval.
    package var interval: Interval
    /// Images that it alone reads right of the two.
    package var onlyThis: Int
    /// Images that the course's network alone reads right.
    package var onlyCourse: Int
    /// Two-sided exact McNemar test of the two counts.
    package var pValue: Double
    /// Test images.
    package var count: Int
  }

  /// What a generator draws.
  package struct Drawing: Codable, Sendable {
    /// The first pictures that it drew, `[N][C][H][W]`.
    package var pictures: Plane
    /// How good they are, as the course's network reads them.
    package var quality: GeneratedQuality?
  }

  /// Pictures that are shown of a generator.
  private static let shown = 20

  /// A classifier by what a report found, in which it is compared with the course's network first; `nil` for one that reads
  /// images as the course's do.
  package init?(_ results: StudyResults, page: String) {
    guard let course = results.comparisons.first else { return nil }
    let evaluation = results.quality.evaluation
    let reading = Reading(
      accuracy: evaluation.accuracy, interval: evaluation.accuracyInterval,
      onlyThis: course.onlyStudiedRight, onlyCourse: course.onlyOtherRight, pValue: course.pValue,
      count: evaluation.count)
    if let facts = results.recurrence {
      work = .recurrent(reading, facts)
    } else if let facts = results.attention {
      work = .attentive(reading, facts)
    } else {
      return nil
    }
    (name, parameters, self.page) = (results.model.name, results.model.parameters, page)
  }

  /// A generator by what a report found.
  package init(_ results: GeneratorResults, page: String) {
    let pictures = results.samples.pictures
    let count = min(Self.shown, pictures.shape[0])
    let size = pictures.shape.dropFirst().reduce(1, *)
    work = .generator(
      results.kind,
      Drawing(
        pictures: Plane(
          shape: [count] + pictures.shape.dropFirst(),
          values: Array(pictures.values.prefix(count * size))), quality: results.quality))
    (name, parameters, self.page) = (results.model.name, results.model.parameters, page)
  }
}
