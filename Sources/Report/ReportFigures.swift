import Drawing
import Evaluation
import Figures
public import Study

/// The figures of a report, made from the facts of a study.
public struct ReportFigures: Sendable {
  let subject: Wording
  /// Where more is said about single images, by their place among the test images.
  var cases: [Int: String] = [:]
  /// How many test images there are; nil if that is not known.
  private let testCount: Int?

  /// Figures about a data set.
  ///
  /// - Parameters:
  ///   - dataset: The set's name, such as `mnist`.
  ///   - classes: The names of the classes.
  ///   - channels: The channels of an image.
  ///   - testCount: How many test images there are; nil if that is not known.
  package init(dataset: String, classes: [String], channels: Int = 1, testCount: Int? = nil) {
    subject = Wording(dataset: dataset, classes: classes, channels: channels)
    self.testCount = testCount
  }

  /// Figures about what is called by some words.
  init(_ subject: Wording, testCount: Int) {
    self.subject = subject
    self.testCount = testCount
  }

  /// Figures about what a study found.
  public init(_ results: StudyResults) {
    subject = Wording(results)
    testCount = results.quality.evaluation.count
  }

  /// The words of a figure, with what must be said of drawn digits.
  func text(
    _ name: FigureName, _ title: String, _ caption: String, method: String = "",
    alt: String? = nil
  ) -> FigureText {
    FigureText(
      name: name.text, title: title, caption: caption,
      caveat: subject.isDrawn ? "The digits were drawn by the program; they are not MNIST." : "",
      method: method, alternativeText: alt ?? title)
  }

  /// Test images that were looked at: `300 test images, drawn at random`, or `all 42 test images` if there are no more.
  package func drawn(_ count: Int) -> String {
    guard let testCount else { return Wording.counted(count, "test image") }
    return count < testCount
      ? "\(Wording.counted(count, "test image")), drawn at random"
      : Wording.all(count, "test image")
  }

  /// A class's name as the bold start of a line.
  func name(_ index: Int) -> StyledLine {
    StyledLine(subject.className(index), .ink, weight: .semibold)
  }

  /// `4 read as 9` with the answer in the color of errors if it is one.
  func reading(_ example: ExampleFacts) -> StyledLine {
    StyledLine([
      StyledLine.Span(subject.className(example.label), .ink, weight: .semibold),
      StyledLine.Span("read as", .ink2),
      StyledLine.Span(
        subject.className(example.predicted), example.isRight ? .ink : .wrong, weight: .semibold),
    ])
  }
}
