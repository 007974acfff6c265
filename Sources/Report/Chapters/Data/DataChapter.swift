import Evaluation
import Figures
import Networks
import Study

/// What the network learned from.
struct DataChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    let data = results.data
    var paragraphs = [Self.summary(data, shape: results.model.inputShape, subject: subject)]
    if subject.isDrawn { paragraphs.append(Self.drawnWords) }
    let means = data.mean.map { Format.fixed(Double($0), 2) }
    let spreads = data.standardDeviation.map { Format.fixed(Double($0), 2) }
    return ChapterOutline(
      id: "data", title: "The data", question: "What did it have to learn from?",
      goal:
        "You will be able to say what one training example is, and whether the classes are "
        + "balanced.",
      paragraphs: paragraphs,
      notes: [
        (
          "Three sets",
          "Training images change the weights, validation images only watch, and test images are "
            + "kept for the end. Whoever tunes on the test set no longer knows how good the "
            + "network is."
        ),
        (
          "Normalization",
          "Pixels run from 0 to 1. The network subtracts their mean (\(Wording.list(means))) and "
            + "divides by their standard deviation (\(Wording.list(spreads)))."
        ),
      ],
      illustrations: [figure.samples(data), figure.numbers(data), figure.histogram(data)])
  }

  /// What must be said of drawn digits.
  static let drawnWords =
    "MNIST could not be had, or was not asked for, so the program drew these digits itself. "
    + "They are not handwriting: what follows shows how learning works, but its numbers are "
    + "not those of MNIST."

  /// How many images there are, of what size, and what the network knows of them.
  static func summary(_ data: DataFacts, shape: [Int], subject: Wording) -> String {
    let size =
      shape.count == 3
      ? "\(shape[1]) × \(shape[2])" : shape.map(String.init).joined(separator: " × ")
    let channels = shape.first ?? 1
    let color =
      channels == 3 ? " in three color channels" : channels == 1 ? "" : " in \(channels) channels"
    return
      "\(subject.isDrawn ? "This set of digits has" : subject.isPublished ? "\(Wording.short(subject.name)) has" : "The \(Wording.short(subject.name)) have") "
      + "\(Format.count(data.trainCount)) training and \(Format.count(data.testCount)) test "
      + "\(subject.isDigits ? "images of \(subject.things)" : "images"), each \(size) "
      + "pixels\(color)\(data.validationCount > 0 ? ", and \(Format.count(data.validationCount)) for validation" : ""). "
      + provenance(data)
  }

  /// What the network knows of these images.
  static func provenance(_ data: DataFacts) -> String {
    switch data.origin {
    case .learned:
      (data.validationCount > 0
        ? "The validation images were never trained on, and were used only to watch training and to choose by. "
        : "")
        + "The test images are for the end: none of them was trained on."
    case .others: "The network learned from other images; none of the test images was trained on."
    case .unknown, nil:
      "Which images the network was trained on, its file does not say: some of these test images may be among them, and "
        + "then every accuracy here is too high."
    }
  }
}
