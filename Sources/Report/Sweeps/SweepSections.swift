import Evaluation
import Experiments
import Figures
import Questions

/// What there is to say about a sweep, section by section: chapters of its own page, and together one of a report.
struct SweepSections {
  private let findings: SweepFindings

  init(_ findings: SweepFindings) { self.findings = findings }

  /// All of them, in the order of the page.
  var all: [ChaptersPage.Chapter] {
    let figures = SweepFigures(findings)
    func chapter(
      _ id: String, _ title: String, _ question: String, _ goal: String, _ paragraphs: [String],
      _ illustrations: [Illustration], _ checkpoint: Question
    ) -> ChaptersPage.Chapter {
      ChaptersPage.Chapter(
        id: id, title: title, question: question, goal: goal, paragraphs: paragraphs,
        illustrations: illustrations, checkpoint: checkpoint)
    }
    return [
      chapter(
        "best", "The best", "What combination works best?",
        "You can say which configurations are really ahead, and which were only lucky.",
        [
          "Two configurations whose intervals share a good part differ by no more than the choice of validation images explains. Of many that are equally good, one comes first by luck.",
          Findings.choice(findings.choice),
        ],
        [figures.ranking] + [figures.choice].compactMap { $0 },
        Question(
          "sweep-best",
          "Why is the best configuration's validation accuracy a little too good?",
          points: [
            "Of many that are about equally good, one comes first by luck.",
            "Luck does not come again: with fresh seeds it is a little worse.",
          ],
          answer:
            "It was chosen for being the highest of many, and what made it the highest was in part luck, which does not come again."
        )),
      chapter(
        "parameters", "What matters", "Which parameters make the difference?",
        "You know which parameter to look at first, and which hardly matters.",
        [
          "How much each parameter matters, and what its values come to, is compared after \(Wording.counted(findings.comparedAfter, "epoch")), when all had been trained equally long. What is best early need not be best late: slow learners are at a disadvantage."
        ], [figures.importances].compactMap { $0 } + figures.slices + figures.pairs,
        Question(
          "sweep-share",
          "A parameter has a small share. Does that mean that it does not matter?",
          points: [
            "It matters little among the values that were tried.",
            "Values further apart could have made it matter.",
          ],
          answer:
            "Only that it does not among the values that were tried: had they been further apart, or had one broken training, it might have come first."
        )),
      chapter(
        "common", "In common", "What do the best have in common?",
        "You can see whether good configurations agree, or whether there are several ways.",
        ["Follow the lines from left to right: where they crowd on one value, the best agree."],
        [figures.common].compactMap { $0 },
        Question(
          "sweep-common",
          "Lines cross all over an axis. What does it say?",
          points: [
            "The parameter may hardly matter.",
            "Or what is best depends on the others.",
          ],
          answer:
            "The best do not agree on that parameter: either it hardly matters, or it depends on the others."
        )),
      chapter(
        "generalisation", "Training against validation",
        "Does it learn its images by heart?",
        "You can tell a network that generalises from one that remembers.", [],
        [figures.gaps].compactMap { $0 },
        Question(
          "sweep-dropout",
          "Why is training accuracy measured without dropout here?",
          points: [
            "With dropout on, the network is handicapped while it learns.",
            "Only with all units on do both accuracies count the same network.",
          ],
          answer:
            "With dropout on, the network is handicapped while it learns; the comparison would blame it for what dropout does, not for what it knows."
        )),
      chapter(
        "course", "How it went", "Where did the time go?",
        "You know what stopping early saves, and what it risks.", [],
        [figures.curves, figures.budget].compactMap { $0 },
        Question(
          "sweep-halving",
          "What could go wrong when two thirds are stopped after the first rung?",
          points: [
            "What is worst early need not be worst late.",
            "Slow learners, such as those with a small rate or much dropout, may be among the stopped.",
          ],
          answer:
            "A configuration that learns slowly but ends well, such as one with much dropout or a small learning rate, may be among them."
        )),
    ]
  }
}

extension Findings {
  /// Which configuration is best, and whether that is sure.
  static func best(_ findings: SweepFindings) -> String {
    guard let best = findings.ranking.first else { return "" }
    let words = SweepFigures.words(best.values, of: findings.parameters)
    let alike = findings.ranking.count { $0.isLikeBest } - 1
    let rivals = findings.ranking.count - 1
    return
      "The best\(findings.isFinished ? "" : " so far"): \(words), with \(Format.percent(best.accuracy)) of the validation images right. "
      + (alike > 0
        ? "Of \(Wording.counted(rivals, "other")) that came as far, \(Format.count(alike)) cannot be told apart from it."
        : rivals > 0
          ? "It is ahead of the \(Wording.counted(rivals, "other")) that came as far by more than the choice of images explains."
          : "")
      + (findings.isFinished ? "" : " The sweep is not done: this is what it says so far.")
  }

  /// What choosing the best of many cost, and what searching brought.
  static func choice(_ choice: SweepChoice?) -> String {
    guard let choice, let mean = choice.freshMean else {
      return "What choosing cost is not known yet: sweep best trains the best with fresh seeds."
    }
    return
      "When it was chosen among \(Wording.counted(choice.configurations, "configuration")), the best read \(Format.percent(choice.chosen)) of the validation images. "
      + "Trained again with \(Wording.counted(choice.fresh.count, "fresh seed")), it reads \(Format.percent(mean)) on average, "
      + points(mean - choice.chosen) + "."
      + failures(choice.fresh)
      + (choice.usual.map { values in
        " What nobody searched for, with all that was varied left as train has it by itself and the same seeds, "
          + (choice.usualMean.map { "reads \(Format.percent($0))." } ?? "came to nothing.")
          + failures(values)
      } ?? "")
  }

  private static func failures(_ values: [Double?]) -> String {
    let failed = values.count { $0 == nil }
    return failed == 0
      ? "" : " It diverged with \(failed) of \(Wording.counted(values.count, "seed"))."
  }

  /// What searching brought, in a sentence.
  static func searched(_ choice: SweepChoice) -> String {
    guard let usual = choice.usual, !usual.isEmpty, usual.count == choice.fresh.count else {
      return "What choosing the best of many cost"
    }
    let gains = zip(choice.fresh, usual).compactMap { best, usual in
      best.flatMap { best in usual.map { best - $0 } }
    }
    guard gains.count == usual.count else {
      return usual.contains(nil)
        ? "The usual run does not always come to something"
        : "The best found does not always come to something"
    }
    guard let gain = Interval.mean(of: gains) else {
      return "With one seed each, the best found is \(ahead(gains[0])) the usual run"
    }
    guard gain.low > 0 || gain.high < 0 else {
      return "The best found and the usual run differ by no more than these seeds do"
    }
    return "The best found is \(ahead(gains.reduce(0, +) / Double(gains.count))) the usual run"
  }

  private static func ahead(_ gain: Double) -> String {
    "\(Format.fixed(100 * abs(gain), 2)) points \(gain < 0 ? "behind" : "ahead of")"
  }

  private static func points(_ change: Double) -> String {
    "\(Format.fixed(100 * abs(change), 2)) points \(change < 0 ? "less" : "more")"
  }
}
