import Evaluation
import Experiments
import Figures
import Foundation
import Networks
import Study

/// The guesses that a report asks for, where the run knows what is true.
extension Guess {
  /// Fewer points make no curve to draw.
  private static let fewestPoints = 3

  /// How the validation loss goes; `nil` for fewer epochs than make a curve.
  static func loss(_ history: [EpochRecord], classes: Int) -> Guess? {
    let points = history.compactMap { record in
      record.validationLoss.map { (x: Double(record.epoch), y: $0) }
    }
    guard points.count >= fewestPoints, points.count == history.count, classes > 1,
      points.allSatisfy({ $0.y.isFinite && $0.y > 0 }),
      let first = points.first, let last = points.last,
      let lowest = points.min(by: { $0.y < $1.y }), let highest = points.map(\.y).max()
    else { return nil }
    // From what guessing gives down to what only a good network reaches, whatever this run came to.
    let guessing = log(Double(classes))
    let axis = min(0.01, lowest.y / 2)...max(1.2 * guessing, 1.2 * highest)
    let ends = [first, last, lowest].map { Format.significant($0.y, 2) }
    return Guess(
      question:
        "Guessing among \(classes) classes has a loss of \(Format.fixed(guessing, 1)). Draw how the loss on validation images "
        + "goes from epoch \(Format.count(Int(first.x))) to \(Format.count(Int(last.x))).",
      told: "It began at \(ends[0]) after the first epoch and ended at \(ends[1])"
        + (lowest.x < last.x
          ? "; it was lowest, \(ends[2]), after epoch \(Format.count(Int(lowest.x)))."
          : ", its lowest."),
      form: .curve(points: points, axis: axis))
  }

  /// Classes that can be offered side by side.
  private static let mostOptions = 12

  /// Which class is read least well; `nil` if all are read alike, or if there are too many to choose from.
  static func worstClass(_ evaluation: EvaluationResult, subject: Wording) -> Guess? {
    let recalls = evaluation.perClass.map(\.recall)
    guard (2...mostOptions).contains(recalls.count), let extremes = evaluation.recallExtremes else {
      return nil
    }
    let names = recalls.indices.map(subject.className)
    guard Set(names).count == names.count else { return nil }
    let worst = extremes.worst.recall
    let right = recalls.indices.filter { recalls[$0] == worst }
    return Guess(
      question: "Which class does it read least well?",
      told:
        "\(Wording.list(right.map { "“\(names[$0])”" })): \(Format.percent(worst, decimals: 1)) of its images are read right. "
        + Findings.hardest(evaluation, subject: subject),
      form: .choice(options: names, right: right))
  }

  /// How large a change halves the accuracy; `nil` where no size tried does, or where the first one does.
  static func breakingSize(_ facts: RobustnessFacts) -> Guess? {
    guard case .about(let size) = facts.median,
      let largest = facts.points(.pgd)?.map(\.epsilon).max(), largest > size
    else { return nil }
    return Guess(
      question:
        "Every pixel may change by at most ε, where pixels run from 0 to 1. How large must ε be before an attack has half "
        + "of all images misread?",
      told: "About \(Format.significant(size, 2)) is enough for the stronger attack, PGD.",
      form: .size(size, within: 0.01...largest, step: 0.01, name: "ε"))
  }

  /// What a learning rate of 0.1 does; `nil` where it was not tried.
  static func highRate(_ experiments: CourseExperiments, classes: Int) -> Guess? {
    guard let best = experiments.best, let (run, _) = experiments.largestRate,
      run.learningRate > best.learningRate
        || experiments.served.contains(where: {
          $0.learningRate == run.learningRate
        })
    else { return nil }
    let chance = 1 / Double(max(classes, 1))
    let isAsGood = experiments.served.contains { $0.learningRate == run.learningRate }
    let isBroken = run.history.last.map { !$0.trainLoss.isFinite } ?? true
    let right =
      isAsGood ? 0 : isBroken ? 3 : run.score < chance + 0.1 * (1 - chance) ? 2 : 1
    return Guess(
      question:
        "The same network is trained with several learning rates. What happens at \(run.learningRate), the largest?",
      told:
        "At \(run.learningRate) it ended with \(Format.percent(run.score)) of the \(experiments.scored) images right, at "
        + "\(best.learningRate) with \(Format.percent(best.score)).",
      form: .choice(
        options: [
          "it learns as well as at any other", "it learns, but ends up worse",
          "it learns next to nothing", "its loss stops being a number",
        ], right: [right]))
  }
}
