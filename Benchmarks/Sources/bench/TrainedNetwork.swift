import ArgumentParser
import Engine
import Networks

/// A network from a file: what explanations and attacks look at should have learned something.
struct TrainedNetwork: ParsableArguments {
  @Option(help: "A checkpoint of the network.") var checkpoint: String

  func executor(threads: Int) throws -> Executor {
    Executor(try Checkpoint.read(checkpoint).network, pool: WorkerPool(threads: threads))
  }
}

extension Executor {
  /// The class that the network answers to each image.
  func answers(_ images: [Float]) -> [Int] {
    let classes = network.architecture.outputs
    let logits = logits(images)
    return stride(from: 0, to: logits.count, by: classes).map { start in
      (0..<classes).max { logits[start + $0] < logits[start + $1] } ?? 0
    }
  }
}
