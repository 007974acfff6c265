import Networks
import Study

/// How a network reads a sequence: row by row, or squares that look at each other; left out for other networks.
struct SequenceChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    if let facts = results.recurrence { return outline(facts) }
    return results.attention.map(outline)
  }

  private func outline(_ facts: RecurrenceFacts) -> ChapterOutline {
    let last = facts.accuracy.count
    return ChapterOutline(
      id: "sequence", title: "Reading row by row",
      question: "How many rows does it need, and what does it remember of those that it has read?",
      goal:
        "You will be able to say what a recurrent network's state is, and why gates help it to learn.",
      paragraphs: [
        "This network never sees the whole \(subject.noun). It reads one row after the other, from top to bottom, "
          + "and carries a state of \(facts.units) numbers along. Behind the last row the state alone gives the answer.",
        Self.gates(facts.cell),
      ],
      notes: [
        (
          "One network, many steps",
          "The same weights are used at every row. \(last) rows are like \(last) layers on each other: a gradient goes all the "
            + "way back through them."
        )
      ],
      illustrations: [
        figure.earlyAnswers(facts), figure.formingAnswers(facts), figure.insideCell(facts),
        figure.hiddenRows(facts), figure.slopesThroughTime(facts),
      ])
  }

  /// What the cell does, in words.
  private static func gates(_ cell: ExportForm.Cell) -> String {
    switch cell {
    case .lstm:
      "An LSTM keeps a memory cell beside its state. At each row a forget gate says how much of it stays, an input gate how "
        + "much of what is new is written, and an output gate how much of it shows."
    case .gru:
      "A GRU has two gates: one says how much of the old state stays, the other how much of it counts for what is new."
    case .rnn:
      "Its cell has no gates: each row's numbers and the old state are weighted, added up and bent by a tanh."
    }
  }

  private func outline(_ facts: AttentionFacts) -> ChapterOutline {
    let squares = facts.grid[0] * facts.grid[1]
    return ChapterOutline(
      id: "sequence", title: "Squares that look at each other",
      question: "Where does it look, and does that show what its answer hangs on?",
      goal: "You will be able to read an attention map, and to say what it does not tell.",
      paragraphs: [
        "The \(subject.noun) is cut into \(squares) squares of \(facts.side) × \(facts.side) pixels. In every layer each square "
          + "asks a question, its query; every other has a key; the better a key answers, the more of that square's value is "
          + "taken. \(facts.heads) heads do this beside each other, each with its part of the numbers.",
        facts.source == .token
          ? "One further place, the class token, belongs to no square. It begins the same for every image and gathers the answer."
          : "The answer is read from \(Findings.answerer(facts)) behind the last layer.",
      ],
      notes: [
        (
          "Attention is no explanation",
          "A head says where numbers are fetched from, not what they are used for. Whether its maps find what the answer hangs "
            + "on is measured among the explanations, with the same test as every other method."
        )
      ],
      illustrations: [figure.looks(facts), figure.lookDistances(facts), figure.depths(facts)]
        + (facts.positions.map { [figure.positionLikeness($0, facts)] } ?? []))
  }
}
