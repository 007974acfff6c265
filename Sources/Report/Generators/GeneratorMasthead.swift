import Evaluation
import Figures
import Networks
import Study

/// The head of a generator's page: what it comes to in a sentence and in numbers.
struct GeneratorMasthead {
  let context: GeneratorContext

  private var results: GeneratorResults { context.results }
  private var subject: Wording { context.subject }

  /// What it draws, and how that was judged.
  func deck() -> [PieceView] {
    var pieces = [
      PieceView("A \(results.kind.noun) that learned to draw "),
      PieceView(
        subject.isDrawn
          ? "digits like those drawn by the program"
          : "\(subject.nouns) like those of \(Wording.short(subject.name))",
        to: "#samples"), PieceView(". "),
    ]
    if let quality = results.quality {
      let missing = Findings.missing(quality.readings, subject)
      pieces += [
        PieceView("A classifier reads "),
        PieceView(Format.percent(quality.readings.sureShare, decimals: 1), to: "#quality"),
        PieceView(
          " of its pictures with more than 90% confidence, and \(Format.percent(quality.testReadings.sureShare, decimals: 1)) of the test images; \(missing). "
        ),
      ]
    }
    let check = results.memory.check
    if let limit = check.limits.last {
      pieces += [
        PieceView(
          "\(Format.count(limit.nearer)) of \(Wording.counted(check.count, "picture"))",
          to: "#copies"),
        PieceView(
          " \(limit.nearer == 1 ? "is" : "are") nearer to a training image than \(Format.percent(1 - limit.share, decimals: 0)) of the test images are."
        ),
      ]
    }
    if results.quality == nil {
      pieces.append(
        PieceView(
          " No classifier was given to read the pictures: how good they are was not measured."))
    }
    return pieces
  }

  /// The headline numbers.
  func numbers() -> [NumberView] {
    var numbers: [NumberView] = []
    if let quality = results.quality {
      let readings = quality.readings
      if let asked = readings.asAsked {
        numbers.append(
          NumberView(
            label: "Read as asked",
            value: Format.percent(
              Double(asked) / Double(max(1, readings.count)), decimals: 1), unit: "",
            note:
              "95% CI \(Interval.wilson(asked, of: readings.count).percent(decimals: 1)), n = \(Format.count(readings.count))"
          ))
      }
      numbers += [
        NumberView(
          label: "Read surely", value: Format.percent(readings.sureShare, decimals: 1), unit: "",
          note:
            "95% CI \(Interval.wilson(readings.sure, of: readings.count).percent(decimals: 1)), n = \(Format.count(readings.count))"
        ),
        NumberView(
          label: "Classes drawn", value: "\(readings.covered) of \(readings.counts.count)",
          unit: "", note: "each at least a tenth of an even share"),
        NumberView(
          label: "Fréchet distance", value: Format.significant(quality.frechet, 3), unit: "",
          note: "training images: \(Format.significant(quality.frechetFloor, 2))"),
        NumberView(
          label: "Precision", value: Format.percent(quality.precisionRecall.precision, decimals: 0),
          unit: "",
          note:
            "training images: \(Format.percent(quality.precisionRecallOfTraining.precision, decimals: 0))"
        ),
        NumberView(
          label: "Recall", value: Format.percent(quality.precisionRecall.recall, decimals: 0),
          unit: "",
          note:
            "training images: \(Format.percent(quality.precisionRecallOfTraining.recall, decimals: 0))"
        ),
      ]
    }
    if let coding = results.latentSpace?.autoencoder {
      numbers.append(
        NumberView(
          label: "Evidence bound", value: Format.fixed(coding.bound, 1), unit: "nats",
          note:
            "\(Format.count(coding.count)) test images"
            + (coding.interval.map {
              ", 95% CI \(Format.fixed($0.low, 1))–\(Format.fixed($0.high, 1))"
            } ?? "")))
    }
    // Six have room.
    if numbers.count < 6 {
      numbers.append(
        NumberView(
          label: "Parameters", value: Format.count(results.model.parameters), unit: "",
          note: "\(Format.count(results.model.parameters * 4 / 1024)) KB as float32"))
    }
    return numbers
  }

  /// What tells this report from another.
  func fingerprint() -> [LabelView] {
    [
      LabelView(name: "Data", text: Wording.short(subject.name)),
      LabelView(name: "Seed", text: String(results.model.seed)),
      LabelView(name: "Generator", text: context.model),
      LabelView(name: "Checkpoint", text: "sha256 \(results.model.sha256.prefix(12))"),
    ]
  }
}

extension ReportFigures {
  /// The first pictures, above all chapters.
  func firstDrawn(_ results: GeneratorResults) -> Illustration {
    let pictures = results.samples.pictures.pictures.map(\.picture)
    func grid(_ count: Int, columns: Int) -> ImageGrid {
      let shown = Array(pictures.prefix(count))
      return ImageGrid(
        [
          ImageGrid.Tile(
            Plate.sheet(shown, columns: columns), frame: nil,
            words: "\(shown.count) drawn pictures")
        ], scale: results.samples.pictures.sheetScale(columns: columns, room: 984))
    }
    return Illustration(
      text(
        .firstDrawn, "The first pictures that it drew, none left out.",
        "Each is drawn from other random numbers. A phone shows fewer.",
        alt: "Drawn pictures"),
      grid(32, columns: 16), narrow: grid(20, columns: 5))
  }
}

extension FigureName {
  static let firstDrawn = FigureName("first-drawn")
}
