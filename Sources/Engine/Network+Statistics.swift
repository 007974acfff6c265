package import Networks

extension Network {
  /// Measures the running statistics of batch normalisations anew: see `TrainingExecutor.renewStatistics(_:load:)`.
  ///
  /// - Parameters:
  ///   - batches: of how many mini-batches they are the means.
  ///   - size: how many images each has.
  ///   - rates: factors on the learning rate; a normalisation of which nothing moves keeps its statistics.
  ///   - pool: the threads.
  ///   - load: writes the pixels of an image of a mini-batch. Called from several threads.
  /// - Returns: the network with statistics that belong to its weights; itself if it keeps none.
  package func renewingStatistics(
    batches: Int, of size: Int, rates: [String: Float] = [:], pool: WorkerPool,
    load: (_ batch: Int, _ image: Int, _ pixels: inout MutableSpan<Float>) -> Void
  ) -> Network {
    guard architecture.keepsStatistics else { return self }
    // Nothing is dropped out, so that the seed decides nothing.
    let executor = TrainingExecutor(self, batchSize: size, seed: 0, rates: rates, pool: pool)
    executor.renewStatistics(Array(repeating: size, count: batches), load: load)
    return executor.network
  }
}
