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
    let text = "conv(6,3) relu maxpool(2) conv(5,3) relu flatten linear(12) relu linear(10)"
    guard let network = try? network(text, seed: 3) else { preconditionFailure("no network") }
    return network
  }()
  /// Two threads.
  public static let pool = WorkerPool(threads: 2)
  /// Its division.
  public static let split = Split(dataset, seed: 1)

  /// Another network that has learned nothing, for the same images.
  public static func network(_ text: String, seed: UInt64 = 1) throws -> Network {
    Network.untrained(
      try Architecture(
        Specification(text: text), inputShape: ImageShape(channels: 1, height: 28, width: 28)),
      normalization: Normalization(mean: [0], standardDeviation: [1]), seed: seed)
  }

  /// A study of it, which waits to be asked.
  public static func study(_ extent: Study.Extent = .quick) -> Study {
    study(of: network, randomLabels: network, extent: extent)
  }

  /// The same of another network.
  public static func study(
    of network: Network, randomLabels: Network? = nil, seed: UInt64 = 1,
    extent: Study.Extent = .quick
  ) -> Study {
    Study(
      Study.Subject(
        name: "untrained",
        checkpoint: Checkpoint(
          network: network, classes: dataset.classes, dataset: dataset.name, seed: seed,
          history: [], run: nil), sha256: String(repeating: "0", count: 64),
        randomLabels: randomLabels),
      on: dataset, split: split, extent: extent, pool: pool)
  }
}
