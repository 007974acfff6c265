public import Datasets
public import Networks

extension Network {
  /// The network that training on some images with a seed begins from: `init=whitening` goes by the images.
  public static func untrained(
    _ architecture: Architecture, on images: LabeledImages, normalization: Normalization,
    seed: UInt64
  ) -> Network {
    var network = Network.untrained(architecture, normalization: normalization, seed: seed)
    let names = architecture.entries.filter { $0.asksForWhitening && $0.inputs == [0] }.map {
      "\($0.name).weight"
    }
    for (place, tensor) in network.tensors.enumerated() where names.contains(tensor.name) {
      guard tensor.shape[1] == images.channels,
        let whitening = Whitening(kernel: tensor.shape[3], of: images, normalization)
      else { continue }
      network.tensors[place].values = whitening.weights(filters: tensor.shape[0])
    }
    return network
  }
}

extension Architecture.Entry {
  /// True for weights that are to start by the images' own windows.
  package var asksForWhitening: Bool {
    parameters.contains {
      if case .initialized(.whitening, _) = $0.role { true } else { false }
    }
  }
}

/// The directions in which windows of some images vary.
struct Whitening {
  /// Directions and the mean square along them, the strongest first.
  private let components: [(direction: [Double], strength: Double)]

  /// Images that windows are taken of, the first ones.
  private static let most = 5000
  /// Added to the mean squares, so that what hardly varies is not blown up.
  private static let epsilon = 5e-4

  /// Looks at every window of some images; `nil` if they are smaller than a window.
  init?(kernel k: Int, of images: LabeledImages, _ normalization: Normalization) {
    let (channels, height, width) = (images.channels, images.height, images.width)
    guard height >= k, width >= k, images.count > 0 else { return nil }
    let size = channels * k * k
    var products = [Double](repeating: 0, count: size * size)
    var window = [Float](repeating: 0, count: size)
    let looked = min(images.count, Self.most)
    for image in 0..<looked {
      var pixels = images.floats([image])
      for channel in 0..<channels {
        let (mean, deviation) = (
          normalization.mean[channel], normalization.standardDeviation[channel]
        )
        for i in channel * height * width..<(channel + 1) * height * width {
          pixels[i] = (pixels[i] - mean) / deviation
        }
      }
      for y in 0...height - k {
        for x in 0...width - k {
          for place in 0..<size {
            let (channel, rest) = place.quotientAndRemainder(dividingBy: k * k)
            window[place] = pixels[(channel * height + y + rest / k) * width + x + rest % k]
          }
          for i in 0..<size {
            for j in i..<size { products[i * size + j] += Double(window[i] * window[j]) }
          }
        }
      }
    }
    let windows = Double(looked * (height - k + 1) * (width - k + 1))
    for i in 0..<size {
      for j in i..<size {
        products[i * size + j] /= windows
        products[j * size + i] = products[i * size + j]
      }
    }
    components = Self.components(products, size)
  }

  /// Weights `[filters][channels][k][k]`: the directions, then their opposites, then nothing.
  func weights(filters: Int) -> [Float] {
    (0..<filters).flatMap { filter -> [Float] in
      let (turn, place) = filter.quotientAndRemainder(dividingBy: components.count)
      let (direction, strength) = components[place]
      let factor = [1, -1, 0][min(turn, 2)] / (strength + Self.epsilon).squareRoot()
      return direction.map { Float(factor * $0) }
    }
  }

  /// Eigenvectors of a symmetric matrix with their eigenvalues. The largest entry of each vector is
  /// positive, so that the same images give the same weights.
  private static func components(
    _ matrix: [Double], _ n: Int
  ) -> [(direction: [Double], strength: Double)] {
    SymmetricEigenvalues.vectors(matrix, count: n).map { value, own in
      let largest = own.max { abs($0) < abs($1) } ?? 1
      return (own.map { largest < 0 ? -$0 : $0 }, max(0, value))
    }.sorted { $0.strength > $1.strength }
  }
}
