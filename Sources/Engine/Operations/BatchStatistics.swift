import KernelTable
import Networks

/// Where shards meet: a batch normalisation's statistics over the whole mini-batch, and the sums of its
/// backward pass. Each shard gives its part; the parts are joined in the order of the shards.
final class BatchStatistics: @unchecked Sendable {
  private let operation: NormOperation
  private let width: Int
  /// For each shard a row of means and a row of squared deviations from them.
  private let parts: Memory
  /// Joined mean and variance of each channel.
  private var mean: [Float]
  private var variance: [Float]

  init(_ operation: NormOperation, shards: Int) {
    self.operation = operation
    width = operation.width
    parts = Memory(count: 2 * width * shards)
    mean = Array(repeating: 0, count: width)
    variance = Array(repeating: 0, count: width)
  }

  /// The shard's own mean and squared deviations.
  func collect(_ shard: Int, images: Int, from input: ShardStrip, kernels: KernelTable) {
    let mean = parts.base + 2 * width * shard
    let squares = mean + width
    mean.update(repeating: 0, count: 2 * width)
    let (rows, channels) = (operation.rows, operation.channels)
    for image in 0..<images { kernels.addRows(input[image], rows, channels, mean) }
    let share = 1 / Float(rows * images)
    for c in 0..<channels { mean[c] *= share }
    for image in 0..<images {
      kernels.addSquaredDeviations(input[image], mean, rows, channels, squares)
    }
  }

  /// Joins the shards' parts (Chan, Golub, LeVeque 1979), sets the normalisation and moves the running
  /// statistics, the variance of which is the unbiased one, as in PyTorch.
  func join(
    batchSize: Int, parameters: UnsafeMutablePointer<Float>,
    derived: UnsafeMutablePointer<Float>
  ) {
    let shards = (batchSize + shardSize - 1) / shardSize
    let total = Double(operation.rows * batchSize)
    for c in 0..<width {
      var (count, center, squares) = (0.0, 0.0, 0.0)
      for shard in 0..<shards {
        let images = min(shardSize, batchSize - shard * shardSize)
        let part = parts.base + 2 * width * shard
        let added = Double(operation.rows * images)
        let delta = Double(part[c]) - center
        center += delta * added / (count + added)
        squares += Double(part[width + c]) + delta * delta * count * added / (count + added)
        count += added
      }
      mean[c] = Float(center)
      variance[c] = Float(squares / total)
      let momentum = operation.layer.momentum
      let unbiased = total > 1 ? Float(squares / (total - 1)) : variance[c]
      let (runningMean, runningVariance) = (parameters + 2 * width, parameters + 3 * width)
      runningMean[c] += momentum * (mean[c] - runningMean[c])
      runningVariance[c] += momentum * (unbiased - runningVariance[c])
    }
    operation.setStatistics(
      mean: { self.mean[$0] }, variance: { self.variance[$0] }, parameters: parameters,
      derived: derived)
  }

  /// The shard's part of dβ = Σ g and dγ = Σ g x̂.
  func collectGradient(
    _ images: Int, gradient: ShardStrip, input: ShardStrip, derived: UnsafeMutablePointer<Float>,
    collected: UnsafeMutablePointer<Float>, kernels: KernelTable
  ) {
    let (rows, channels) = (operation.rows, operation.channels)
    let mean = NormOperation.row(.mean, derived, width: width)
    for image in 0..<images {
      kernels.addProducts(gradient[image], input[image], mean, rows, channels, collected)
      kernels.addRows(gradient[image], rows, channels, collected + width)
    }
    for c in 0..<channels {
      collected[c] /= (variance[c] + BatchNorm.epsilon).squareRoot()
    }
  }

  /// Sets the backward factors: with s = γ/σ and N the number of positions,
  /// `dx = s g - (s dγ / (σ N)) (x - mean) - s dβ / N`.
  func joinGradient(
    batchSize: Int, collected: (_ shard: Int) -> UnsafeMutablePointer<Float>,
    derived: UnsafeMutablePointer<Float>
  ) {
    let shards = (batchSize + shardSize - 1) / shardSize
    let total = Float(operation.rows * batchSize)
    let scale = NormOperation.row(.scale, derived, width: width)
    let inputFactor = NormOperation.row(.inputFactor, derived, width: width)
    let offset = NormOperation.row(.offset, derived, width: width)
    for c in 0..<width {
      var (weightGradient, biasGradient): (Float, Float) = (0, 0)
      for shard in 0..<shards {
        weightGradient += collected(shard)[c]
        biasGradient += collected(shard)[width + c]
      }
      let deviation = (variance[c] + BatchNorm.epsilon).squareRoot()
      inputFactor[c] = -scale[c] * weightGradient / (deviation * total)
      offset[c] = -scale[c] * biasGradient / total
    }
  }
}
