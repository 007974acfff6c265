import Datasets
import Engine
import Networks

/// One look at images as the network predicts: loss, accuracy, and which ReLU units stay silent.
///
/// The loss is that of the lesson without label smoothing.
struct ValidationPass {
  /// Mean loss; `nil` without images.
  let loss: Double?
  /// The standard error of that mean; `nil` for fewer than two images.
  let lossError: Double?
  /// Share that is right; `nil` without images, or where no answer is right or wrong.
  let accuracy: Double?
  /// For each ReLU layer, units that were zero on every image.
  let deadUnits: [String: Int]

  init(
    _ network: Network, _ images: LabeledImages, _ lesson: TrainingConfiguration.Lesson,
    pool: WorkerPool
  ) {
    guard images.count > 0 else {
      (loss, lossError, accuracy, deadUnits) = (nil, nil, nil, [:])
      return
    }
    let executor = Executor(network, pool: pool)
    executor.watchesUnits = true
    let classes = network.architecture.outputs
    var (total, squares, correct) = (0.0, 0.0, 0)
    for start in stride(from: 0, to: images.count, by: 1024) {
      let range = start..<min(start + 1024, images.count)
      let pixels = images.floats(range)
      let logits = executor.logits(pixels)
      for (row, index) in range.enumerated() {
        let values = Array(logits[row * classes..<(row + 1) * classes])
        let loss: Double
        switch lesson {
        case .classes:
          loss = Double(CrossEntropy.loss(values, label: images.labels[index]))
          correct += CrossEntropy.answer(values) == images.labels[index] ? 1 : 0
        case .pixels:
          let differences = zip(values, pixels[row * classes..<(row + 1) * classes]).map { $0 - $1 }
          loss = differences.reduce(0.0) { $0 + Double($1 * $1) } / Double(classes)
        }
        total += loss
        squares += loss * loss
      }
    }
    let count = Double(images.count)
    loss = total / count
    let variance = max(0, squares / count - (total / count) * (total / count))
    lossError = images.count > 1 ? (variance / (count - 1)).squareRoot() : nil
    accuracy = lesson == .classes ? Double(correct) / Double(images.count) : nil
    deadUnits = executor.silentUnits
  }
}
