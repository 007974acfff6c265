import Evaluation
import Figures
import Study

/// The head of the page: what it comes to in a sentence and in numbers.
struct Masthead {
  let context: ReportContext

  private var results: StudyResults { context.results }
  private var subject: Wording { context.subject }
  private var evaluation: EvaluationResult { context.evaluation }

  /// What the network can and cannot do.
  func deck() -> [PieceView] {
    let errors = evaluation.errors
    var pieces = [
      PieceView(
        subject.isDrawn
          ? "It reads digits drawn by the program correctly "
          : "It reads \(subject.things) correctly "),
      PieceView(Format.percent(evaluation.accuracy), to: "#quality"), PieceView(" of the time"),
    ]
    if errors > 0 {
      let each = evaluation.imagesPerError ?? 0
      // Where most answers are mistakes, that is no way to count them.
      pieces.append(
        PieceView(
          each < 2 ? ". " : ", about one mistake in \(Format.fixed(each, each < 9.95 ? 1 : 0)). "))
      pieces += sureness(results.quality.review.missed, of: errors)
      pieces.append(
        PieceView(" \(Findings.reviewing(results.quality.bands, of: evaluation.count)) "))
    } else {
      pieces.append(PieceView(", without a mistake on these images. "))
    }
    if let duel = results.robustness.duel {
      let fall =
        (results.fallUnderAttack ?? 0) > 0.01 ? "brings accuracy down to" : "leaves accuracy at"
      pieces += [
        PieceView(
          "A change of at most \(Format.fixed(duel.epsilon, 2)) "
            + "\(subject.isInk ? "of full ink per pixel" : "in any pixel"), aimed well, \(fall) "
        ),
        PieceView(Format.percent(duel.attack, decimals: 0), to: "#robustness"), PieceView("."),
      ]
    }
    if subject.isDrawn {
      pieces.append(
        PieceView(
          " These digits are not MNIST, and accuracy on them says little about handwriting."))
    }
    return pieces
  }

  /// On how many of its mistakes it was sure.
  private func sureness(_ sure: Int, of errors: Int) -> [PieceView] {
    guard sure > 0 else {
      return [
        PieceView("It was never more than 90% sure when it was "),
        PieceView("wrong", to: "#mistakes"), PieceView("."),
      ]
    }
    let which =
      sure == errors
      ? Wording.all(errors, "mistake")
      : "\(Format.count(sure)) of its \(Wording.counted(errors, "mistake"))"
    return [
      PieceView("On "), PieceView(which, to: "#mistakes"),
      PieceView(" it was more than 90% sure."),
    ]
  }

  /// The headline numbers.
  func numbers() -> [NumberView] {
    let kilobytes = (results.model.parameters * 4 + 512) / 1024
    var numbers = [
      NumberView(
        label: "Accuracy", value: Format.percent(evaluation.accuracy), unit: "",
        note: "95% CI \(evaluation.accuracyInterval.percent(decimals: 2))"),
      NumberView(
        label: "Mistakes", value: Format.count(evaluation.errors), unit: "",
        note: "of \(Format.count(evaluation.count)) test \(subject.nouns)"),
      NumberView(
        label: "Parameters", value: Format.count(results.model.parameters), unit: "",
        note: "\(Format.count(kilobytes)) KB as float32"),
      NumberView(
        label: "Test loss",
        value: evaluation.loss < 0.0001 ? "<0.0001" : Format.significant(evaluation.loss, 2),
        unit: "nats",
        note: results.history.isEmpty
          ? "cross-entropy" : "after \(Wording.counted(results.history.count, "epoch"))"),
      NumberView(
        label: "Calibration error", value: Format.fixed(evaluation.ece * 100, 2), unit: "pts",
        note: "ECE, 15 bins"),
    ]
    if let duel = results.robustness.duel {
      numbers.append(
        NumberView(
          label: "Robust accuracy", value: Format.percent(duel.attack, decimals: 1), unit: "",
          note:
            "\(duel.method.rawValue.uppercased()), ε = \(Format.significant(duel.epsilon, 2)), n = "
            + "\(Format.count(results.robustness.count)), 95% CI "
            + "\(duel.interval.percent(decimals: 0))"
        ))
    }
    return numbers
  }

  /// What tells this report from another.
  func fingerprint() -> [LabelView] {
    let hash = results.model.sha256
    let seed = LabelView(name: "Seed", text: String(results.model.seed))
    return [LabelView(name: "Data", text: Wording.short(subject.name))]
      + (results.model.foreign == nil ? [seed] : []) + [
        LabelView(name: "Network", text: context.model),
        LabelView(name: "Checkpoint", text: "sha256 \(hash.prefix(12))"),
      ]
  }
}
