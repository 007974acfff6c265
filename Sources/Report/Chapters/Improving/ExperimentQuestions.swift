import Experiments
import Figures
import Questions

/// What is asked about the small experiments of the course, as far as they were run.
struct ExperimentQuestions {
  private let experiments: CourseExperiments

  init(_ experiments: CourseExperiments) { self.experiments = experiments }

  /// In the order of the course.
  var all: [Question] { [rates, settings, beyond98, dropout].compactMap { $0 } }

  /// The experiments by the rule of their figure; `nil` if nobody wrote down how many images scored them.
  private var trials: [CourseExperiments.Trial]? {
    guard experiments.scored == "validation", let count = experiments.validationCount, count > 0
    else { return nil }
    return experiments.trials(scoredOn: count)
  }

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
    // Graded only where chance does not explain what those that served are ahead.
    let alike = trials.map { Array($0.prefix(runs.count)).likeBest.map(\.run.learningRate) }
    guard served.count < runs.count, alike == served else {
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
    guard experiments.bestSimple != nil else { return nil }
    let id = CourseQuestion.bestSettings.rawValue
    let text = "Which combination of settings gave the best accuracy, of those tried here?"
    let points = [
      "It says by which images the combinations were compared.",
      "It says that one run each cannot tell small differences from luck.",
    ]
    guard let trials else {
      let told = experiments.simpleRuns.map { "\(Self.words($0)) \(Format.percent($0.score))" }
      return Question(
        id, text, points: points,
        answer:
          "Of the \(experiments.scored) images \(Wording.list(told)). One run each cannot tell small differences from "
          + "luck.")
    }
    let (names, alike) = (trials.map(\.name), Set(trials.likeBest.map(\.name)))
    let told = trials.map { "“\($0.name)” \(Format.percent($0.score))" }
    let first = names.filter(alike.contains)
    let answer =
      "Of the \(experiments.scored) images \(Wording.list(told)). "
      + (first.count > 1
        ? "Chance alone could order \(Wording.list(first.map { "“\($0)”" })): none of these can be told from the best."
        : "The best is ahead by more than chance explains.")
    guard first.count < names.count else {
      return Question(id, text, points: points, answer: answer)
    }
    return Question(
      id, text,
      .choice(
        Question.Choice(
          names, right: names.indices.filter { alike.contains(names[$0]) },
          reply:
            "Another reads more of the \(experiments.scored) images, by more than chance explains.")
      ),
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

  /// In words: two runs do not say how far their gaps are apart by chance.
  private var dropout: Question? {
    Findings.dropout(experiments).map { answer in
      Question(
        CourseQuestion.dropout.rawValue,
        "How does dropout change the gap between the accuracies on training and on validation images?",
        points: [
          "It subtracts validation from training accuracy, once with and once without.",
          "It says that dropout makes learning by heart harder.",
          "It says that one run each cannot tell small differences from luck.",
        ], answer: answer)
    }
  }
}
