import Engine
import Networks

extension Executor {
  /// The target's logit, or its probability, for changed copies of each image, `[N][copies]`.
  ///
  /// - Parameters:
  ///   - images: pixels, `[N][C][H][W]`.
  ///   - targets: a class for each image.
  ///   - copies: how many changed copies of each image.
  ///   - asProbability: true for the probability.
  ///   - append: appends one copy of an image to a batch.
  /// - Returns: the scores.
  func targetScores(
    of images: [Float], _ targets: [Int], copies: Int,
    asProbability: Bool = false,
    append: (_ image: Int, _ copy: Int, _ batch: inout [Float]) -> Void
  ) -> [Float] {
    let size = network.architecture.inputShape.count
    let classes = network.architecture.outputs
    let total = targets.count * copies
    var scores: [Float] = []
    scores.reserveCapacity(total)
    // Some copies at a time, so that they do not fill the memory.
    for start in stride(from: 0, to: total, by: 2048) {
      let range = start..<min(start + 2048, total)
      var batch: [Float] = []
      batch.reserveCapacity(range.count * size)
      for place in range { append(place / copies, place % copies, &batch) }
      let logits = logits(batch)
      for (row, place) in range.enumerated() {
        let all = logits[row * classes..<(row + 1) * classes]
        let values = asProbability ? CrossEntropy.probabilities(Array(all)) : Array(all)
        scores.append(values[targets[place / copies]])
      }
    }
    return scores
  }
}

/// Square blocks that cover an image, those at its right and lower edge being cut off: what is switched on and off
/// together.
struct Blocks: Sendable {
  /// Number of blocks.
  let count: Int
  /// The block of each place, `[H][W]`.
  let ofPlace: [Int]
  /// How many places each has.
  let sizes: [Int]

  init(_ shape: ImageShape, side: Int) {
    let across = (shape.width + side - 1) / side
    ofPlace = (0..<shape.height).flatMap { y in
      (0..<shape.width).map { x in y / side * across + x / side }
    }
    count = (shape.height + side - 1) / side * across
    var sizes = [Int](repeating: 0, count: count)
    for block in ofPlace { sizes[block] += 1 }
    self.sizes = sizes
  }

  /// The target's logit of each image with only some of its blocks, `[N][masks]`.
  func scores(
    _ masks: [[Bool]], of images: [Float], _ baselines: Baseline.Rows, in executor: Executor,
    for targets: [Int]
  ) -> [Float] {
    let plane = ofPlace.count
    let size = baselines.size
    return executor.targetScores(of: images, targets, copies: masks.count) { image, copy, batch in
      let mask = masks[copy]
      let (pixels, base) = (image * size, baselines.start(image))
      for i in 0..<size {
        batch.append(mask[ofPlace[i % plane]] ? images[pixels + i] : baselines.values[base + i])
      }
    }
  }

  /// A map in which the numbers of a block share its value equally, so that a map adds up to the blocks' values.
  func map(_ values: some Collection<Double>, _ shape: ImageShape) -> [Float] {
    let shares = zip(values, sizes).map { Float($0 / Double($1 * shape.channels)) }
    return shape.repeated(ofPlace.map { shares[$0] })
  }
}

extension ImageShape {
  /// A value for each place as one for each number: the same in every channel.
  func repeated(_ places: [Float]) -> [Float] { (0..<channels).flatMap { _ in places } }
}
