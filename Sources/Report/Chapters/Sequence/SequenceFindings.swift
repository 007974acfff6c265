import Attribution
import Evaluation
import Figures
import Networks
import Study

extension Findings {
  /// After how many rows half of the images are read, and from when on nothing is gained beyond chance.
  static func earlyAnswers(_ facts: RecurrenceFacts) -> String {
    guard let whole = facts.accuracy.last, let half = facts.rowsForHalf else {
      return "How much it reads correctly after each row."
    }
    let words = "After \(half) of \(facts.rows) rows it reads half correctly"
    let end = "its \(Format.percent(whole, decimals: 1)) in the end"
    return facts.settled < facts.rows
      ? "\(words); from row \(facts.settled) on it cannot be told from \(end)."
      : "\(words), and it needs all of them for \(end)."
  }

  /// The same as an answer.
  static func rowsNeeded(_ facts: RecurrenceFacts, subject: Wording) -> String {
    guard let half = facts.rowsForHalf else {
      return "It never does: behind the last row it reads "
        + "\(Format.percent(facts.accuracy.last ?? 0, decimals: 1)) correctly."
    }
    return
      "After \(half) rows of \(facts.rows): then \(Format.percent(facts.accuracy[half - 1], decimals: 1)) are read "
      + "correctly. Rows above and below the \(subject.isInk ? "ink" : "object") say little, and many \(subject.nouns) begin "
      + "alike."
  }

  /// When answers settle.
  static func formingAnswers(_ facts: RecurrenceFacts) -> String {
    let rows = facts.examples.map(\.settled)
    guard let first = rows.min(), let last = rows.max(), first < last else {
      return "The answer forms while rows are read."
    }
    return
      "The answer forms while rows are read: here it is settled between row \(first) and row \(last)."
  }

  /// How much of the memory goes on.
  static func insideCell(_ facts: RecurrenceFacts) -> String {
    guard
      let gate = facts.inside.first(where: { [.forgetGate, .updateGate].contains($0.part) })
    else { return "The state changes with every row." }
    let values = gate.values.values
    let open = Double(values.count { $0 > 0.5 }) / Double(max(1, values.count))
    return "While this image is read, the \(gate.part.rawValue) stands more open than shut at "
      + "\(Format.percent(open, decimals: 0)) of all units and rows."
  }

  /// Which row is worth most.
  static func hiddenRows(_ facts: RecurrenceFacts) -> String {
    guard
      let most = facts.hidden.indices.max(by: { facts.hidden[$0].mean < facts.hidden[$1].mean }),
      facts.hidden[most].low > 0
    else { return "No single row is worth anything beyond chance: the others make up for it." }
    func points(_ share: Double) -> String { Format.fixed(100 * share, 1) }
    let cost = facts.hidden[most]
    return
      "Of single rows, row \(most + 1) is the costliest here: without it the true class loses \(points(cost.mean)) points "
      + "(95% \(points(cost.low)) to \(points(cost.high)), not corrected for being the largest of \(facts.rows))."
  }

  /// How much gradient is left for the first row.
  static func slopes(_ facts: RecurrenceFacts) -> String {
    func left(_ slopes: RecurrenceFacts.Slopes) -> Double? {
      guard let first = slopes.rows.first, let last = slopes.rows.last, last > 0 else { return nil }
      return first / last
    }
    func words(_ share: Double) -> String { Format.significant(share, 2) }
    let random = facts.slopes.filter { !$0.isTrained }
    guard let own = facts.slopes.first(where: \.isTrained).flatMap(left),
      let simple = random.first(where: { $0.cell == .rnn }).flatMap(left),
      let gated = random.first(where: { $0.cell == .lstm }).flatMap(left)
    else { return "How strongly the loss hangs on each row." }
    return
      "Of the last row’s gradient the first row gets \(words(simple)) in an untrained network without gates, "
      + "\(words(gated)) in an untrained LSTM, and \(words(own)) in this network, trained."
  }

  // MARK: Attention

  /// What is drawn.
  static func looks(_ facts: AttentionFacts) -> String {
    "Where the answer is gathered from: \(Wording.counted(facts.layers.count, "layer")) of "
      + "\(Wording.counted(facts.heads, "head")) each."
  }

  /// How far heads look.
  static func distances(_ facts: AttentionFacts) -> String {
    let all = Array(facts.distances.joined())
    guard let nearest = all.map(\.mean).min(), let farthest = all.map(\.mean).max(),
      Format.fixed(farthest, 1) != Format.fixed(nearest, 1)
    else { return "All heads look equally far." }
    func words(_ distance: Double) -> String { Format.fixed(distance, 1) }
    let near = all.count { $0.high < facts.evenDistance }
    return
      "Heads look between \(words(nearest)) and \(words(farthest)) squares far, where an even look goes "
      + "\(words(facts.evenDistance)): \(near) of \(all.count) look nearer than that, beyond chance."
  }

  /// What can be read at each depth.
  static func depths(_ facts: AttentionFacts) -> String {
    guard let first = facts.depths.first, let last = facts.depths.last, facts.depths.count > 1
    else {
      return "What can be read at each depth."
    }
    let half = facts.depths.firstIndex { $0.accuracy >= 0.5 }
    let end = "\(Format.percent(last.accuracy, decimals: 1)) behind the last"
    let words =
      facts.source == .token
      ? "Before the first block the class token is the same for every image and says nothing; it tells \(end)"
      : "\(Wording.capitalized(answerer(facts))) tells \(Format.percent(first.accuracy, decimals: 1)) before the first block and \(end)"
    return words + (half.map { $0 > 0 ? ", and half behind block \($0)." : "." } ?? ".")
  }

  /// What gives the answer.
  static func answerer(_ facts: AttentionFacts) -> String {
    switch facts.source {
    case .token: "the class token"
    case .square: "the square that gives the answer"
    case .all: "the mean over all places"
    }
  }

  /// How alike neighbours' positions are, and others'.
  static func positions(_ cosines: Plane, _ facts: AttentionFacts) -> String {
    let (columns, size) = (facts.grid[1], facts.grid[0] * facts.grid[1])
    var (near, far) = ([Double](), [Double]())
    for a in 0..<size {
      for b in a + 1..<size {
        let distance = abs(a / columns - b / columns) + abs(a % columns - b % columns)
        let cosine = Double(cosines.values[a * size + b])
        if distance == 1 { near.append(cosine) } else { far.append(cosine) }
      }
    }
    func mean(_ values: [Double]) -> String {
      Format.fixed(values.reduce(0, +) / Double(max(1, values.count)), 2)
    }
    return
      "How alike the learned positions are: neighbors \(mean(near)) in the mean, all others \(mean(far))."
  }

  /// Whether rollout finds what the answer hangs on, by the same test as every method.
  static func rollout(_ facts: ExplanationFacts) -> String {
    func card(_ name: String) -> ExplanationFacts.Card? { facts.cards.first { $0.name == name } }
    guard let rollout = card("rollout"), let random = facts.random, let gradient = card("gradient")
    else { return "It was not measured." }
    func area(_ card: ExplanationFacts.Card) -> String { Format.fixed(card.deletion.mean, 2) }
    let verdict =
      rollout.deletion.high < random.deletion.low
      ? "It finds more of it than chance"
      : rollout.deletion.low > random.deletion.high
        ? "It finds less of it than chance" : "It finds no more of it than chance"
    return
      "\(verdict): blanking pixels in the order of its map leaves the answer a mean probability of \(area(rollout)), in "
      + "random order \(area(random)), in the order of the gradient \(area(gradient)) (lower is better)."
  }
}
