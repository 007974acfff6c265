public import Engine
public import Networks

/// Attention rolled out: where the place that gives the answer looks, through all layers, for whatever class.
///
/// Each layer's attention is the mean over its heads; half of what a place hands on is its own, by the residual connection:
/// `(A + I) / 2`, multiplied from the first layer to the last. The answer's place is what the network reads its answer from:
/// the class token, a square, or all places in the mean. A square's share is the same for all of its pixels. It is no measure
/// of what the answer hangs on: values, the layers between and the class have no part in it.
///
/// Reference: Abnar, Zuidema, Quantifying Attention Flow in Transformers (2020).
public struct AttentionRollout: AttributionMethod {
  private let attention: SquareAttention

  /// Images whose weights are held at once: of many places these are large.
  private static let batch = 8

  /// Rollout through a network that cuts the image into squares and has attention.
  ///
  /// - Throws: `AttributionError` for any other network.
  public init(_ network: Architecture) throws(AttributionError) {
    guard let attention = SquareAttention(network) else {
      throw AttributionError(
        "rollout needs patches(K) of the image, attention among them and one way to the answer, which this network"
          + " (\(network.specification)) has not; use gradient, integrated-gradients or occlusion")
    }
    self.attention = attention
  }

  /// The scores, `[N][1][H][W]`; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let shape = executor.network.architecture.inputShape
    var maps: [Float] = []
    for start in stride(from: 0, to: targets.count, by: Self.batch) {
      let end = min(start + Self.batch, targets.count)
      let batch = Array(images[start * shape.count..<end * shape.count])
      for share in shares(batch, count: end - start, in: executor) {
        for pixel in 0..<shape.height * shape.width {
          let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.width)
          maps.append(share[row / attention.side * attention.columns + column / attention.side])
        }
      }
    }
    return Attribution(scores: maps, targets: targets)
  }

  /// For each image, how much of the answer's place comes from each square.
  private func shares(_ images: [Float], count: Int, in executor: Executor) -> [[Float]] {
    let places = attention.places
    // From the answer's place back to the squares.
    let identity = (0..<places * places).map { Float($0 % (places + 1) == 0 ? 1 : 0) }
    var rows = Array(repeating: attention.answer(of: identity[...]), count: count)
    for layer in attention.layers.reversed() {
      let looks = executor.tracer.inner(images, of: layer.name) ?? []
      let size = looks.count / count
      let heads = size / (places * places)
      for image in 0..<count {
        var next = rows[image].map { $0 / 2 }
        for head in 0..<heads {
          for t in 0..<places where rows[image][t] != 0 {
            let start = image * size + (head * places + t) * places
            let factor = rows[image][t] / Float(2 * heads)
            for u in 0..<places { next[u] += factor * looks[start + u] }
          }
        }
        rows[image] = next
      }
    }
    return rows.map { Array($0.suffix(attention.squares)) }
  }
}
