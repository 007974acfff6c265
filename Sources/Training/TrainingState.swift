public import Networks

/// Where a run stands between two steps: all that is needed to go on to the same bits.
public struct TrainingState: Sendable {
  /// The network.
  public var network: Network
  /// The optimizer's moments of every learned tensor.
  public var moments: (first: [Tensor], second: [Tensor])
  /// The slow weights of Lookahead, learned tensors alone; empty without it.
  public var slowWeights: [Tensor] = []
  /// The average of the weights, learned tensors alone; empty without one.
  public var averagedWeights: [Tensor] = []
  /// Epochs that are done.
  public var history: [EpochRecord]
  /// Steps made since training began.
  public var step: Int
  /// The unfinished epoch.
  package var epoch: EpochProgress
  /// The best network so far, if early stopping keeps one.
  public var best: Network?

  /// A state between two steps.
  package init(
    network: Network, moments: (first: [Tensor], second: [Tensor]), history: [EpochRecord],
    step: Int, epoch: EpochProgress, best: Network? = nil
  ) {
    self.network = network
    self.moments = moments
    self.history = history
    self.step = step
    self.epoch = epoch
    self.best = best
  }

  /// True if no further epoch is to be trained.
  public func isFinished(_ configuration: TrainingConfiguration) -> Bool {
    history.count >= configuration.epochs || shouldStop(configuration)
  }

  /// True if the validation loss has not improved for as many epochs as patience allows.
  private func shouldStop(_ configuration: TrainingConfiguration) -> Bool {
    guard let patience = configuration.patience, epoch.steps == 0 else { return false }
    let losses = history.map { $0.validationLoss ?? $0.trainLoss }
    guard let lowest = losses.min(), let best = losses.firstIndex(of: lowest) else { return false }
    return losses.count - 1 - best >= patience
  }

  /// The index in the history of the epoch with the lowest validation loss.
  public var bestEpoch: Int? {
    let losses = history.map { $0.validationLoss ?? $0.trainLoss }
    guard let lowest = losses.min() else { return nil }
    return losses.firstIndex(of: lowest)
  }
}
