public import Engine
import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What the channels of a layer answer to, over many images.
public struct ChannelStudy: Sendable {
  /// An image that excites a channel, and where.
  public struct Peak: Sendable {
    /// Position of the image.
    public let image: Int
    /// The channel's largest value on it.
    public let value: Float
    /// What the place with that value sees.
    public let field: ReceptiveField
  }

  /// A channel of a feature map, or a unit of a flat layer.
  public struct Channel: Sendable {
    /// The images with the largest values, the largest first.
    public let peaks: [Peak]
    /// Mean value on the images of each class.
    public let classMeans: [Double]
    /// Share of the images on which it is above zero anywhere.
    public let activity: Double
    /// True if the value is the same everywhere on all images.
    public let isDead: Bool

    /// (best - others) / (best + others) of the class means, 0...1: 1 if only one class excites it; 0 if the means are not
    /// above zero. Morcos, Barrett, Rabinowitz, Botvinick, On the Importance of Single Directions (2018).
    public var selectivity: Double {
      guard let best = classMeans.max(), classMeans.count > 1, best > 0 else { return 0 }
      let others = (classMeans.reduce(0, +) - best) / Double(classMeans.count - 1)
      return best + others > 0 ? min(1, (best - others) / (best + others)) : 0
    }

    /// The class with the largest mean.
    public var favorite: Int { classMeans.indices.max { classMeans[$0] < classMeans[$1] } ?? 0 }
  }

  /// The layer.
  public let layer: String
  /// Its channels.
  public let channels: [Channel]
  /// Pairs of channels whose values go together with a correlation above 0.95 over all images and places; `nil` for more
  /// than 512 channels, where looking at all pairs takes too long.
  public let duplicates: [(Int, Int)]?
  /// exp of the entropy of the covariance's eigenvalues as shares: how many directions the channels really use; `nil` for
  /// more than 512 channels. Roy, Vetterli, The Effective Rank (2007).
  public let effectiveRank: Double?

  /// Channels with a higher correlation are duplicates.
  private static let limit = 0.95
  private static let mostPairedChannels = 512

  /// Studies a layer.
  ///
  /// - Parameters:
  ///   - layer: the position of the layer in the network.
  ///   - images: pixels, `[N][C][H][W]`.
  ///   - labels: a class for each image, in 0..<classes.
  ///   - executor: the network.
  ///   - peaks: how many images are kept for each channel.
  public init(
    of layer: Int, on images: [Float], labels: [Int], in executor: Executor, peaks: Int = 9
  ) {
    let architecture = executor.network.architecture
    let entry = architecture.entries[layer]
    let (size, count) = (architecture.inputShape.count, entry.outputShape.channels)
    let positions = entry.outputShape.count / count
    let width = entry.outputShape.dimensions.last ?? 1
    var best = [[(image: Int, value: Float, place: Int)]](repeating: [], count: count)
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: architecture.outputs), count: count)
    var (lowest, highest) = (
      [Float](repeating: .infinity, count: count), [Float](repeating: -.infinity, count: count)
    )
    var active = [Int](repeating: 0, count: count)
    var moments = count <= Self.mostPairedChannels ? Moments(count: count) : nil
    for start in stride(from: 0, to: labels.count, by: 256) {
      let range = start..<min(start + 256, labels.count)
      let values =
        executor.tracer.activations(
          Array(images[range.lowerBound * size..<range.upperBound * size]), of: [entry.name])[
          entry.name] ?? []
      for image in range {
        let row = (image - start) * count * positions
        moments?.add(values[row..<row + count * positions], positions: positions)
        for channel in 0..<count {
          let own = row + channel * positions..<row + (channel + 1) * positions
          let place = own.max { values[$0] < values[$1] } ?? own.lowerBound
          active[channel] += values[place] > 0 ? 1 : 0
          highest[channel] = max(highest[channel], values[place])
          lowest[channel] = min(lowest[channel], values[own].min() ?? 0)
          let mean = values[own].reduce(0.0) { $0 + Double($1) } / Double(positions)
          sums[channel][labels[image]] += mean
          best[channel].append((image, values[place], place - own.lowerBound))
        }
      }
      for channel in 0..<count {
        best[channel].sort { ($1.value, $0.image) < ($0.value, $1.image) }
        best[channel].removeLast(max(0, best[channel].count - peaks))
      }
    }
    let counts = (0..<architecture.outputs).map { label in labels.count { $0 == label } }
    self.layer = entry.name
    channels = (0..<count).map { channel in
      Channel(
        peaks: best[channel].map {
          Peak(
            image: $0.image, value: $0.value,
            field: ReceptiveField(
              of: layer, row: $0.place / width, column: $0.place % width, in: architecture))
        },
        classMeans: zip(sums[channel], counts).map { $0 / Double(max(1, $1)) },
        activity: Double(active[channel]) / Double(max(1, labels.count)),
        isDead: highest[channel] == lowest[channel])
    }
    duplicates = moments?.correlatedPairs(above: Self.limit)
    effectiveRank = moments?.effectiveRank
  }
}

/// Sums of products of channels over images and places.
private struct Moments {
  private let count: Int
  private var sums: [Double]
  private var products: [Double]
  private var n = 0.0

  init(count: Int) {
    self.count = count
    sums = [Double](repeating: 0, count: count)
    products = [Double](repeating: 0, count: count * count)
  }

  /// Adds an image's values, `[channels][positions]`.
  mutating func add(_ values: ArraySlice<Float>, positions: Int) {
    let base = values.startIndex
    n += Double(positions)
    for place in 0..<positions {
      let column = (0..<count).map { values[base + $0 * positions + place] }
      for i in 0..<count where column[i] != 0 {
        let value = Double(column[i])
        sums[i] += value
        for j in i..<count { products[i * count + j] += value * Double(column[j]) }
      }
    }
  }

  private func covariance(_ i: Int, _ j: Int) -> Double {
    products[min(i, j) * count + max(i, j)] / n - sums[i] / n * (sums[j] / n)
  }

  func correlatedPairs(above limit: Double) -> [(Int, Int)] {
    (0..<count).flatMap { i in
      (i + 1..<max(i + 1, count)).compactMap { j in
        let scale = (covariance(i, i) * covariance(j, j)).squareRoot()
        return scale > 1e-12 && covariance(i, j) / scale > limit ? (i, j) : nil
      }
    }
  }

  var effectiveRank: Double {
    let matrix = (0..<count * count).map { covariance($0 / count, $0 % count) }
    let values = SymmetricEigenvalues.values(matrix, count: count).map { max(0, $0) }
    let sum = values.reduce(0, +)
    guard sum > 0 else { return 0 }
    return exp(
      values.reduce(0.0) { $1 > 0 ? $0 - $1 / sum * log($1 / sum) : $0 })
  }
}
