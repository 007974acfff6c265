import Attribution
import Evaluation
import Figures
import Study

extension Findings {
  /// After how many rows half of the images are read, and from when on nothing is gained beyond chance.
  static func earlyAnswers(_ facts: RecurrenceFacts) -> String {
    guard let whole = facts.accuracy.last, let last = facts.intervals.last,
      let half = facts.rowsForHalf,
      let full = facts.intervals.firstIndex(where: { $0.overlaps(last) })
    else { return "How much it reads correctly after each row." }
    let words = "After \(half) of \(facts.rows) rows it reads half correctly"
    return full + 1 < facts.rows
      ? "\(words); from row \(full + 1) on it cannot be told from its final \(Format.percent(whole, decimals: 1))."
      : "\(words), and it needs all of them for its \(Format.percent(whole, decimals: 1))."
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
      let gate = facts.inside.first(where: { ["forget gate", "update gate"].contains($0.name) })
    else { return "The state changes with every row." }
    let values = gate.values.values
    let open = Double(values.count { $0 > 0.5 }) / Double(max(1, values.count))
    return "While this image is read, the \(gate.name) stands more open than shut at "
      + "\(Format.percent(open, decimals: 0)) of all units and rows."
  }

  /// Which row is worth most.
  static func hiddenRows(_ facts: RecurrenceFacts) -> String {
    guard
      let most = facts.hidden.indices.max(by: { facts.hidden[$0].mean < facts.hidden[$1].mean }),
      facts.hidden[most].low > 0
    else { return "No single row is worth anything beyond chance: the others make up for it." }
    let rows = facts.rows
    let (at, end) = (
      facts.forgetting.values[most * rows + most], facts.forgetting.values[most * rows + rows - 1]
    )
    return
      "Row \(most + 1) is worth most: without it the true class loses \(Format.percent(facts.hidden[most].mean, decimals: 1))"
      + " (95% \(Format.percent(facts.hidden[most].low, decimals: 1)) to \(Format.percent(facts.hidden[most].high, decimals: 1)))"
      + (at > 0
        ? ", and behind the last row \(Format.percent(Double(end / at), decimals: 0)) of its lack is still felt."
        : ".")
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
      let simple = random.first(where: { $0.cell == "rnn" }).flatMap(left),
      let gated = random.first(where: { $0.cell == "lstm" }).flatMap(left)
    else { return "How strongly the loss hangs on each row." }
    return
      "Untrained, a cell without gates leaves the first row \(words(simple)) of the last row’s gradient, an LSTM "
      + "\(words(gated)); this network, trained, \(words(own))."
  }

  // MARK: Attention

  /// Whether the heads of one layer look alike.
  static func looks(_ facts: AttentionFacts) -> String {
    let spread = facts.distances.map { ($0.max() ?? 0) - ($0.min() ?? 0) }
    guard facts.heads > 1, let widest = spread.indices.max(by: { spread[$0] < spread[$1] }) else {
      return "Where the answer is gathered from, layer by layer."
    }
    return
      "Where the answer is gathered from: heads share the work, most unlike in \(facts.layers[widest])."
  }

  /// How far heads look.
  static func distances(_ facts: AttentionFacts) -> String {
    let all = facts.distances.joined()
    guard let nearest = all.min(), let farthest = all.max(), farthest > nearest else {
      return "All heads look equally far."
    }
    func words(_ distance: Double) -> String { Format.fixed(distance, 1) }
    let near = all.count { $0 < 0.75 * facts.evenDistance }
    return
      "Heads look between \(words(nearest)) and \(words(farthest)) squares far, where an even look goes "
      + "\(words(facts.evenDistance)): \(near) of \(all.count) stay clearly nearer."
  }

  /// Where the answer appears.
  static func depths(_ facts: AttentionFacts) -> String {
    guard let first = facts.depths.first, let last = facts.depths.last, facts.depths.count > 1
    else {
      return "What can be read at each depth."
    }
    let half = facts.depths.firstIndex { $0.accuracy >= 0.5 }
    let place = facts.hasToken ? "The class token" : "The mean place"
    return
      "\(place) knows \(Format.percent(first.accuracy, decimals: 1)) before the first block and "
      + "\(Format.percent(last.accuracy, decimals: 1)) behind the last"
      + (half.map { $0 > 0 ? "; half is known behind block \($0)." : "." } ?? ".")
  }

  /// Whether neighbours have like positions.
  static func positions(_ cosines: Plane, _ facts: AttentionFacts) -> String {
    let (columns, size) = (facts.grid[1], facts.grid[0] * facts.grid[1])
    var (near, far) = ([Double](), [Double]())
    for a in 0..<size {
      for b in 0..<size where a != b {
        let distance = abs(a / columns - b / columns) + abs(a % columns - b % columns)
        let cosine = Double(cosines.values[a * size + b])
        if distance == 1 { near.append(cosine) } else { far.append(cosine) }
      }
    }
    let (one, other) = (Estimate(near), Estimate(far))
    guard one.low > other.high else {
      return
        "The learned positions of neighbors are not more alike than others: the network knows places, not their order."
    }
    return
      "Neighbors have learned like positions: cosine \(Format.fixed(one.mean, 2)) in the mean, "
      + "\(Format.fixed(other.mean, 2)) for all others."
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
