import ArgumentParser
import Engine
import Networks
import Training

struct Workload: ParsableArguments {
  @Argument(help: "A network: mlp, cnn or layers.") var model: String
  @Option(help: "Images in a batch.") var batch = 64
  @Option(help: "Threads.") var threads = 2
  @Option(help: "Seconds.") var seconds = 2.0
}
