import Attacks
import Engine
import Networks
import Study

/// What `attack` can find out beyond one attack on one network.
extension AttackCommand {
  /// The other checkpoints, all of which can be given this network's images.
  func others(than loaded: Checkpoint) throws -> [(path: String, checkpoint: Checkpoint)] {
    try transfer.map { path in
      let other = try checkpoint.foreign.load(path)
      let (mine, its) = (loaded.network.architecture, other.network.architecture)
      guard mine.inputShape == its.inputShape, mine.outputs == its.outputs else {
        throw Failure(
          "--transfer: \(path) reads images of \(its.inputShape) for \(its.outputs) classes, not"
            + " \(mine.inputShape) for \(mine.outputs)", .badData)
      }
      return (path, other)
    }
  }

  func transfers(
    _ found: Outcome, _ clean: [Float], _ images: [Float],
    to others: [(path: String, checkpoint: Checkpoint)], _ pool: WorkerPool
  ) -> [Transfer] {
    others.map { path, other in
      let outcome = Outcome(
        clean: clean, adversarial: images, labels: found.labels, target: found.target,
        against: Executor(other.network, pool: pool))
      return Transfer(
        checkpoint: path, cleanAccuracy: outcome.cleanAccuracy, accuracy: outcome.robustAccuracy,
        transferRate: found.transferRate(to: outcome))
    }
  }

  func maskingChecks(_ clean: [Float], _ labels: [Int], _ executor: Executor) -> [MaskingCheck] {
    var line = ProgressLine()
    defer { line.finish() }
    let settings = AttackSettings(
      epsilon: epsilon, norm: norm, queries: queries, seed: seed.seed)
    return MaskingCheck.all(clean, labels: labels, against: executor, settings) {
      line.update("checking", $0, of: MaskingCheck.Kind.allCases.count + 1, unit: "attacks")
    }
  }

  func targetGrid(
    _ settings: AttackSettings, _ clean: [Float], _ labels: [Int], _ executor: Executor
  ) -> TargetGrid? {
    guard let kind = Attacks.kind(method) else { return nil }
    var line = ProgressLine()
    defer { line.finish() }
    let classes = executor.network.architecture.outputs
    return TargetGrid(kind, settings, clean, labels: labels, against: executor) {
      line.update("aiming", $0, of: classes, unit: "targets")
    }
  }
}
