import ArgumentParser
import Datasets
import Engine
import Foundation
import Networks

/// What every measurement is told: a network, images, and how to run.
struct Workload: ParsableArguments {
  @Argument(help: "A network: mlp, cnn or layers.") var model: String
  @Option(help: "Images in a batch.") var batch = 64
  @Option(help: "Threads.") var threads = 2
  @Option(help: "Seconds to measure.") var seconds = 2.0
  @Flag(help: "CIFAR-10 instead of MNIST.") var colour = false
  @Option(
    help: "Folder with MNIST's four plain IDX files, and CIFAR-10's binary files for --colour.")
  var data: String

  /// The images of one part, `train` or `t10k`.
  func images(_ part: String) throws -> LabeledImages {
    let locator = DatasetLocator(explicit: data, environment: [:])
    guard let found = try locator.find(colour ? .cifar10 : .mnist) else {
      throw DatasetError.missing("\(data): the images are not here")
    }
    let set = try found.read()
    return part == "train" ? set.train : set.test
  }

  func network(seed: UInt64 = 1) throws -> Network {
    let architecture = try Architecture(
      Specification(model: model, classes: 10),
      inputShape: colour
        ? ImageShape(channels: 3, height: 32, width: 32)
        : ImageShape(channels: 1, height: 28, width: 28))
    return Network.untrained(
      architecture,
      normalization: colour
        ? Normalization(
          mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.2470, 0.2435, 0.2616])
        : Normalization(mean: [0.1307], standardDeviation: [0.3081]),
      seed: seed)
  }
}

/// Prints a measurement as one line of JSON.
func show(_ values: [String: Double]) throws {
  let data = try JSONSerialization.data(withJSONObject: values, options: [.sortedKeys])
  print(String(decoding: data, as: UTF8.self))
}
