import Attribution
import Datasets
import Engine
import Evaluation
import Networks
import Randomness
import Representations

extension Study {
  /// Mistakes on the map of neighbours beside other test images.
  private static let mappedMistakes = 200
  /// Strangers that are shown to the network, and that are drawn.
  private static let (askedStrangers, drawnStrangers) = (1000, 10)

  /// More numbers than this are mixed: looking at all pairs of them takes too much memory.
  private static let mostNumbers = 1024

  /// What the last hidden layer says to images, and how many numbers that is for each.
  func codes(_ images: [Float]) -> (values: [Float], dimensions: Int) {
    guard let hidden = architecture.hiddenLayer,
      let values = executor.tracer.activations(images, of: [hidden.name])[hidden.name]
    else { return mixed(images, architecture.inputShape.count) }
    return mixed(values, hidden.outputShape.count)
  }

  private func mixed(_ values: [Float], _ dimensions: Int) -> (values: [Float], dimensions: Int) {
    RandomProjection.mixed(
      values, dimensions: dimensions, limit: Self.mostNumbers, seed: checkpoint.seed)
  }

  /// Images whose numbers are looked at together.
  private static let batch = 1024

  /// The images of a set that the last hidden layer finds most like each of some images.
  ///
  /// - Parameters:
  ///   - pixels: the images looked for, `[N][C][H][W]`.
  ///   - images: the places in the set of those that may be found.
  ///   - set: the set.
  ///   - count: how many are found for each.
  /// - Returns: for each image the nearest, the nearest first, with their Euclidean distances.
  func nearest(
    to pixels: [Float], among images: [Int], of set: LabeledImages, count: Int
  ) -> [[(distance: Float, image: Int)]] {
    let (wanted, dimensions) = codes(pixels)
    let queries = wanted.chunks(of: dimensions)
    var nearest = [[(distance: Float, image: Int)]](repeating: [], count: queries.count)
    for batch in images.chunks(of: Self.batch) {
      let found = codes(set.floats(batch)).values.chunks(of: dimensions)
      for (query, code) in queries.enumerated() {
        let added = zip(found, batch).map { other, image in
          let square = zip(code, other).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
          return (square.squareRoot(), image)
        }
        nearest[query] = Array((nearest[query] + added).sorted { $0 < $1 }.prefix(count))
      }
    }
    return nearest
  }

  /// Where it is unsure.
  ///
  /// - Parameter strangers: images of the network's shape that belong to none of its classes.
  /// - Returns: maps, slice, path, the least sure answers, and how sure it is of strangers.
  package func doubtFacts(_ strangers: [Strangers] = []) -> DoubtFacts {
    let mapped = sample(extent.mapped, for: "maps")
    let (count, isMapped) = (mapped.count, Set(mapped))
    let images = test.floats(mapped)
    let (values, dimensions) = codes(images)
    let components = PrincipalComponents(values, dimensions: dimensions)
    let numbers = mixed(images, test.imageSize)
    let pixels = PrincipalComponents(numbers.values, dimensions: numbers.dimensions)
    // Mistakes are few, and they are what the map is looked at for.
    let shown =
      mapped
      + byConfidence { !predictions.isCorrect($0) && !isMapped.contains($0) }.prefix(
        Self.mappedMistakes)
    let further = codes(test.floats(Array(shown[count...])))
    let places = Embedding.tsne.points(
      values + further.values, dimensions: dimensions, seed: checkpoint.seed, pool: pool)
    let path = path()
    let leastSure = byConfidence { predictions.isCorrect($0) }.suffix(20).reversed()
    let shuffled = test.selecting(sample(Self.askedStrangers, for: "shuffled pixels"))
      .withShuffledPixels(seed: checkpoint.seed)
    return DoubtFacts(
      layer: architecture.hiddenLayer?.name ?? "pixels",
      points: points(components.points, of: shown),
      explained: components.explained, leastSure: leastSure.map(example),
      neighborhood: points(places.chunks(of: 2).map(Array.init), of: shown), path: path.steps,
      pathShares: path.shares, ends: path.ends, pixelPoints: points(pixels.points, of: shown),
      slice: slice(),
      strangers: ([("shuffled pixels", shuffled)]
        + strangers)
        .map(stranger), confidence: Self.binned(predictions, 0..<predictions.count))
  }

  /// What is read between images, and nothing else of doubt.
  package func boundaryFacts() -> DoubtFacts {
    let path = path()
    return DoubtFacts(
      layer: "", points: [], explained: [], leastSure: [], path: path.steps,
      pathShares: path.shares, ends: path.ends, slice: slice())
  }

  private func points(_ places: [[Float]], of images: [Int]) -> [DoubtFacts.Point] {
    zip(places, images).map { place, image in
      DoubtFacts.Point(
        image: image, x: place[0], y: place.count > 1 ? place[1] : 0,
        label: predictions.labels[image], predicted: predictions.predicted[image])
    }
  }

  /// How many images were answered with a confidence in each of 20 equal bins.
  private static func binned(_ answers: Predictions, _ images: Range<Int>) -> [Int] {
    var bins = [Int](repeating: 0, count: 20)
    for image in images { bins[bin(answers.confidence(image))] += 1 }
    return bins
  }

  // MARK: Between images

  /// The plane through the surest images of the class that is misread most and of the two that it is taken for most.
  private func slice() -> DoubtFacts.Slice? {
    let confusion = EvaluationResult(predictions, classNames: checkpoint.classes).confusion
    let sure = byConfidence(predictions.isCorrect)
    let misread = confusion.indices.map { row in
      (row, confusion[row].indices.reduce(0) { $0 + ($1 == row ? 0 : confusion[row][$1]) })
    }
    let first = misread.max { ($0.1, $1.0) < ($1.1, $0.0) }?.0 ?? 0
    let others = confusion.indices.filter { $0 != first }.sorted {
      (confusion[first][$1], $0) < (confusion[first][$0], $1)
    }
    let corners = ([first] + others).compactMap { label in
      sure.first { predictions.labels[$0] == label }
    }.prefix(3)
    guard corners.count == 3 else { return nil }
    let images = corners.map { test.floats([$0]) }
    let range: ClosedRange<Float> = -0.25...1.25
    let probabilities = DecisionSlice.plane(
      through: (images[0], images[1], images[2]), in: executor, side: extent.sliceSide, range: range
    )
    let rows = probabilities.chunks(of: predictions.classes).map(Array.init)
    let predicted = rows.map(CrossEntropy.answer)
    return DoubtFacts.Slice(
      corners: corners.map(example), side: extent.sliceSide,
      range: [range.lowerBound, range.upperBound], predicted: predicted,
      confidence: zip(rows, predicted).map { $0[$1].isFinite ? Int((100 * $0[$1]).rounded()) : 0 })
  }

  // MARK: Strangers

  private func stranger(_ strangers: Strangers) -> DoubtFacts.Stranger {
    let images = strangers.images.selecting(
      sample(
        Self.askedStrangers, of: strangers.images.count, for: "strangers \(strangers.name)"))
    let count = images.count
    let answers = Predictions(of: executor, on: images)
    return DoubtFacts.Stranger(
      name: strangers.name, count: count, confidence: Self.binned(answers, 0..<count),
      sure: (0..<count).count { answers.confidence($0) > 0.9 },
      examples: (0..<min(Self.drawnStrangers, count)).map { image in
        ExampleFacts(
          index: image, label: answers.predicted[image], predicted: answers.predicted[image],
          probabilities: Array(answers.probabilities.chunks(of: answers.classes)[image]),
          pixels: plane(images.floats([image])))
      })
  }
}

extension LabeledImages {
  /// The images with the places of their pixels shuffled, in one way for all: they look like nothing, and have every
  /// pixel's number still.
  func withShuffledPixels(seed: UInt64) -> LabeledImages {
    let area = height * width
    var generator = SplitMix64(seed: seed, purpose: "shuffled pixels")
    let order = generator.permutation(area)
    return LabeledImages(
      channels: channels, height: height, width: width,
      pixels: pixels.indices.map { pixels[$0 - $0 % area + order[$0 % area]] }, labels: labels)
  }
}
