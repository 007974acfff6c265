import Attribution
import Datasets
import Engine
import Evaluation
import Networks

extension Study {
  /// Test images that distances are measured on, images of a test of depth, and training images that its means are of.
  private static let (lookedAt, read, learned) = (100, 1000, 2000)
  /// Images whose attention is drawn.
  private static let drawnLooks = 2

  /// Images whose weights are held at once: of many places these are large.
  private static let lookedAtOnce = 10
  /// The likeness of more places than this is not kept: a number for each pair.
  private static let mostSquares = 256

  /// Where the network's places look; `nil` for one without squares and attention.
  package func attentionFacts() -> AttentionFacts? {
    guard let attention = SquareAttention(architecture),
      let rollout = try? AttentionRollout(architecture),
      let heads = attention.heads, predictions.probabilities.allSatisfy(\.isFinite)
    else { return nil }
    let sure = byConfidence(predictions.isCorrect).prefix(1)
    let drawn =
      sure + byConfidence { !predictions.isCorrect($0) }.prefix(Self.drawnLooks - sure.count)
    let images = sample(Self.lookedAt, for: "attention")
    let (depths, depthImages) = depths(attention)
    return AttentionFacts(
      layers: attention.layers.map(\.name), heads: heads, side: attention.side,
      grid: [attention.rows, attention.columns], source: attention.told,
      examples: drawn.map { look($0, attention, heads, rollout) },
      distances: distances(attention, heads, images), evenDistance: attention.evenDistance,
      count: images.count, positions: positions(attention), depths: depths,
      depthImages: depthImages)
  }

  private func look(
    _ image: Int, _ attention: SquareAttention, _ heads: Int, _ rollout: AttentionRollout
  ) -> AttentionFacts.Example {
    let pixels = test.floats([image])
    let size = attention.places * attention.places
    let looks = attention.layers.map { layer in
      Plane(
        shape: [heads, attention.rows, attention.columns],
        values: (executor.tracer.inner(pixels, of: layer.name) ?? []).chunks(of: size).flatMap {
          attention.answer(of: $0).suffix(attention.squares)
        }
      ).rounded()
    }
    let map = rollout.attribution(of: pixels, in: executor, for: [predictions.predicted[image]])
    let squares = (0..<attention.squares).map { square in
      let (row, column) = square.quotientAndRemainder(dividingBy: attention.columns)
      return map.scores[row * attention.side * test.width + column * attention.side]
    }
    return AttentionFacts.Example(
      example: example(image), looks: looks,
      rollout: Plane(shape: [attention.rows, attention.columns], values: squares).rounded())
  }

  private func distances(
    _ attention: SquareAttention, _ heads: Int, _ images: [Int]
  ) -> [[Estimate]] {
    let size = attention.places * attention.places
    return attention.layers.map { layer in
      var found = [[Double]](repeating: [], count: heads)
      for batch in images.chunks(of: Self.lookedAtOnce) {
        let looks = executor.tracer.inner(test.floats(batch), of: layer.name) ?? []
        for (place, look) in looks.chunks(of: size).enumerated() {
          found[place % heads].append(attention.distance(look))
        }
      }
      return found.map(Estimate.init)
    }
  }

  private func positions(_ attention: SquareAttention) -> Plane? {
    let entry = architecture.entries.first { $0.layer.exportForm == .positions }
    guard let entry, let values = network.tensor("\(entry.name).weight")?.values,
      entry.inputShape.count / entry.inputShape.channels == attention.places,
      (4...Self.mostSquares).contains(attention.squares)
    else { return nil }
    let rows = values.chunks(of: entry.inputShape.channels).suffix(attention.squares)
    let cosines = rows.flatMap { one in rows.map { Float(WeightChange.cosine(one, $0)) } }
    return Plane(shape: [rows.count, rows.count], values: cosines).rounded()
  }

  // MARK: Depth

  /// Where blocks end: the sums of the sequence before the next layer of attention, and what enters the first.
  private func stages(_ attention: SquareAttention) -> [Architecture.Entry] {
    let entries = architecture.entries
    let starts = attention.layers.compactMap { architecture.index(of: $0.name) }
    guard let first = starts.first else { return [] }
    func isStream(_ entry: Architecture.Entry) -> Bool {
      guard case .sequence(let length, _) = entry.outputShape else { return false }
      return length == attention.places
    }
    let blocks = zip(starts, starts.dropFirst() + [attention.end]).compactMap { start, end in
      entries[start..<end].last { $0.layer.family == .joint(.sum) && isStream($0) }
    }
    // What the first block adds to.
    let entering = entries[..<first].last { entry in
      isStream(entry) && entry.layer.family != .normalization(isAffineAtPrediction: false)
    }
    return [entering].compactMap { $0 } + blocks
  }

  /// How well the answer's place tells the classes apart at each depth: by the nearest mean of a class.
  private func depths(
    _ attention: SquareAttention
  ) -> (depths: [AttentionFacts.Depth], images: [Int]) {
    let stages = stages(attention)
    let asked = sample(Self.read, for: "depth")
    let shown = sample(Self.learned, of: split.train.count, for: "class means of depth")
    func places(_ set: LabeledImages, _ images: [Int]) -> [[[Float]]] {
      var found = [[[Float]]](repeating: [], count: stages.count)
      for batch in images.chunks(of: 100) {
        let values = executor.tracer.activations(
          set.floats(Array(batch)), of: stages.map(\.name))
        for (place, stage) in stages.enumerated() {
          found[place] += (values[stage.name] ?? []).chunks(of: stage.outputShape.count).map {
            attention.answer(of: $0)
          }
        }
      }
      return found
    }
    let (known, unknown) = (places(split.train, shown), places(test, asked))
    let depths = stages.enumerated().map { place, stage in
      let means = means(known[place], shown.map { split.train.labels[$0] })
      let right = zip(unknown[place], asked).count { values, image in
        Self.nearest(values, means) == predictions.labels[image]
      }
      return AttentionFacts.Depth(
        layer: stage.name, accuracy: Double(right) / Double(max(1, asked.count)),
        interval: .wilson(right, of: asked.count))
    }
    return (depths, [asked.count, shown.count])
  }

  private func means(_ rows: [[Float]], _ labels: [Int]) -> [[Float]?] {
    (0..<predictions.classes).map { label in
      let own = zip(rows, labels).filter { $0.1 == label }.map(\.0)
      guard let width = own.first?.count else { return nil }
      return (0..<width).map { i in own.reduce(0) { $0 + $1[i] } / Float(own.count) }
    }
  }

  /// The class whose mean is nearest, the first among equals.
  private static func nearest(_ values: [Float], _ means: [[Float]?]) -> Int? {
    means.indices.filter { means[$0] != nil }.min { a, b in
      func distance(_ label: Int) -> Float {
        zip(values, means[label] ?? []).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }
      return (distance(a), a) < (distance(b), b)
    }
  }
}

extension SquareAttention {
  /// Heads of each layer; `nil` if layers have different numbers of them, for they stand in columns.
  fileprivate var heads: Int? {
    let counts = Set(
      layers.compactMap { layer -> Int? in
        if case .attention(let heads) = layer.layer.exportForm { heads } else { nil }
      })
    return counts.count == 1 ? counts.first : nil
  }

  /// What gives the answer, as it is told.
  fileprivate var told: AttentionFacts.Source {
    if isAnsweredByToken { return .token }
    return source == .all ? .all : .square
  }

  /// How far the squares look, in the mean, in squares.
  fileprivate func distance(_ look: ArraySlice<Float>) -> Double {
    var (sum, total) = (0.0, 0.0)
    for t in 0..<squares {
      let row = look.startIndex + (t + leading) * places + leading
      for u in 0..<squares {
        let weight = Double(look[row + u])
        sum += weight * between(t, u)
        total += weight
      }
    }
    return total > 0 ? sum / total : 0
  }

  private func between(_ a: Int, _ b: Int) -> Double {
    let (down, across) = (Double(a / columns - b / columns), Double(a % columns - b % columns))
    return (down * down + across * across).squareRoot()
  }

  /// The distance of an even look.
  fileprivate var evenDistance: Double {
    distance([Float](repeating: 1 / Float(places), count: places * places)[...])
  }
}
