import Drawing
import Evaluation
import Figures
import Questions
import Study

/// How good the pictures are, by a classifier; without one it says what is left out.
struct DrawnQualityChapter: GeneratorChapter {
  let context: GeneratorContext

  var outline: ChapterOutline? {
    let facts = results.quality
    return ChapterOutline(
      id: "quality", title: "Quality",
      question: "How good are its pictures, and does it draw everything?",
      goal:
        "You will be able to tell a generator whose pictures are good from one that draws everything, and to say what a Fréchet distance means.",
      paragraphs: facts.map(paragraphs) ?? [Self.withoutClassifier],
      notes: facts == nil
        ? []
        : [
          (
            "What precision forgives",
            "A real image that is unlike all others reaches far, and whatever lies within its reach counts as believable: blur above all. "
              + "Read precision beside the share that is read surely."
          ),
          (
            "Too few pictures",
            "A Fréchet distance from few images is too large, by how much hangs on the features. So it is compared only with what as many "
              + "real images come to, never with numbers of other papers."
          ),
        ],
      illustrations: facts.map {
        [figure.readClasses($0), figure.frechet($0), figure.precisionRecall($0)]
      } ?? [])
  }

  /// What an image becomes.
  private static func features(_ facts: GeneratedQuality) -> String {
    facts.dimensions < facts.width
      ? "\(Wording.counted(facts.dimensions, "random mixture")) of its \(Wording.counted(facts.width, "number"))"
      : Wording.counted(facts.dimensions, "number")
  }

  private func paragraphs(_ facts: GeneratedQuality) -> [String] {
    let accuracy = Format.percent(Double(facts.correct) / Double(max(1, facts.testCount)))
    return [
      "\(Wording.capitalized(Wording.counted(facts.count, "picture"))) were drawn, none left out, and read by \(Wording.short(facts.classifier)), a classifier that reads \(accuracy) of "
        + "\(Wording.all(facts.testCount, "test image")) right. It always answers something, so what it is sure of need not be "
        + "\(subject.isDigits ? "a good digit" : "a good image"); but of as many test images it is sure of \(Format.percent(facts.testReadings.sureShare, decimals: 1)).",
      "For the other measures each image is what the classifier’s last hidden layer, \(facts.layer), makes of it: \(Self.features(facts)), near for what looks alike "
        + "to it. The pictures are held against \(Wording.counted(facts.count, "test image")); as many training images, held against the same, show what real images come to.",
    ]
  }

  var questions: [Question] {
    guard let facts = results.quality else { return [] }
    let classes = facts.readings.counts.count
    let even = Double(facts.count) / Double(max(1, classes))
    return [
      Question(
        "generator-collapse",
        "A generator draws one perfect \(subject.noun) over and over. What do precision and recall say?",
        .choice(
          Question.Choice(
            [
              "High precision, low recall", "Low precision, high recall", "Both high", "Both low",
            ],
            right: [0],
            reply:
              "Precision asks whether what is drawn is believable, recall whether all that there is can be drawn."
          )),
        answer:
          "Precision is high, for each picture lies among real ones; recall is low, for hardly any real image lies near a picture. That is mode collapse."
      ),
      Question(
        "generator-even-share",
        "If it drew all \(classes) classes equally often, how many of the \(Format.count(facts.count)) pictures would be of each?",
        .number(Question.Number(even, tolerance: 0.5, near: 0.05 * even)),
        answer:
          "\(Format.significant(even, 4)). A class counts as covered here from a tenth of that; \(Findings.missing(facts.readings, subject))."
      ),
    ]
  }
}

extension ReportFigures {
  /// How often each class is read.
  func readClasses(_ facts: GeneratedQuality) -> Illustration {
    let (own, test) = (facts.readings, facts.testReadings)
    func share(_ count: Int, _ readings: SampleReadings) -> Double {
      Double(count) / Double(max(1, readings.count))
    }
    // Of many classes the rarest and the commonest.
    let order = own.counts.indices.sorted { (own.counts[$0], $0) < (own.counts[$1], $1) }
    let shown = order.count <= 30 ? Array(own.counts.indices) : order.prefix(15) + order.suffix(15)
    let rows = shown.map { label in
      IntervalDots.Row(
        subject.className(label), value: share(own.counts[label], own),
        interval: Interval.wilson(own.counts[label], of: own.count).range,
        other: share(test.counts[label], test),
        ink: own.missing.contains(label) ? .wrong : .ink)
    }
    let asked = own.asAsked.map {
      " \(Format.percent(share($0, own), decimals: 1)) (95% interval \(Interval.wilson($0, of: own.count).percent(decimals: 1))) are read as the class that was asked for."
    }
    return Illustration(
      text(
        .readClasses, Findings.readings(facts, subject),
        "Share of the pictures read as each class, with its 95% interval, and of as many test images. With more than 90% confidence it reads "
          + "\(Format.percent(own.sureShare, decimals: 1)) of the pictures (95% interval \(Interval.wilson(own.sure, of: own.count).percent(decimals: 1))) and \(Format.percent(test.sureShare, decimals: 1)) of the test images.\(asked ?? "")",
        method:
          "n = \(Format.count(own.count)) pictures and \(Format.count(test.count)) test images. \(shown.count < order.count ? "The \(shown.count / 2) rarest and the \(shown.count / 2) commonest classes. " : "")A class counts as missing below a tenth of an even share."
      ),
      IntervalDots([
        IntervalDots.Panel("pictures", other: "test images", rows: rows)
      ]), width: 664)
  }

  /// The Fréchet distance beside its floor.
  func frechet(_ facts: GeneratedQuality) -> Illustration {
    func words(_ value: Double) -> String { Format.significant(value, 3) }
    return Illustration(
      text(
        .frechet,
        facts.frechetRatio.isFinite
          ? "The Fréchet distance of the pictures is \(Format.significant(facts.frechetRatio, 2)) times that of training images."
          : "The Fréchet distance of the pictures from the test images.",
        "The Fréchet distance compares mean and covariance of \(facts.layer)’s \(facts.dimensions) features: 0 only if both agree. It has no unit, and "
          + "another classifier gives others. The floor is that of as many training images, which the classifier knows better than fresh ones: "
          + "it may lie a little too high.",
        method:
          "n = \(Format.count(facts.count)) on each side. The distance is |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2(Σ₁Σ₂)^½); one draw of pictures and of images."
      ),
      BarRows(
        [
          BarRows.Row(
            "pictures", value: facts.frechet, valueText: words(facts.frechet), isHighlighted: true),
          BarRows.Row(
            "training images (floor)", value: facts.frechetFloor,
            valueText: words(facts.frechetFloor)),
        ], title: "Fréchet distance from the test images"), width: 664)
  }

  /// Precision and recall beside those of real images.
  func precisionRecall(_ facts: GeneratedQuality) -> Illustration {
    let (own, real) = (facts.precisionRecall, facts.precisionRecallOfTraining)
    return Illustration(
      text(
        .precisionRecall, Findings.precisionRecall(facts),
        "Precision: the share of the pictures that lie among test images. Recall: the share of the test images that lie among pictures. With "
          + "95% intervals; beside them what as many training images come to.",
        method:
          "Among is: no further from some image than that is from its third nearest neighbor of its own kind, in the features of \(facts.layer) (Kynkäänniemi et al., "
          + "2019). n = \(Format.count(own.count)) on each side."),
      IntervalDots(
        [
          IntervalDots.Panel(
            "pictures", other: "training images",
            rows: [
              IntervalDots.Row(
                "precision", value: own.precision,
                interval: Interval.wilson(own.believable, of: own.count).range,
                other: real.precision),
              IntervalDots.Row(
                "recall", value: own.recall,
                interval: Interval.wilson(own.covered, of: own.realCount).range, other: real.recall),
            ])
        ], bounds: 0...1), width: 664)
  }
}

extension Findings {
  /// Which classes are hardly ever drawn, within a sentence.
  static func missing(_ readings: SampleReadings, _ subject: Wording) -> String {
    let missing = readings.missing.map(subject.className)
    switch missing.count {
    case 0: return "all \(readings.counts.count) classes are covered"
    case 1...12: return "missing \(missing.count == 1 ? "is" : "are") \(Wording.list(missing))"
    default: return "\(missing.count) of the \(readings.counts.count) classes are missing"
    }
  }

  /// What is read, and whether the generator has collapsed.
  static func readings(_ facts: GeneratedQuality, _ subject: Wording) -> String {
    let readings = facts.readings
    let sure =
      "\(Format.percent(readings.sureShare, decimals: 1)) of the pictures are read with more than 90% confidence"
    return readings.missing.isEmpty
      ? "\(sure), and all \(readings.counts.count) classes are drawn."
      : "Mode collapse: \(missing(readings, subject)). \(sure)."
  }

  /// Which of the two is the weaker side.
  static func precisionRecall(_ facts: GeneratedQuality) -> String {
    let (own, real) = (facts.precisionRecall, facts.precisionRecallOfTraining)
    let words =
      "Precision is \(Format.percent(own.precision, decimals: 0)), recall \(Format.percent(own.recall, decimals: 0))"
    // Only what the intervals of both bear out is said.
    let (believable, covered) = (
      Interval.wilson(own.believable, of: own.count).high
        < Interval.wilson(real.believable, of: real.count).low,
      Interval.wilson(own.covered, of: own.realCount).high
        < Interval.wilson(real.covered, of: real.realCount).low
    )
    switch (believable, covered) {
    case (true, true):
      return "\(words): it falls short of real images in being believable and in covering all."
    case (true, false): return "\(words): it falls short of real images in being believable."
    case (false, true): return "\(words): it falls short of real images in covering all."
    case (false, false): return "\(words): no measurable difference from real images."
    }
  }
}

extension FigureName {
  static let readClasses = FigureName("read-classes")
  static let frechet = FigureName("frechet")
  static let precisionRecall = FigureName("precision-recall")
}
