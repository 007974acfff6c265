import Attribution
import Datasets
import Engine
import Experiments
import Figures
import Networks

extension AttributeCommand {
  /// What `--judge --json` prints.
  struct Judgement: Encodable {
    /// A method's or a control's card, the keys as `ReportCard` has them.
    struct Card: Encodable {
      let card: ReportCard

      private enum Keys: String, CodingKey { case failsSanityCheck }

      func encode(to encoder: any Encoder) throws {
        try card.encode(to: encoder)
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(card.sanity.isFailed, forKey: .failsSanityCheck)
      }
    }

    let method: String
    let count: Int
    let seconds: Double
    @Nullable var convergenceDelta: Double?
    let cards: [Card]
    /// Methods that do not go with this network or these settings.
    let leftOut: [LeftOut]
    /// Why there is no check against random labels; `nil` if there is.
    @Nullable var randomLabelsMissing: String?
    let figures: [String]
  }

  /// A method that is not judged, and why.
  struct LeftOut: Encodable {
    let method: String
    let reason: String
  }

  /// The name that stands for every method.
  static let everyMethod = "all"

  /// What judging found.
  struct Verdict {
    /// The method's card, or all methods', then the controls'.
    let cards: [ReportCard]
    let leftOut: [LeftOut]
    let randomLabelsMissing: String?
    let count: Int
    let seconds: Double
  }

  /// Judges the method, or all, beside the controls.
  ///
  /// - Parameters:
  ///   - images: the images it is judged on, each as often as it has targets.
  ///   - targets: the class explained, one an image.
  ///   - executor: the network.
  ///   - background: training images.
  /// - Returns: the cards.
  /// - Throws: what reading a network of random labels throws.
  func judge(
    _ images: [Float], _ targets: [Int], _ executor: Executor, _ background: LabeledImages?
  ) throws -> Verdict {
    let clock = ContinuousClock()
    let start = clock.now
    let (methods, leftOut) = try judged(executor.network.architecture, background)
    let random = try ControlNetwork.randomLabels.network(
      beside: checkpoint.checkpoint, like: checkpoint.load())
    var line = ProgressLine()
    var cards: [ReportCard] = []
    for (name, method, isControl) in methods {
      line.update("judging \(name)", cards.count, of: methods.count, unit: "methods")
      cards.append(
        ReportCard(
          method, name: name, isControl: isControl, on: images, for: targets, in: executor,
          randomLabels: random, seed: seed.seed))
    }
    line.finish()
    let missing =
      random == nil
      ? "there is no \(ControlNetwork.randomLabels.path(beside: checkpoint.checkpoint)) that learned the same data; inkling train --random-labels with the same --model makes it"
      : nil
    return Verdict(
      cards: cards, leftOut: leftOut, randomLabelsMissing: missing, count: targets.count,
      seconds: (clock.now - start) / .seconds(1))
  }

  /// Prints what judging found, and what was drawn of the method, if it was one.
  func show(_ verdict: Verdict, result: Result?) throws {
    if output.json {
      return try JSONOutput.print(
        Judgement(
          method: method, count: verdict.count, seconds: verdict.seconds,
          convergenceDelta: result?.convergenceDelta,
          cards: verdict.cards.map(Judgement.Card.init), leftOut: verdict.leftOut,
          randomLabelsMissing: verdict.randomLabelsMissing, figures: result?.figures ?? []))
    }
    table(verdict.cards).forEach(Terminal.print)
    for (reason, methods) in Dictionary(grouping: verdict.leftOut, by: \.reason)
      .sorted(by: { $0.key < $1.key })
    {
      Terminal.print("left out \(methods.map(\.method).joined(separator: ", ")): \(reason)")
    }
    ((result?.figures ?? []) + [save].compactMap { $0 }).forEach(Terminal.print)
    if let missing = verdict.randomLabelsMissing {
      Terminal.inform("not checked against random labels: \(missing)")
    }
  }

  private typealias Judged = (name: String, method: any AttributionMethod, isControl: Bool)

  private func judged(
    _ network: Architecture, _ background: LabeledImages?
  ) throws -> (methods: [Judged], leftOut: [LeftOut]) {
    func made(_ name: String) throws(AttributionError) -> any AttributionMethod {
      try settings.method(name, for: network, background: background, seed: seed.seed)
    }
    let controls = Control.allCases.map { ("\($0.rawValue) map", $0, true) as Judged }
    guard method == Self.everyMethod else {
      return ([(method, try made(method), false)] + controls, [])
    }
    let (methods, leftOut) = everyMethod(for: network, background)
    return (methods.map { ($0.name, $0.method, false) } + controls, leftOut)
  }

  /// Of all methods those that go with a network, and why others do not.
  func everyMethod(
    for network: Architecture, _ background: LabeledImages?
  ) -> (methods: [(name: String, method: any AttributionMethod)], leftOut: [LeftOut]) {
    var (methods, leftOut): ([(name: String, method: any AttributionMethod)], [LeftOut]) = ([], [])
    for name in AttributionMethods.all.map(\.name) {
      do {
        methods.append(
          (
            name,
            try settings.method(name, for: network, background: background, seed: seed.seed)
          ))
      } catch {
        leftOut.append(LeftOut(method: name, reason: error.description))
      }
    }
    return (methods, leftOut)
  }

  private func table(_ cards: [ReportCard]) -> [String] {
    let columns: [(name: String, value: (ReportCard) -> Estimate)] = [
      ("deletion -", \.deletion), ("insertion +", \.insertion), ("road +", \.road),
      ("flipping -", \.pixelFlipping), ("infidelity -", \.infidelity),
      ("sensitivity -", \.maxSensitivity), ("residual -", \.completenessResidual),
      ("gini", \.gini), ("entropy", \.entropy),
    ]
    let texts = columns.map { column in
      [column.name]
        + cards.map { card in
          let estimate = column.value(card)
          let half = (estimate.high - estimate.low) / 2
          return "\(Format.significant(estimate.mean, 3)) ±\(Format.significant(half, 1))"
        }
    }
    let weights =
      ["no weights"]
      + cards.map {
        Format.significant($0.sanity.cascading.last?.similarity.mean ?? 0, 2)
          + ($0.sanity.isFailed ? " FAILS" : "")
      }
    let hasControl = cards.contains { $0.sanity.randomLabels != nil }
    let labels =
      ["random labels"]
      + cards.map { $0.sanity.randomLabels.map { Format.significant($0.mean, 2) } ?? "" }
    let table = TextTable(
      [["method"] + cards.map(\.method)] + texts + [weights] + (hasControl ? [labels] : []))
    return table.lines() + [
      "",
      "- lower is better, + higher is better; ± 95 % interval. No weights: rank correlation with",
      "the maps of a random network\(hasControl ? "; random labels: of one that learned such" : ""); above"
        + " \(Format.significant(SanityCheck.limit, 1)) a method FAILS.",
    ]
  }
}
