import Evaluation
import Experiments
import Figures
import Files
import Networks
import Study
import Training

/// What closes a report: pitfalls, next steps, things to read, and notes that the reader goes on with.
struct Closing: Sendable {
  let context: ReportContext

  var results: StudyResults { context.results }
  var subject: Wording { context.subject }

  /// For its template.
  func view(date: String) -> ClosingView {
    ClosingView(
      pitfalls: pitfalls.map { LabelView(name: $0.0, text: $0.1) }, steps: steps,
      resources: Self.resources, fields: fields(date: date))
  }

  // MARK: Notes

  /// What the course lets its readers note, filled in from the run where it can be.
  private func fields(date: String) -> [NoteFieldView] {
    let evaluation = results.quality.evaluation
    let shown: Set = ["model", "optimizer", "learning-rate", "schedule", "batch-size", "epochs"]
    let settings = (results.model.run?.fields ?? []).filter { shown.contains($0.name) }
      .compactMap { field in field.value.map { "\(field.title): \(Wording.short($0, limit: 90))" } }
    let observed = results.quality.foremost(1).confusions.first.map {
      "\(evaluation.isTopShared ? "Among the most frequent mistakes" : "Most frequent mistake"): \(subject.className($0.actual)) read as \(subject.className($0.predicted)), "
        + "\($0.count == 1 ? "once" : "\(Format.count($0.count)) times")."
    }
    return [
      NoteFieldView(name: "date", title: "Date", text: date, rows: "1"),
      NoteFieldView(name: "phases", title: "Completed phases", text: "", rows: "1"),
      NoteFieldView(
        name: "accuracy", title: "Current accuracy",
        text:
          "\(Format.percent(evaluation.accuracy, interval: evaluation.accuracyInterval.range)) of "
          + "\(Format.count(evaluation.count)) test images", rows: "1"),
      NoteFieldView(
        name: "hyperparameters", title: "Best hyperparameters found",
        text: settings.joined(separator: "; "), rows: "2"),
      NoteFieldView(
        name: "observations", title: "Interesting observations", text: observed ?? "", rows: "3"),
      NoteFieldView(name: "questions", title: "Questions to explore", text: "", rows: "3"),
    ]
  }

  // MARK: Reading

  private static let resources = [
    ResourceView(
      title: "Michael Nielsen, Neural Networks and Deep Learning",
      href: "http://neuralnetworksanddeeplearning.com/", text: "the book behind this course, free"),
    ResourceView(
      title: "Goodfellow, Bengio, Courville, Deep Learning",
      href: "https://www.deeplearningbook.org/", text: "the mathematics, free to read"),
    ResourceView(
      title: "François Chollet, Deep Learning with Python",
      href: "https://deeplearningwithpython.io/", text: "from practice"),
    ResourceView(
      title: "fast.ai, Practical Deep Learning for Coders", href: "https://course.fast.ai/",
      text: "a free course that starts with working programs"),
    ResourceView(
      title: "Andrew Ng, Machine Learning Specialization",
      href: "https://www.coursera.org/specializations/machine-learning-introduction",
      text: "a course from the ground up"),
    ResourceView(
      title: "PyTorch Tutorials", href: "https://docs.pytorch.org/tutorials/",
      text: "the same things in another tool; inkling convert writes for it"),
    ResourceView(
      title: "Kaggle Learn", href: "https://www.kaggle.com/learn",
      text: "short lessons, then competitions"),
    ResourceView(
      title: "Distill", href: "https://distill.pub/",
      text: "papers as explanations one can play with"),
  ]
}

/// What closes a report, for its template.
struct ClosingView {
  /// What goes wrong for others, with what this run measured of it.
  var pitfalls: [LabelView]
  var steps: [StepView]
  var resources: [ResourceView]
  var fields: [NoteFieldView]
}

/// A next step with the commands that take it.
struct StepView {
  var title: String
  var text: String
  var commands: [String]
}

/// Something to read elsewhere.
struct ResourceView {
  var title: String
  var href: String
  var text: String
}

/// A note that the reader may change.
struct NoteFieldView {
  /// Its name in the file of answers.
  var name: String
  var title: String
  /// What the run says.
  var text: String
  /// How many lines it has room for.
  var rows: String
}
