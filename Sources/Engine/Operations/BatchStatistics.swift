import KernelTable
import Networks

/// Where shards meet: a batch normalisation's statistics over the whole mini-batch, and the sums of its
/// backward pass. Each shard gives its part; the parts are joined as `ShardTree` has it.
final class BatchStatistics: @unchecked Sendable {
  private let operation: NormOperation
  private let width: Int
  /// How far the running statistics go towards those of the mini-batch; as the layer says if `nil`.
  var momentum: Float?
  /// For each shard a row of means, a row of squared deviations from them, and the first image's means; on the way back a row
  /// each of its parts of dβ and dγ.
  private let parts: Memory
  /// The parts of a channel while they are joined, in double precision.
  private var joined: [(count: Double, center: Double, squares: Double)]
  /// Joined mean and variance of each channel.
  private var mean: [Float]
  private var variance: [Float]

  init(_ operation: NormOperation, shards: Int) {
    self.operation = operation
    width = operation.width
    parts = Memory(count: 3 * width * shards)
    joined = Array(repeating: (0, 0, 0), count: shards)
    mean = Array(repeating: 0, count: width)
    variance = Array(repeating: 0, count: width)
  }

  /// The shards' parts, one row each.
  var rows: Rows { Rows(parts.base, numbers: 3 * width) }

  /// The shard's own mean and squared deviations, in one pass: deviations are taken from the first image's mean. However far
  /// that is from the mean of the shard, which it is part of, little is cancelled when they are moved there.
  func collect(_ shard: Int, images: Int, from input: ShardStrip, kernels: KernelTable) {
    let mean = parts.base + 3 * width * shard
    let (squares, center) = (mean + width, mean + 2 * width)
    mean.update(repeating: 0, count: 3 * width)
    let (rows, channels) = (operation.rows, operation.channels)
    kernels.addRows(input[0], rows, channels, center)
    for c in 0..<channels { center[c] /= Float(rows) }
    for image in 0..<images {
      kernels.addDeviations(input[image], center, rows, channels, mean, squares)
    }
    let count = Float(rows * images)
    for c in 0..<channels {
      squares[c] = max(0, squares[c] - mean[c] * mean[c] / count)
      mean[c] = center[c] + mean[c] / count
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
      for shard in 0..<shards {
        let images = min(shardSize, batchSize - shard * shardSize)
        let part = parts.base + 3 * width * shard
        joined[shard] = (
          Double(operation.rows * images), Double(part[c]), Double(part[width + c])
        )
      }
      ShardTree.join(shards) { shard, other in
        let (a, b) = (joined[shard], joined[other])
        let (count, delta) = (a.count + b.count, b.center - a.center)
        joined[shard] = (
          count, a.center + delta * b.count / count,
          a.squares + b.squares + delta * delta * a.count * b.count / count
        )
      }
      let (center, squares) = (joined[0].center, joined[0].squares)
      mean[c] = Float(center)
      variance[c] = Float(squares / total)
      let momentum = momentum ?? operation.layer.momentum
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
    _ shard: Int, images: Int, gradient: ShardStrip, input: ShardStrip,
    derived: UnsafeMutablePointer<Float>,
    collected: UnsafeMutablePointer<Float>, kernels: KernelTable
  ) {
    let (rows, channels) = (operation.rows, operation.channels)
    let mean = NormOperation.row(.mean, derived, width: width)
    for image in 0..<images {
      kernels.addProducts(
        gradient[image], input[image], mean, rows, channels, collected, collected + width)
    }
    for c in 0..<channels {
      collected[c] /= (variance[c] + BatchNorm.epsilon).squareRoot()
    }
    (parts.base + 3 * width * shard).update(from: collected, count: 2 * width)
  }

  /// Sets the backward factors: with s = γ/σ and N the number of positions,
  /// `dx = s g - (s dγ / (σ N)) (x - mean) - s dβ / N`.
  func joinGradient(batchSize: Int, derived: UnsafeMutablePointer<Float>) {
    let shards = (batchSize + shardSize - 1) / shardSize
    let total = Float(operation.rows * batchSize)
    let scale = NormOperation.row(.scale, derived, width: width)
    let inputFactor = NormOperation.row(.inputFactor, derived, width: width)
    let offset = NormOperation.row(.offset, derived, width: width)
    let sums = parts.base
    ShardTree.join(shards) { shard, other in
      for c in 0..<2 * width { sums[3 * width * shard + c] += sums[3 * width * other + c] }
    }
    for c in 0..<width {
      let deviation = (variance[c] + BatchNorm.epsilon).squareRoot()
      inputFactor[c] = -scale[c] * sums[c] / (deviation * total)
      offset[c] = -scale[c] * sums[width + c] / total
    }
  }
}
