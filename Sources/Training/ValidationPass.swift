import Datasets
import Engine
import Networks

/// One look at images as the network predicts: loss, accuracy, and which ReLU units stay silent.
///
/// The loss is that of the lesson without label smoothing. Ranks that share it run a part of the images each, and add up all.
struct ValidationPass {
  /// Mean loss; `nil` without images.
  let loss: Double?
  /// The standard error of that mean; `nil` for fewer than two images.
  let lossError: Double?
  /// Share that is right; `nil` without images, or where no answer is right or wrong.
  let accuracy: Double?
  /// For each ReLU layer, units that were zero on every image.
  let deadUnits: [String: Int]

  /// Images that are run at once.
  private static let batchSize = 1024

  init(
    _ network: Network, _ images: LabeledImages, _ lesson: TrainingConfiguration.Lesson,
    pool: WorkerPool, ranks: (any Ranks)? = nil
  ) {
    guard images.count > 0 else {
      (loss, lossError, accuracy, deadUnits) = (nil, nil, nil, [:])
      return
    }
    let executor = Executor(network, pool: pool)
    executor.watchesUnits = true
    let classes = network.architecture.outputs
    // Of each image its loss, and 1 if the answer was right.
    var found = [SIMD2<Double>](repeating: .zero, count: images.count)
    let parts = ranks?.parts(of: images.count) ?? [0..<images.count]
    let own = parts[ranks?.rank ?? 0]
    for start in stride(from: own.lowerBound, to: own.upperBound, by: Self.batchSize) {
      let range = start..<min(start + Self.batchSize, own.upperBound)
      let pixels = images.floats(range)
      let logits = executor.logits(pixels)
      for (row, index) in range.enumerated() {
        let values = Array(logits[row * classes..<(row + 1) * classes])
        switch lesson {
        case .classes:
          found[index] = [
            Double(CrossEntropy.loss(values, label: images.labels[index])),
            CrossEntropy.answer(values) == images.labels[index] ? 1 : 0,
          ]
        case .pixels:
          let differences = zip(values, pixels[row * classes..<(row + 1) * classes]).map { $0 - $1 }
          found[index].x = differences.reduce(0.0) { $0 + Double($1 * $1) } / Double(classes)
        }
      }
    }
    if let ranks {
      ranks.gather(&found, count: 1, parts)
      executor.shareWatched(with: ranks)
    }
    var (total, squares, correct) = (0.0, 0.0, 0)
    for image in found {
      total += image.x
      squares += image.x * image.x
      correct += image.y == 1 ? 1 : 0
    }
    let count = Double(images.count)
    loss = total / count
    let variance = max(0, squares / count - (total / count) * (total / count))
    lossError = images.count > 1 ? (variance / (count - 1)).squareRoot() : nil
    accuracy = lesson == .classes ? Double(correct) / Double(images.count) : nil
    deadUnits = executor.silentUnits
  }
}
