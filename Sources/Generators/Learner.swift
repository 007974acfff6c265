import Engine
import Networks

/// A network that learns, and all that is needed to go on learning to the same bits.
final class Learner {
  /// Where a network stands between two steps.
  struct State {
    var network: Network
    var moments: (first: [Tensor], second: [Tensor])
    /// The mean of the weights, learned tensors alone; empty without one.
    var averaged: [Tensor]

    /// A state between two steps.
    init(_ network: Network, moments: (first: [Tensor], second: [Tensor]), averaged: [Tensor]) {
      self.network = network
      self.moments = moments
      self.averaged = averaged
    }

    /// The beginning.
    init(_ network: Network) {
      self.init(network, moments: (network.zeros, network.zeros), averaged: [])
    }
  }

  /// What a resume file calls it.
  let name: String
  let executor: TrainingExecutor
  private let isAveraged: Bool

  init(
    _ name: String, from state: State, batchSize: Int, seed: UInt64, isAveraged: Bool,
    pool: WorkerPool
  ) {
    self.name = name
    self.isAveraged = isAveraged
    executor = TrainingExecutor(state.network, batchSize: batchSize, seed: seed, pool: pool)
    executor.moments = state.moments
    if isAveraged {
      // The mean begins where the network does.
      executor.averagedWeights = state.averaged.isEmpty ? state.network.tensors : state.averaged
    }
  }

  /// Where it stands.
  var state: State {
    State(
      executor.network, moments: executor.moments,
      averaged: isAveraged ? executor.averagedWeights : [])
  }

  /// The network that is kept: with the mean of the weights, if one is taken.
  var kept: Network {
    isAveraged ? executor.network.replacing(executor.averagedWeights) : executor.network
  }
}
