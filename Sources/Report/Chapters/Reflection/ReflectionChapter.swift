import Evaluation
import Experiments
import Figures
import Networks
import Questions
import Study

/// Looking back: what the course asks at its end, what went wrong for others, and what to do next.
struct ReflectionChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    ChapterOutline(
      id: "reflection", title: "Looking back",
      question: "What do you know now, and what comes next?",
      goal:
        "You will be able to say what you built, what it cannot do, and what you would try next.",
      paragraphs: [
        "\(model) turns \(Format.count(results.model.inputCount)) numbers into one of \(Format.count(results.model.classes.count)) "
          + "names with \(Format.count(results.model.parameters)) learned numbers, and is right on "
          + "\(Format.percent(evaluation.accuracy)) of \(Format.count(evaluation.count)) "
          + "\(results.data.isUnseen ? "images that it never saw" : "test images"). "
          + "\(attacked)What it does not know is that anything else exists.",
        "Answer the questions in your own words first. Then look where others stumble, and take one of the next steps: each "
          + "is a command.",
      ], notes: [], illustrations: [], trial: .closing(Closing(context: context)))
  }

  /// What an attack leaves.
  private var attacked: String {
    results.robustness.duel.map {
      "A change of at most \(Format.fixed($0.epsilon, 2)) in every pixel, aimed well, leaves "
        + "\(Format.percent($0.attack, decimals: 0)). "
    } ?? ""
  }

  var questions: [Question] {
    let others = Chapters.all.filter { $0 != Self.self }.flatMap {
      $0.init(context: context).questions
    }
    let asked = Set(others.map(\.id))
    let measured = [accuracy, impact, convolutions].compactMap { $0 }
    return CourseQuestion.allCases.filter { !asked.contains($0.rawValue) }.map { question in
      measured.first { $0.id == question.rawValue } ?? question.unmeasured(results)
    }
  }

  private var accuracy: Question {
    let all =
      [(model, evaluation.accuracy)]
      + results.comparisons.map { (Wording.short($0.name), $0.accuracy) }
    let best = all.max { $0.1 < $1.1 } ?? all[0]
    let last = results.history.last
    let mistakes =
      (last?.validationAccuracy).map {
        [Question.Mistake(100 * $0, "That is the accuracy on the validation images.")]
      } ?? []
    return Question(
      CourseQuestion.bestAccuracy.rawValue,
      all.count > 1
        ? "What accuracy on the test images did the best network of this report achieve?"
        : "What accuracy on the test images did this network achieve?",
      .number(
        Question.Number(
          100 * best.1, tolerance: 0.06, near: 0.5, unit: "%",
          mistakes: mistakes
            + (last.map {
              [
                Question.Mistake(
                  100 * $0.answeredTrainAccuracy, "That is the accuracy on training images.")
              ]
            } ?? [])
            + all.filter { $0.1 < best.1 }.map {
              Question.Mistake(100 * $0.1, "That is \($0.0); another one reads more.")
            })),
      answer: all.count > 1
        ? "\(Format.percent(best.1)), \(best.0). All of them: "
          + "\(Wording.list(all.map { "\($0.0) \(Format.percent($0.1))" }))."
        : "\(Format.percent(best.1)), 95% CI \(evaluation.accuracyInterval.percent(decimals: 2)).")
  }

  private var convolutions: Question? {
    guard results.model.isConvolutional,
      let other = results.comparisons.first(where: { !$0.isConvolutional })
    else { return nil }
    var question = CourseQuestion.whyConvolutions.unmeasured(results)
    let (own, work) = results.model.convolutions
    let multiplications = results.model.multiplications
    question.answer =
      "They use the same small filters everywhere, so a shape learned in one place is known in all. The convolutions "
      + "of \(model) hold \(Format.count(own)) of its \(Format.count(results.model.parameters)) parameters "
      + "and do \(Findings.percent(work, of: multiplications)) of its \(Format.count(multiplications)) "
      + "multiplications an image. \(Wording.short(other.name)) must learn every "
      + "place anew with its \(Format.count(other.parameters))."
    return question
  }

  /// What mattered most, as far as a sweep or the small experiments say; in words, for a few runs order effects but do not prove
  /// which is largest.
  private var impact: Question? {
    let effects =
      results.sweep.map { $0.importances.map { (name: $0.parameter, change: $0.share) } }
      ?? results.experiments?.effects ?? []
    guard effects.count > 1 else { return nil }
    let told = effects.map {
      results.sweep == nil
        ? "\($0.name) \(Format.points($0.change))"
        : "\($0.name) \(Format.percent($0.change, decimals: 0))"
    }
    return Question(
      CourseQuestion.biggestImpact.rawValue,
      "Which settings had the biggest impact on accuracy here, and how sure can you be?",
      points: [
        "It compares effects on the same images.", "It says how far each setting was varied.",
        results.sweep == nil
          ? "It says that one run each cannot tell small differences from luck."
          : "It says that the shares are estimates from the runs that were made.",
      ],
      answer: (results.sweep == nil
        ? "By how much each moved the accuracy in the small experiments, one run each: "
        : "The shares of the difference between the best tenth and all, in the sweep: ")
        + "\(Wording.list(told)). A setting matters as far as it was varied.")
  }
}
