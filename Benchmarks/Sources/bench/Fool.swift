import ArgumentParser
import Attacks
import Datasets
import Engine
import Networks

/// Adversarial examples of the first test images.
struct Fool: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Images a second of an attack.")
  @OptionGroup var workload: Workload
  @OptionGroup var trained: TrainedNetwork
  @Option(help: "The attack.") var method: String
  @Option(help: "Size of the ball.") var epsilon: Float?
  @Option(help: "Steps.") var steps: Int?
  @Option(help: "Length of a step.") var stepSize: Float?
  @Option(help: "Queries.") var queries: Int?

  func run() throws {
    let executor = try trained.executor(threads: workload.threads)
    let test = try workload.images("t10k")
    let images = test.floats(0..<workload.batch)
    let labels = Array(test.labels.prefix(workload.batch))
    let settings = AttackSettings(
      epsilon: epsilon, steps: steps, stepSize: stepSize, queries: queries)
    guard let attack = Attacks.attack(method, settings) else {
      throw ValidationError("there is no attack “\(method)”")
    }
    let rate = steady(seconds: workload.seconds) {
      _ = attack.adversarial(images, labels: labels, against: executor)
      return workload.batch
    }
    try show(["images_per_second": rate])
  }
}
