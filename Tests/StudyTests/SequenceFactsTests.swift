import Attribution
import Datasets
import Engine
import Evaluation
import Networks
import StudySupport
import TestSupport
import Testing

@testable import Study

/// What is found out about networks that read sequences.
@Suite struct SequenceFactsTests {
  private static let dataset = DrawnDigits.dataset(count: 900, testCount: 300)

  private func study(_ text: String) throws -> Study {
    let dataset = Self.dataset
    return Study(
      Study.Subject(
        name: "random",
        checkpoint: Checkpoint(
          network: try hashedNetwork(text), classes: dataset.classes, dataset: dataset.name,
          seed: 1), sha256: ""),
      on: dataset, split: Split(dataset, seed: 1), extent: .quick, pool: UntrainedStudy.pool)
  }

  @Test(arguments: ExportForm.Cell.allCases)
  func `a recurrent network is followed row by row`(cell: ExportForm.Cell) throws {
    let study = try study("rows \(cell.rawValue)(6) last linear(10)")
    let facts = try #require(study.recurrenceFacts())
    #expect(facts.cell == cell && facts.units == 6 && facts.rows == 28)
    // There are fewer test images than are asked for: the last share is that of all.
    let right = (0..<300).count(where: study.predictions.isCorrect)
    #expect(facts.count == study.predictions.count)
    #expect(facts.accuracy.last == Double(right) / Double(facts.count))
    for (share, interval) in zip(facts.accuracy, facts.intervals) {
      #expect(interval.contains(share))
    }
    for example in facts.examples {
      for (found, whole) in zip(example.answers.values.suffix(10), example.example.probabilities) {
        #expect(abs(found - whole) < 1e-5)
      }
      #expect((1...28).contains(example.settled))
    }
    #expect(facts.hidden.count == 28 && facts.probed > 0)
    for row in 0..<28 {
      for before in 0..<row { #expect(facts.forgetting.values[row * 28 + before] == 0) }
    }
    // What rows are credited with adds up to the logit of the true class, beside that of a blank image.
    #expect(facts.credited.count == 28 && (-1...1).contains(facts.agreement))
    let total = facts.credited.reduce(0) { $0 + $1.mean }
    let probed = study.sample(facts.probed, for: "hidden rows")
    let logits = study.executor.logits(study.test.floats(probed))
    let blank = study.executor.logits([Float](repeating: 0, count: 784))
    let gain = probed.enumerated().reduce(0.0) { sum, image in
      let label = study.predictions.labels[image.element]
      return sum + Double(logits[image.offset * 10 + label] - blank[label])
    }
    #expect(
      abs(total - gain / Double(probed.count)) < 0.02 * abs(gain) / Double(probed.count) + 1e-3)
    #expect(facts.slopes.map(\.cell) == [cell, .rnn, .lstm, .gru])
    #expect(facts.slopes.map(\.isTrained) == [true, false, false, false])
    for slopes in facts.slopes {
      #expect(slopes.rows.count == 28 && slopes.rows.allSatisfy { $0.isFinite && $0 > 0 })
    }
    try checkInside(facts, of: study)
  }

  /// The state follows from the gates and the memory.
  private func checkInside(_ facts: RecurrenceFacts, of study: Study) throws {
    func values(_ part: RecurrenceFacts.Part) throws -> [Float] {
      try #require(facts.inside.first { $0.part == part }).values.values
    }
    let state = try values(.state)
    #expect(state.count == 28 * 6)
    switch facts.cell {
    case .lstm:
      for (i, (output, memory)) in zip(try values(.outputGate), try values(.memory))
        .enumerated()
      {
        let e = exponential(2 * Double(memory))
        #expect(abs(Double(state[i]) - Double(output) * (e - 1) / (e + 1)) < 0.02)
      }
    case .gru:
      let (update, new) = (try values(.updateGate), try values(.newState))
      for i in 6..<state.count {
        let expected = (1 - update[i]) * new[i] + update[i] * state[i - 6]
        #expect(abs(state[i] - expected) < 0.03)
      }
    case .rnn: #expect(facts.inside.count == 1)
    }
  }

  @Test(arguments: [true, false]) func `attention is looked at`(hasToken: Bool) throws {
    let text =
      "patches(7) linear(8)\(hasToken ? " class-token" : "") positions 2*(residual(layernorm attention(2))"
      + " residual(layernorm linear(12) gelu linear(8))) layernorm \(hasToken ? "first" : "mean") linear(10)"
    let study = try study(text)
    let facts = try #require(study.attentionFacts())
    #expect(facts.layers == ["attention1", "attention2"] && facts.heads == 2)
    #expect(facts.grid == [4, 4] && facts.side == 7 && facts.source == (hasToken ? .token : .all))
    for example in facts.examples {
      #expect(example.looks.map(\.shape) == [[2, 4, 4], [2, 4, 4]])
      for look in example.looks {
        for head in look.values.chunks(of: 16) {
          let sum = head.reduce(0, +)
          #expect(hasToken ? sum < 1.01 : abs(sum - 1) < 0.1, "\(sum)")
        }
      }
    }
    // The mean distance of two squares of a 4 x 4 grid, written out.
    let squares = (0..<16).map { (Double($0 / 4), Double($0 % 4)) }
    let all = squares.flatMap { a in
      squares.map { b in
        ((a.0 - b.0) * (a.0 - b.0) + (a.1 - b.1) * (a.1 - b.1)).squareRoot()
      }
    }
    #expect(abs(facts.evenDistance - all.reduce(0, +) / 256) < 1e-6)
    let farthest = try #require(all.max())
    #expect(facts.distances.joined().allSatisfy { $0.mean > 0 && $0.mean < farthest })
    let positions = try #require(facts.positions)
    for square in 0..<16 { #expect(abs(positions.values[square * 17] - 1) < 0.01) }
    #expect(facts.depths.map(\.layer) == ["positions1", "add2", "add4"])
    if hasToken {
      // Before the first block the token is the same for every image, and nearest to the same mean.
      let labels = study.predictions.labels
      let shares = Set(
        (0..<10).map { label in
          Double(labels.count { $0 == label }) / Double(labels.count)
        })
      #expect(shares.contains(facts.depths[0].accuracy))
    }
  }

  @Test(arguments: [
    "patches(7) linear(8) class-token attention(2) first linear(10)",
    "rows lstm(4) last linear(10)",
    "patches(14) flatten linear(12) relu linear(10)", "flatten linear(12) relu linear(10)",
  ])
  func `a worked number and a ledger add up, or are left out`(text: String) throws {
    let study = try study(text)
    let worked = study.workedNumber(study.clearExample)
    if let worked {
      let products = zip(worked.window.values, worked.weights.values).map { Double($0 * $1) }
      #expect(abs(products.reduce(Double(worked.bias), +) - Double(worked.sum)) < 1e-4)
    }
    #expect((worked != nil) == text.hasPrefix("flatten"))
    let ledger = try #require(study.ledgerFacts())
    let told = ledger.entries.reduce(0) { $0 + $1.contributions[0] } + ledger.rest[0]
    #expect(abs(told + Double(ledger.biases[0]) - Double(ledger.logits[0])) < 1e-4)
  }

  @Test func `other networks have neither`() throws {
    let study = UntrainedStudy.study()
    #expect(study.recurrenceFacts() == nil && study.attentionFacts() == nil)
  }

  @Test(arguments: [
    "rows lstm(4) mean linear(10)", "rows class-token lstm(4) last linear(10)",
    "rows linear(4) attention(1) lstm(4) last linear(10)",
    "ensemble(rows lstm(4) last linear(10) | rows lstm(4) last linear(10))",
    "rows residual(lstm(28)) lstm(4) last linear(10)",
  ])
  func `nothing is stopped early where states look ahead or ways lead past them`(text: String)
    throws
  {
    #expect(try study(text).recurrenceFacts() == nil)
  }

  @Test func `what gives the answer is found, and sums behind the sequence are no blocks`() throws {
    let token = try #require(
      try study("patches(7) linear(8) class-token attention(2) mean linear(10)").attentionFacts())
    #expect(token.source == .all && token.depths.isEmpty == false)
    let square = try #require(
      try study("patches(7) linear(8) residual(attention(2)) last residual(linear(8)) linear(10)")
        .attentionFacts())
    #expect(square.source == .square && square.depths.map(\.layer) == ["linear1", "add1"])
    let grown = "patches(7) linear(8) attention(1) class-token attention(1) first linear(10)"
    #expect(try study(grown).attentionFacts() == nil)
    let twice =
      "ensemble(patches(7) attention(1) mean linear(10) | patches(14) attention(1) mean linear(10))"
    #expect(try study(twice).attentionFacts() == nil)
  }
}
