import Attribution
import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Test images on which a row's worth is measured, and on which reading is stopped early.
  private static let (probedImages, stoppedImages) = (100, 1000)
  /// Images whose answers are followed row by row.
  private static let followedImages = 6

  /// What a recurrent network reads with: rows, a recurrent layer, and its last state.
  private struct Reading {
    let rows: Architecture.Entry
    let recurrence: Architecture.Entry
    let end: Architecture.Entry
    let cell: ExportForm.Cell
    let units: Int

    /// Nothing may stand beside the way from the rows to the last state, and nothing on it may look ahead.
    init?(_ architecture: Architecture) {
      let entries = architecture.entries
      let end = entries.firstIndex { $0.layer.exportForm == .selection(.last) }
      guard let end, end > 1, entries[0].layer.exportForm == .rows, architecture.isPassedByAll(end),
        (1...end).allSatisfy({ entries[$0].inputs == [$0] }),
        case .recurrence(let cell, let units) = entries[end - 1].layer.exportForm
      else { return nil }
      let rows = entries[0]
      for entry in entries[1..<end] {
        guard case .sequence(let length, _) = entry.outputShape,
          length == rows.outputShape.dimensions[0]
        else { return nil }
        switch entry.layer.exportForm {
        case .linear, .layerNormalization, .activation, .dropout, .gaussianNoise, .positions,
          .recurrence:
          continue
        case .convolution, .batchNormalization, .groupNormalization, .pooling, .globalPooling,
          .flattening, .unflattening, .upsampling, .rows, .patches, .selection, .meanOfPlaces,
          .classToken, .attention, .sampling, .sum, .concatenation, .mixture:
          return nil
        }
      }
      (self.rows, recurrence, self.end) = (rows, entries[end - 1], entries[end])
      (self.cell, self.units) = (cell, units)
    }
  }

  /// How the network reads row by row; `nil` unless the last state of a recurrent layer over an image's rows gives the answer.
  package func recurrenceFacts() -> RecurrenceFacts? {
    guard let reading = Reading(architecture),
      predictions.probabilities.allSatisfy(\.isFinite)
    else { return nil }
    let stopped = sample(Self.stoppedImages, for: "rows")
    let early = earlyAnswers(reading, stopped).map { answers in
      zip(answers, stopped).map { $0 == predictions.labels[$1] }
    }
    let rights = early.map { $0.count { $0 } }
    let sure = byConfidence(predictions.isCorrect)
    let followed =
      (0..<predictions.classes).compactMap { label in
        sure.first { predictions.labels[$0] == label }
      }.prefix(Self.followedImages / 2)
      + byConfidence { !predictions.isCorrect($0) }.prefix(Self.followedImages / 2)
    let probed = Array(sample(Self.probedImages, for: "hidden rows"))
    let (hidden, forgetting) = hiddenRows(reading, probed)
    let credited = creditedRows(probed)
    return RecurrenceFacts(
      layer: reading.recurrence.name, cell: reading.cell, units: reading.units,
      accuracy: rights.map { Double($0) / Double(max(1, stopped.count)) },
      intervals: rights.map { .wilson($0, of: stopped.count) },
      settled: Self.settled(early), count: stopped.count,
      examples: followed.map { image in
        RecurrenceFacts.Example(
          example: example(image),
          answers: Plane(
            shape: [reading.rows.outputShape.dimensions[0], predictions.classes],
            values: earlyLogits(reading, [image]).flatMap(CrossEntropy.probabilities)
          ))
      }, inside: followed.first.map { inside(reading, $0) } ?? [], hidden: hidden,
      credited: credited,
      agreement: RankCorrelation.spearman(
        hidden.map { Float($0.mean) }, credited.map { Float($0.mean) }),
      forgetting: forgetting.rounded(), probed: probed.count, slopes: slopes(reading, probed))
  }

  // MARK: Stopping early

  /// For each row the logits of each image if reading stops there, `[row][image * classes]`.
  private func earlyLogits(_ reading: Reading, _ images: [Int]) -> [[Float]] {
    let pixels = test.floats(images)
    let name = reading.recurrence.name
    let states = executor.tracer.activations(pixels, of: [name])[name] ?? []
    let (rows, units) = (reading.recurrence.outputShape.dimensions[0], reading.units)
    return (0..<rows).map { row in
      let ends = images.indices.flatMap { image -> ArraySlice<Float> in
        let start = (image * rows + row) * units
        return states[start..<start + units]
      }
      return executor.tracer.logits(
        ends, from: reading.end.name, of: Array(pixels.prefix(test.imageSize)))
    }
  }

  /// For each row the class that is read in each image if reading stops there.
  private func earlyAnswers(_ reading: Reading, _ images: [Int]) -> [[Int]] {
    var answers: [[Int]] = []
    for batch in images.chunks(of: 100) {
      for (row, logits) in earlyLogits(reading, Array(batch)).enumerated() {
        if answers.count == row { answers.append([]) }
        answers[row] += logits.chunks(of: predictions.classes).map { CrossEntropy.answer($0) }
      }
    }
    return answers
  }

  /// The rows, counted from 1, from which on the answers are not told from those in the end: by pairs of images, at 5 %.
  private static func settled(_ right: [[Bool]]) -> Int {
    guard let whole = right.last else { return 0 }
    let differing = right.lastIndex { PairedCounts(first: $0, second: whole).pValue < 0.05 }
    return (differing ?? -1) + 2
  }

  // MARK: Inside

  /// Units that are kept of what is inside.
  private static let keptUnits = 128

  private func inside(_ reading: Reading, _ image: Int) -> [RecurrenceFacts.Inside] {
    let pixels = test.floats([image])
    let name = reading.recurrence.name
    let states = executor.tracer.activations(pixels, of: [name])[name] ?? []
    let numbers = executor.tracer.inner(pixels, of: name) ?? []
    let (units, lists) = (reading.units, reading.cell.gates + 1)
    let rows = states.count / units
    func plane(_ values: [Float]) -> Plane {
      Plane(shape: [rows, units], values: values).rounded()
    }
    func list(_ place: Int) -> [Float] {
      (0..<rows).flatMap { row -> ArraySlice<Float> in
        let start = (row * lists + place) * units
        return numbers[start..<start + units]
      }
    }
    let parts: [(RecurrenceFacts.Part, Int)] =
      switch reading.cell {
      case .rnn: []
      case .lstm:
        [(.memory, 4), (.inputGate, 0), (.forgetGate, 1), (.newMemory, 2), (.outputGate, 3)]
      case .gru: [(.resetGate, 0), (.updateGate, 1), (.newState, 2)]
      }
    return [RecurrenceFacts.Inside(part: .state, values: plane(states))]
      + parts.map { RecurrenceFacts.Inside(part: $0, values: plane(list($1))) }
  }

  // MARK: Rows left out

  /// What a blanked row costs, and how long the state remembers it.
  private func hiddenRows(
    _ reading: Reading, _ images: [Int]
  ) -> (cost: [Estimate], forgetting: Plane) {
    let name = reading.recurrence.name
    let (rows, units) = (reading.rows.outputShape.dimensions[0], reading.units)
    let labels = images.map { predictions.labels[$0] }
    let pixels = test.floats(images)
    func run(_ pixels: [Float]) -> (odds: [Double], states: [Float]) {
      let states = executor.tracer.activations(pixels, of: [name])[name] ?? []
      let logits = executor.logits(pixels)
      let odds = logits.chunks(of: predictions.classes).enumerated().map { image, logits in
        Double(CrossEntropy.probabilities(Array(logits))[labels[image]])
      }
      return (odds, states)
    }
    let whole = run(pixels)
    var costs: [Estimate] = []
    var distances = [Float](repeating: 0, count: rows * rows)
    for row in 0..<rows {
      var blanked = pixels
      for line in 0..<images.count * test.channels {
        let start = (line * test.height + row) * test.width
        for pixel in start..<start + test.width { blanked[pixel] = 0 }
      }
      let without = run(blanked)
      costs.append(Estimate(zip(whole.odds, without.odds).map { $0 - $1 }))
      for later in row..<rows {
        let parts = images.indices.map { image -> Double in
          let place = (image * rows + later) * units..<(image * rows + later + 1) * units
          let size = whole.states[place].length
          let distance = zip(whole.states[place], without.states[place]).lazy.map { $0 - $1 }.length
          return size > 0 ? distance / size : 0
        }
        distances[row * rows + later] = Float(parts.reduce(0, +) / Double(max(1, parts.count)))
      }
    }
    return (costs, Plane(shape: [rows, rows], values: distances))
  }

  /// What each row is credited with for the true class, by integrated gradients from a blank image.
  private func creditedRows(_ images: [Int]) -> [Estimate] {
    let maps = IntegratedGradients().attribution(
      of: test.floats(images), in: executor, for: images.map { predictions.labels[$0] })
    let (height, width, lines) = (test.height, test.width, test.channels * test.height)
    return (0..<height).map { row in
      Estimate(
        images.indices.map { image in
          (0..<test.channels).reduce(0.0) { sum, channel in
            let start = (image * lines + channel * height + row) * width
            return sum + maps.scores[start..<start + width].reduce(0.0) { $0 + Double($1) }
          }
        })
    }
  }

  // MARK: Gradients through time

  private func slopes(_ reading: Reading, _ images: [Int]) -> [RecurrenceFacts.Slopes] {
    let own = RecurrenceFacts.Slopes(
      cell: reading.cell, isTrained: true,
      rows: slopes(of: executor, images, reading.rows.name))
    return [own]
      + ExportForm.Cell.allCases.compactMap { cell in
        guard
          let other = try? Architecture(
            architecture.specification.remembering(by: cell), inputShape: architecture.inputShape)
        else { return nil }
        let network = Network.untrained(
          other, normalization: network.normalization, seed: checkpoint.seed)
        return RecurrenceFacts.Slopes(
          cell: cell, isTrained: false,
          rows: slopes(of: Executor(network, pool: pool), images, reading.rows.name))
      }
  }

  /// The mean length of the loss's gradient with respect to each row.
  private func slopes(of executor: Executor, _ images: [Int], _ rows: String) -> [Double] {
    let trace = executor.tracer.trace(
      test.floats(images), of: .crossEntropy(images.map { predictions.labels[$0] }),
      keeping: [rows])
    let width = test.channels * test.width
    var sums = [Double](repeating: 0, count: test.height)
    for (place, row) in (trace.gradients[rows] ?? []).chunks(of: width).enumerated() {
      sums[place % test.height] += row.length
    }
    return sums.map { $0 / Double(max(1, images.count)) }
  }
}
