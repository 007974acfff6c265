package import Datasets
import Files
package import Networks
import Training

/// Networks that a checkpoint is held against, kept in files beside it.
package enum ControlNetwork: String, CaseIterable, Sendable {
  /// A network of the same kind that learned random labels by heart: in them there is nothing but the images to learn, so
  /// that it takes few images and many passes; over all images it would learn nothing.
  ///
  /// Reference: Adebayo et al., Sanity Checks for Saliency Maps (2018).
  case randomLabels = "random-labels"
  /// The same run from another seed: how alike its maps are to a network's own says what no two networks of one kind share.
  case secondSeed = "second-seed"

  /// Images that are learned by heart.
  package static let memorizedImages = 2000

  /// The images that are learned by heart, with labels drawn at random.
  package static func memorized(_ split: Split, seed: UInt64) -> Split {
    split.limited(train: memorizedImages).shufflingLabels(seed: seed)
  }

  /// Where it is looked for: `cnn.random-labels.safetensors` beside `cnn.safetensors`.
  package func path(beside checkpoint: String) -> String {
    CheckpointName.path(rawValue, beside: checkpoint)
  }

  /// The network that stands beside a checkpoint; `nil` if there is none, or one of another kind, run or data set.
  ///
  /// - Throws: `FileError`, `CheckpointFileError`, or `ExperimentFileError` if it does not say how it was trained.
  package func network(beside path: String, like checkpoint: Checkpoint) throws -> Network? {
    let file = self.path(beside: path)
    guard FileBytes.exists(file) else { return nil }
    let other = try Checkpoint.read(file)
    let run: RunConfiguration?
    do {
      run = try other.configuration()
    } catch {
      throw ExperimentFileError(path: file, reason: "the run: \(error)")
    }
    guard var run, other.network.architecture == checkpoint.network.architecture else { return nil }
    switch self {
    case .randomLabels:
      return run.randomLabels && other.dataset == checkpoint.dataset ? other.network : nil
    case .secondSeed:
      guard let own = try checkpoint.configuration(), run.seed != own.seed,
        other.classes == checkpoint.classes
      else { return nil }
      run.seed = own.seed
      return run.difference(from: own) == nil ? other.network : nil
    }
  }
}
