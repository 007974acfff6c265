import Drawing
import Evaluation
import Figures
public import Study

/// The figures of a report, made from the facts of a study.
public struct ReportFigures: Sendable {
  let subject: Subject
  /// Where more is said about single images, by their place among the test images.
  var cases: [Int: String] = [:]
  /// How many test images there are; nil if that is not known.
  private let testCount: Int?

  /// A kind of figure that can be asked for by name.
  public enum Kind: String, CaseIterable, Sendable {
    /// Images of each class.
    case samples
    /// The filters of the first convolution.
    case filters
    /// The weights of a first linear layer as images.
    case templates
    /// One image in every layer.
    case activations
    /// What each pixel did for the answer.
    case saliency
    /// True classes against predicted ones.
    case confusion
    /// Misread images.
    case mistakes
    /// Loss, accuracy and health of training.
    case training
    /// Images that fool the network.
    case adversarial
  }

  /// Figures about a data set.
  ///
  /// - Parameters:
  ///   - dataset: The set's name, such as `mnist`.
  ///   - classes: The names of the classes.
  ///   - channels: The channels of an image.
  ///   - testCount: How many test images there are; nil if that is not known.
  public init(dataset: String, classes: [String], channels: Int = 1, testCount: Int? = nil) {
    subject = Subject(dataset: dataset, classes: classes, channels: channels)
    self.testCount = testCount
  }

  /// Figures about what a study found.
  public init(_ results: StudyResults) {
    subject = Subject(results)
    testCount = results.quality.evaluation.count
  }

  /// The figures of a kind; none if the network has nothing of that kind.
  public static func figures(_ kind: Kind, of results: StudyResults) -> [Illustration] {
    let figures = ReportFigures(results)
    let features = results.features
    switch kind {
    case .samples: return [figures.samples(results.data)]
    case .filters: return features.areTemplates ? [] : [figures.weights(features)]
    case .templates: return features.areTemplates ? [figures.weights(features)] : []
    case .activations:
      return [
        figures.activations(
          features.activations, of: results.data.example, in: results.model)
      ]
    case .saliency: return [figures.saliency(results.explanations)]
    case .confusion: return [figures.confusion(results.quality)]
    case .mistakes: return figures.mistakes(results.mistakes, quality: results.quality)
    case .training:
      guard !results.history.isEmpty else { return [] }
      return [
        figures.loss(results.history, data: results.data),
        figures.accuracy(results.history, data: results.data),
        figures.health(results.history, layers: results.model.layers),
      ]
    case .adversarial:
      return [figures.adversarial(results.robustness), figures.curves(results.robustness)]
    }
  }

  /// The words of a figure, with what must be said of drawn digits.
  func text(_ name: String, _ title: String, _ caption: String, alt: String? = nil) -> FigureText {
    let caveat = subject.isDrawn ? " The digits were drawn by the program; they are not MNIST." : ""
    return FigureText(
      name: name, title: title, caption: caption + caveat, alternativeText: alt ?? title)
  }

  /// Test images that were looked at: `300 test images, drawn at random`, or `all 42 test images` if there are no more.
  public func drawn(_ count: Int) -> String {
    guard let testCount else { return Subject.counted(count, "test image") }
    return count < testCount
      ? "\(Subject.counted(count, "test image")), drawn at random"
      : Subject.all(count, "test image")
  }

  /// A class's name as the bold start of a line.
  func name(_ index: Int) -> StyledLine {
    StyledLine(subject.className(index), .ink, weight: .semibold)
  }

  /// `4 read as 9` with the answer in the color of errors if it is one.
  func reading(_ example: ExampleFacts) -> StyledLine {
    let isRight = example.label == example.predicted
    return StyledLine([
      StyledLine.Span(subject.className(example.label), .ink, weight: .semibold),
      StyledLine.Span("read as", .ink2),
      StyledLine.Span(
        subject.className(example.predicted), isRight ? .ink : .wrong, weight: .semibold),
    ])
  }
}
