import ArgumentParser
import Attribution
import Datasets
import Engine
import Networks

/// Attribution maps of the classes that a network answers.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Images a second of an attribution.")
  @OptionGroup var workload: Workload
  @OptionGroup var trained: TrainedNetwork
  @Option(help: "The attribution method.") var method: String

  func run() throws {
    let executor = try trained.executor(threads: workload.threads)
    let images = try workload.images("t10k").floats(0..<workload.batch)
    let targets = executor.answers(images)
    let method = try AttributionMethods.method(method, for: executor.network.architecture)
    let rate = steady(seconds: workload.seconds) {
      _ = method.attribution(of: images, in: executor, for: targets)
      return workload.batch
    }
    try show(["images_per_second": rate])
  }
}
