import Datasets
import Files
import Networks
import Training

/// The control of sanity checks: a network of the same kind that learned random labels by heart. There is nothing in them
/// but the images to learn, so that it takes few images and many passes; over all images it would learn nothing.
enum RandomLabels {
  /// Images that are learned by heart.
  static let images = 2000

  /// The images and their random labels.
  static func split(_ split: Split, seed: UInt64) -> Split {
    split.limited(train: images).shufflingLabels(seed: seed)
  }

  /// The network that stands beside a checkpoint; `nil` if there is none, or one of another kind or from other data.
  ///
  /// - Throws: what reading it throws.
  static func network(beside path: String, like checkpoint: Checkpoint) throws -> Network? {
    let file = self.path(beside: path)
    guard FileBytes.exists(file) else { return nil }
    let other = try Checkpoint.read(file)
    let isControl =
      try other.run(in: file)?.randomLabels == true && other.dataset == checkpoint.dataset
      && other.network.architecture == checkpoint.network.architecture
    return isControl ? other.network : nil
  }

  /// Where it is looked for, beside a checkpoint: `cnn.random-labels.safetensors` beside `cnn.safetensors`.
  static func path(beside checkpoint: String) -> String {
    CheckpointName.path("random-labels", beside: checkpoint)
  }
}

extension Checkpoint {
  /// The run that made a neighbour of a checkpoint.
  ///
  /// - Throws: `Failure` naming the file.
  func run(in file: String) throws -> RunConfiguration? {
    do {
      return try configuration()
    } catch {
      throw Failure("\(file): the run: \(error)", .badData)
    }
  }
}
