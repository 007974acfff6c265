import Experiments
import Figures
import Questions

/// What is asked about the small experiments of the course, as far as they were run.
struct ExperimentQuestions {
  private let experiments: CourseExperiments

  init(_ experiments: CourseExperiments) { self.experiments = experiments }

  /// In the order of the course.
  var all: [Question] { [rates, settings, beyond98, dropout].compactMap { $0 } }

  /// One run each cannot tell scores apart that are closer than this.
  private static let alike = 0.005

  private var rates: Question? {
    guard let best = experiments.best else { return nil }
    let runs = experiments.learningRates
    let told = runs.map { "\($0.learningRate) gave \(Format.percent($0.score))" }
    let served = experiments.served.map(\.learningRate)
    let answer =
      "Tried here on \(best.specification): \(Wording.list(told)) of the \(experiments.scored) images. Too large a "
      + "step leaps over the valley; too small a one takes for ever to get down. "
      + "\(Wording.list(served.map { "\($0)" })) served best."
    let id = CourseQuestion.learningRate.rawValue
    guard served.count < runs.count else {
      return Question(
        id, "What happens if you change the learning rate?",
        points: [
          "Too large a step leaps over the valley.", "Too small a one takes for ever to get down.",
        ], answer: answer)
    }
    return Question(
      id, "What happens if you change the learning rate: which of these served best?",
      .choice(
        Question.Choice(
          runs.map { "\($0.learningRate)" },
          right: runs.indices.filter { served.contains(runs[$0].learningRate) },
          reply: "Not that one. Which line of the figure ends lowest, and which never settles?")),
      answer: answer)
  }

  private var settings: Question? {
    guard let best = experiments.bestSimple?.run else { return nil }
    let runs = experiments.simpleRuns
    let right = runs.indices.filter { best.score - runs[$0].score < Self.alike }
    let told = runs.map { "\(Self.words($0)) \(Format.percent($0.score))" }
    let answer =
      "Of the \(experiments.scored) images \(Wording.list(told)). "
      + (right.count > 1
        ? "One run each cannot tell the best \(right.count) apart." : "The best is clearly ahead.")
    let (id, text) = (
      CourseQuestion.bestSettings.rawValue,
      "Which combination of settings gave the best accuracy, of those tried here?"
    )
    guard right.count < runs.count else {
      return Question(
        id, text,
        points: [
          "It says by which images the combinations were compared.",
          "It says that one run each cannot tell small differences from luck.",
        ], answer: answer)
    }
    return Question(
      id, text,
      .choice(
        Question.Choice(
          runs.map(Self.words), right: right,
          reply: "Another reads more of the \(experiments.scored) images.")),
      answer: answer)
  }

  private static func words(_ run: CourseExperiments.Run) -> String {
    "\(run.specification) at a rate of \(run.learningRate)"
  }

  private var beyond98: Question? {
    guard let best = experiments.bestSimple, let answer = Findings.simpleNetworks(experiments)
    else { return nil }
    return Question(
      CourseQuestion.above98.rawValue,
      "Can a network without convolutions read more than 98% of the test images? Did one of those tried here?",
      .choice(
        Question.Choice(
          ["yes, one did", "no, none did"], right: [best.isAbove98 ? 0 : 1],
          reply: "Look at the accuracies of the runs without convolutions.")), answer: answer)
  }

  /// Gaps closer than this, as shares, are the same.
  private static let sameGap = 0.001

  private var dropout: Question? {
    guard let effect = experiments.dropout, let answer = Findings.dropout(experiments) else {
      return nil
    }
    let change = effect.with.gap - effect.without.gap
    return Question(
      CourseQuestion.dropout.rawValue,
      "How does dropout change the gap between the accuracies on training and on validation images?",
      .choice(
        Question.Choice(
          ["it shrinks", "it hardly changes", "it grows"],
          right: (change < 0 ? [0] : [2]) + (abs(change) < Self.sameGap ? [1] : []),
          reply: "Subtract: training accuracy less validation accuracy, once with and once without."
        )),
      answer: answer)
  }
}
