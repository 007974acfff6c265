import ArgumentParser
import Datasets
import Engine
import Networks
import Training

/// Complete training steps: bytes, forward, loss, backward, Adam.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Images a second of training.")
  @OptionGroup var workload: Workload

  func run() throws {
    let images = try workload.images("train")
    let network = try workload.network()
    let trainer = StepTrainer(
      network, images, batch: workload.batch, pool: WorkerPool(threads: workload.threads))
    for _ in 0..<20 { trainer.step() }
    let rate = steady(seconds: workload.seconds) {
      trainer.step()
      return workload.batch
    }
    try show(["images_per_second": rate])
  }
}

/// Logits of 10,000 images.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Images a second of prediction.")
  @OptionGroup var workload: Workload

  func run() throws {
    let images = try workload.images("t10k")
    let pixels = images.floats(0..<images.count)
    let executor = Executor(try workload.network(), pool: WorkerPool(threads: workload.threads))
    _ = executor.logits(pixels)
    let rate = steady(seconds: workload.seconds) {
      _ = executor.logits(pixels)
      return images.count
    }
    try show(["images_per_second": rate])
  }
}

/// Gradients of the cross-entropy with respect to the pixels.
struct Gradients: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Images a second of input gradients.")
  @OptionGroup var workload: Workload

  func run() throws {
    let images = try workload.images("t10k")
    let pixels = images.floats(0..<workload.batch)
    let labels = Array(images.labels.prefix(workload.batch))
    let executor = Executor(try workload.network(), pool: WorkerPool(threads: workload.threads))
    _ = executor.inputGradients(pixels, of: .crossEntropy(labels))
    let rate = steady(seconds: workload.seconds) {
      _ = executor.inputGradients(pixels, of: .crossEntropy(labels))
      return workload.batch
    }
    try show(["images_per_second": rate])
  }
}

/// Trains until the test set's accuracy, looked at every quarter epoch, reaches a target.
///
/// Looking at the test set while training is for this race only; `inkling train` never does.
struct Target: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains until an accuracy on the test set is reached, then stops.")
  @OptionGroup var workload: Workload
  @Option(help: "The accuracy to reach.") var accuracy = 0.99
  @Option(help: "Epochs that the learning rate is planned for.") var epochs = 3.0
  @Option(help: "Largest learning rate.") var rate = 0.002
  @Option(help: "Seed.") var seed: UInt64 = 1

  func run() throws {
    let (train, test) = (try workload.images("train"), try workload.images("t10k"))
    let pool = WorkerPool(threads: workload.threads)
    let trainer = StepTrainer(
      try workload.network(seed: seed), train, batch: workload.batch, pool: pool, seed: seed)
    let stepsPerEpoch = train.count / workload.batch
    let steps = Int(epochs * Double(stepsPerEpoch))
    let pixels = test.floats(0..<test.count)
    for step in 0..<4 * steps {
      // Who has missed the target when the plan ends goes on at a tenth of the largest rate.
      trainer.step(
        rate: step < steps
          ? LearningRateSchedule.oneCycle.rate(step: step, of: steps, peak: rate) : rate / 10)
      guard (step + 1) % (stepsPerEpoch / 4) == 0 else { continue }
      let logits = Executor(trainer.network, pool: pool).logits(pixels)
      let right = test.labels.indices.count { image in
        let row = logits[10 * image..<10 * image + 10]
        return row.max() == row[10 * image + test.labels[image]]
      }
      let reached = Double(right) / Double(test.count)
      if reached >= accuracy {
        return try show([
          "accuracy": reached, "epochs": Double(step + 1) / Double(stepsPerEpoch),
        ])
      }
    }
    throw ValidationError("\(accuracy) was not reached in \(4 * epochs) epochs")
  }
}
