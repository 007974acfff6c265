import Evaluation
import Figures
import Study

/// What is different from an earlier report, at the top of the page, as the template sees it.
struct SinceView {
  var title: String
  var sentences: [String]
  var rows: [SinceRowView]
}

/// A number then and now.
struct SinceRowView {
  var name: String
  var then: String
  var now: String
  var difference: String
}

extension SinceView {
  /// What is different from the earlier report to these results; `nil` without one.
  init?(_ results: StudyResults, subject: Wording) {
    guard let then = results.baseline else { return nil }
    let since = SinceLastTime(ReportSummary(results), since: then)
    title = Findings.since(since)
    sentences = [
      Findings.sinceNetwork(since), Findings.sinceImages(since, subject: subject),
      Findings.sinceClasses(since, subject: subject),
    ].compactMap { $0 }
    rows = Self.rows(since)
  }

  private static func rows(_ since: SinceLastTime) -> [SinceRowView] {
    let (then, now) = (since.then, since.now)
    func share(_ name: String, _ share: SinceLastTime.Share) -> SinceRowView {
      SinceRowView(
        name: name, then: Format.percent(share.then), now: Format.percent(share.now),
        difference: share.difference == 0
          ? "the same"
          : "\(Findings.points(apart: share.difference)) (\(Findings.points(within: share.interval)))"
            + (share.isBeyondChance ? "" : ": within chance"))
    }
    func number(
      _ name: String, _ then: Double?, _ now: Double?, _ words: (Double) -> String
    ) -> SinceRowView {
      let ends = [then, now].map { $0.map(words) ?? "–" }
      let difference = then.flatMap { then in now.map { $0 - then } }
      return SinceRowView(
        name: name, then: ends[0], now: ends[1],
        difference: difference.map {
          $0 == 0 ? "the same" : "\(words(abs($0))) \($0 < 0 ? "less" : "more"), no interval"
        } ?? "–")
    }
    return [
      share("Accuracy", since.accuracy),
      number("Test loss, nats", then.loss, now.loss) { Format.significant($0, 3) },
      number("Calibration error, points", then.calibrationError, now.calibrationError) {
        Format.fixed(100 * $0, 2)
      },
      number("Temperature that fits best", then.temperature, now.temperature) {
        Format.fixed($0, 2)
      },
    ]
      + (since.robustness.map {
        [share("Accuracy under PGD, ε = \(Format.significant($0.epsilon, 2))", $0.share)]
      } ?? [])
  }
}

extension Findings {
  /// Whether the network reads more than last time.
  static func since(_ since: SinceLastTime) -> String {
    let share = since.accuracy
    if since.then.model.sha256 == since.now.model.sha256, share.difference == 0 {
      return "Since last time nothing changed: it is the same checkpoint, as accurate as it was."
    }
    let words = "\(points(apart: share.difference)) (\(points(within: share.interval)))"
    return share.isBeyondChance
      ? "Since last time it reads \(words)."
      : "Since last time accuracy did not change beyond chance: \(words)."
  }

  /// What is another network or run.
  static func sinceNetwork(_ since: SinceLastTime) -> String {
    let (then, now) = (since.then.model, since.now.model)
    if then.sha256 == now.sha256 { return "It is the same checkpoint, \(Wording.short(now.name))." }
    var parts: [String] = []
    if then.name != now.name {
      parts.append("then \(Wording.short(then.name)), now \(Wording.short(now.name))")
    }
    if then.specification != now.specification {
      parts.append(
        "the layers were \(Wording.short(then.specification, limit: 120)) with \(Wording.counted(then.parameters, "parameter")) and are "
          + "\(Wording.short(now.specification, limit: 120)) with \(Wording.counted(now.parameters, "parameter"))"
      )
    }
    parts += since.settings.map { setting in
      "\(setting.title.lowercased()) was \(setting.then.map { Wording.short($0) } ?? "not set") and is "
        + (setting.now.map { Wording.short($0) } ?? "not set")
    }
    if then.run == nil || now.run == nil {
      parts.append("one of the checkpoints does not say how it was trained")
    }
    return parts.isEmpty
      ? "It is another checkpoint of the same layers and the same settings."
      : "It is another checkpoint: \(parts.joined(separator: "; "))."
  }

  /// What the images of both are to each other.
  static func sinceImages(_ since: SinceLastTime, subject: Wording) -> String {
    let (then, now) = (since.then, since.now)
    var words: String
    if then.dataset != now.dataset {
      words =
        "The data are others, then \(Wording.short(DataFacts.title(ofSet: then.dataset) ?? then.dataset)), now \(Wording.short(subject.name)): "
    } else {
      words = ""
    }
    switch since.testImages {
    case .same:
      words += "The test images are the same"
      if let flipped = since.accuracy.flipped {
        words +=
          ": \(Wording.counted(flipped.right, "image")) became right and \(Format.count(flipped.wrong)) wrong, which is what the test looks at"
      } else {
        words += ", but not all misread ones are named, so the two are compared as two samples"
      }
    case .others:
      words +=
        "\(words.isEmpty ? "The" : "the") test images are others (\(Format.count(then.count)) then, \(Format.count(now.count)) now), so the "
        + "two are compared as two samples, and the images may make the difference"
    case .unknown:
      words +=
        "The earlier report does not say which test images it used; there are as many, and the two are compared as two samples"
    }
    switch since.learnedImages {
    case .same: break
    case .others:
      words +=
        ". The training and validation images are others or divided otherwise (\(Format.count(then.counts[0])) and \(Format.count(then.counts[1])) "
        + "then, \(Format.count(now.counts[0])) and \(Format.count(now.counts[1])) now)"
    case .unknown: words += ". Whether it learned from the same training images is not known"
    }
    return words + "."
  }

  /// Which classes got better or worse.
  static func sinceClasses(_ since: SinceLastTime, subject: Wording) -> String {
    let (better, worse) = since.changedClasses
    func words(_ labels: [Int]) -> String {
      let recalls = since.recalls
      return Wording.list(
        labels.map { label in
          "\(subject.className(label)) (\(Format.percent(recalls[label].then, decimals: 1)) to \(Format.percent(recalls[label].now, decimals: 1)))"
        })
    }
    if better.isEmpty, worse.isEmpty {
      return "No class got better or worse by more than chance explains."
    }
    return [
      better.isEmpty ? "" : "Better by more than chance explains: \(words(better)).",
      worse.isEmpty ? "" : "Worse: \(words(worse)).",
    ].filter { !$0.isEmpty }.joined(separator: " ")
  }
}
