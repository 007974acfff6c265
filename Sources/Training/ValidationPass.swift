import Datasets
import Engine
import Networks

/// One look at the validation images: loss, accuracy, and which ReLU units stay silent.
struct ValidationPass {
  /// Mean cross-entropy; `nil` without images.
  let loss: Double?
  /// Share that is right; `nil` without images.
  let accuracy: Double?
  /// For each ReLU layer, units that were zero on every image.
  let deadUnits: [String: Int]

  init(_ network: Network, _ images: LabeledImages, pool: WorkerPool) {
    guard images.count > 0 else {
      (loss, accuracy, deadUnits) = (nil, nil, [:])
      return
    }
    let executor = Executor(network, pool: pool)
    executor.watchesUnits = true
    let classes = network.architecture.outputs
    var (total, correct) = (0.0, 0)
    for start in stride(from: 0, to: images.count, by: 1024) {
      let range = start..<min(start + 1024, images.count)
      let logits = executor.logits(images.floats(range))
      for (row, index) in range.enumerated() {
        let values = Array(logits[row * classes..<(row + 1) * classes])
        total += Double(CrossEntropy.loss(values, label: images.labels[index]))
        let best = values.indices.max { values[$0] < values[$1] }
        correct += best == images.labels[index] ? 1 : 0
      }
    }
    loss = total / Double(images.count)
    accuracy = Double(correct) / Double(images.count)
    deadUnits = executor.silentUnits
  }
}
