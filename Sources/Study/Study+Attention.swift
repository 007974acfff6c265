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

  /// A network that cuts images into squares and lets them look at each other.
  private struct Looking {
    let layers: [Architecture.Entry]
    let heads: Int
    let side: Int
    let rows: Int
    let columns: Int
    let hasToken: Bool

    init?(_ architecture: Architecture) {
      var (layers, heads, side, hasToken) = ([Architecture.Entry](), Set<Int>(), Int?.none, false)
      for entry in architecture.entries {
        switch entry.layer.exportForm {
        case .attention(let count):
          layers.append(entry)
          heads.insert(count)
        case .patches(let length) where entry.inputs == [0]: side = length
        case .classToken: hasToken = true
        default: continue
        }
      }
      // Heads stand in columns: all layers have as many.
      guard let side, let count = heads.first, heads.count == 1 else { return nil }
      (self.layers, self.heads, self.side, self.hasToken) = (layers, count, side, hasToken)
      rows = architecture.inputShape.height / side
      columns = architecture.inputShape.width / side
      let places = rows * columns + (hasToken ? 1 : 0)
      guard layers.allSatisfy({ $0.inputShape.dimensions[0] == places }) else { return nil }
    }

    var squares: Int { rows * columns }
    /// Places before the squares' own.
    var first: Int { hasToken ? 1 : 0 }
    var places: Int { squares + first }

    /// Where the answer's place looks: of one image and head, a number for each square.
    func answer(_ look: ArraySlice<Float>) -> [Float] {
      if hasToken { return Array(look.prefix(places).suffix(squares)) }
      return (0..<squares).map { square in
        (0..<places).reduce(0) { $0 + look[look.startIndex + $1 * places + square] }
          / Float(places)
      }
    }

    /// The numbers of the answer's place of one image: of the token, or the mean over places.
    func answerPlace(_ values: ArraySlice<Float>, width: Int) -> [Float] {
      if hasToken { return Array(values.prefix(width)) }
      return (0..<width).map { i in
        (0..<places).reduce(0) { $0 + values[values.startIndex + $1 * width + i] } / Float(places)
      }
    }

    /// How far the squares look, in the mean, in squares.
    func distance(_ look: ArraySlice<Float>) -> Double {
      var (sum, total) = (0.0, 0.0)
      for t in 0..<squares {
        let row = look.startIndex + (t + first) * places + first
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
    var evenDistance: Double {
      distance([Float](repeating: 1 / Float(places), count: places * places)[...])
    }
  }

  /// Where the network's places look; `nil` for one without squares and attention.
  package func attentionFacts() -> AttentionFacts? {
    guard let looking = Looking(architecture),
      let rollout = try? AttentionRollout(architecture),
      predictions.probabilities.allSatisfy(\.isFinite)
    else { return nil }
    let sure = byConfidence(predictions.isCorrect).prefix(1)
    let drawn =
      sure + byConfidence { !predictions.isCorrect($0) }.prefix(Self.drawnLooks - sure.count)
    let count = sample(Self.lookedAt, for: "attention")
    let (depths, images) = depths(looking)
    return AttentionFacts(
      layers: looking.layers.map(\.name), heads: looking.heads, side: looking.side,
      grid: [looking.rows, looking.columns], hasToken: looking.hasToken,
      examples: drawn.map { look($0, looking, rollout) },
      distances: distances(looking, count), evenDistance: looking.evenDistance,
      count: count.count, positions: positions(looking), depths: depths, depthImages: images)
  }

  private func look(
    _ image: Int, _ looking: Looking, _ rollout: AttentionRollout
  ) -> AttentionFacts.Example {
    let pixels = test.floats([image])
    let size = looking.places * looking.places
    let looks = looking.layers.map { layer in
      Plane(
        shape: [looking.heads, looking.rows, looking.columns],
        values: (executor.tracer.inner(pixels, of: layer.name) ?? []).chunks(of: size).flatMap {
          looking.answer($0)
        }
      ).rounded()
    }
    let map = rollout.attribution(of: pixels, in: executor, for: [predictions.predicted[image]])
    let squares = (0..<looking.squares).map { square in
      let (row, column) = square.quotientAndRemainder(dividingBy: looking.columns)
      return map.scores[row * looking.side * test.width + column * looking.side]
    }
    return AttentionFacts.Example(
      example: example(image), looks: looks,
      rollout: Plane(shape: [looking.rows, looking.columns], values: squares).rounded())
  }

  private func distances(_ looking: Looking, _ images: [Int]) -> [[Double]] {
    let pixels = test.floats(images)
    let size = looking.places * looking.places
    return looking.layers.map { layer in
      var sums = [Double](repeating: 0, count: looking.heads)
      let looks = executor.tracer.inner(pixels, of: layer.name) ?? []
      for (place, look) in looks.chunks(of: size).enumerated() {
        sums[place % looking.heads] += looking.distance(look)
      }
      return sums.map { $0 / Double(max(1, images.count)) }
    }
  }

  private func positions(_ looking: Looking) -> Plane? {
    let entry = architecture.entries.first { $0.layer.exportForm == .positions }
    guard let entry, let values = network.tensor("\(entry.name).weight")?.values,
      entry.inputShape.dimensions[0] == looking.places
    else { return nil }
    let rows = values.chunks(of: entry.inputShape.channels).suffix(looking.squares).map(Array.init)
    let lengths = rows.map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let cosines = rows.indices.flatMap { a in
      rows.indices.map { b in
        let length = lengths[a] * lengths[b]
        return length > 0 ? zip(rows[a], rows[b]).reduce(0) { $0 + $1.0 * $1.1 } / length : 0
      }
    }
    return Plane(shape: [rows.count, rows.count], values: cosines).rounded()
  }

  // MARK: Depth

  /// Where blocks end: the sums before the next layer of attention, and what enters the first.
  private func stages(_ looking: Looking) -> [Architecture.Entry] {
    let entries = architecture.entries
    let starts = looking.layers.compactMap { architecture.index(of: $0.name) }
    guard let first = starts.first else { return [] }
    let blocks = zip(starts, starts.dropFirst() + [entries.count]).compactMap { start, end in
      entries[start..<end].last { $0.layer.family == .joint(.sum) }
    }
    // The stream of the first block is what its sum reads beside the block.
    let entering = blocks.first.flatMap { block in
      entries[..<first].last { entry in
        entry.outputShape == block.outputShape
          && entry.layer.family != .normalization(isAffineAtPrediction: false)
      }
    }
    return [entering].compactMap { $0 } + blocks
  }

  /// How well the answer's place tells the classes apart at each depth: by the nearest mean of a class.
  private func depths(_ looking: Looking) -> (depths: [AttentionFacts.Depth], images: [Int]) {
    let stages = stages(looking)
    let asked = sample(Self.read, for: "depth")
    let shown = sample(Self.learned, of: split.train.count, for: "class means of depth")
    func places(_ set: LabeledImages, _ images: [Int]) -> [[[Float]]] {
      var found = [[[Float]]](repeating: [], count: stages.count)
      for batch in images.chunks(of: 100) {
        let values = executor.tracer.activations(
          set.floats(Array(batch)), of: stages.map(\.name))
        for (place, stage) in stages.enumerated() {
          found[place] += (values[stage.name] ?? []).chunks(of: stage.outputShape.count).map {
            looking.answerPlace($0, width: stage.outputShape.channels)
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
