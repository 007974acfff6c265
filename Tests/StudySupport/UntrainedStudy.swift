public import Datasets
public import Engine
public import Networks
public import Study

/// A network that has learned nothing, on drawn digits.
public enum UntrainedStudy {
  /// Drawn digits.
  public static let dataset = DrawnDigits.dataset(count: 900)
  /// The network.
  public static let network: Network = {
    guard
      let architecture = try? Architecture(
        Specification(
          text:
            "conv(6,3) relu maxpool(2) conv(5,3) relu flatten linear(12) relu linear(10)"),
        inputShape: ImageShape(channels: 1, height: 28, width: 28))
    else { preconditionFailure("no network") }
    return Network.untrained(
      architecture, normalization: Normalization(mean: [0], standardDeviation: [1]), seed: 3)
  }()
  /// Two threads.
  public static let pool = WorkerPool(threads: 2)
  /// Its division.
  public static let split = Split(dataset, seed: 1)

  /// A study of it, which waits to be asked.
  public static func study(_ extent: Study.Extent = .quick) -> Study {
    Study(
      Study.Subject(
        name: "untrained",
        checkpoint: Checkpoint(
          network: network, classes: dataset.classes, dataset: dataset.name, seed: 1, history: [],
          run: nil), sha256: String(repeating: "0", count: 64), randomLabels: network),
      on: dataset, split: split, extent: extent, pool: pool)
  }
}
