import Files
import Networks
import Training

/// The same run from another seed: how alike its maps are to a network's own says what no two networks of one kind share.
enum SecondSeed {
  /// Where it is looked for, beside a checkpoint: `cnn.second-seed.safetensors` beside `cnn.safetensors`.
  static func path(beside checkpoint: String) -> String {
    CheckpointName.path("second-seed", beside: checkpoint)
  }

  /// The network that stands beside a checkpoint; `nil` if there is none, or one of another run.
  ///
  /// - Throws: what reading it throws.
  static func network(beside path: String, like checkpoint: Checkpoint) throws -> Network? {
    let file = self.path(beside: path)
    guard FileBytes.exists(file) else { return nil }
    let other = try Checkpoint.read(file)
    guard let own = try checkpoint.configuration(), var run = try other.run(in: file),
      run.seed != own.seed, other.classes == checkpoint.classes,
      other.network.architecture == checkpoint.network.architecture
    else { return nil }
    run.seed = own.seed
    return run.difference(from: own) == nil ? other.network : nil
  }
}
