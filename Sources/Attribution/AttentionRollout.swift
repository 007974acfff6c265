public import Engine
public import Networks

/// Attention rolled out: where the place that gives the answer looks, through all layers, for whatever class.
///
/// Each layer's attention is the mean over its heads; half of what a place hands on is its own, by the residual connection:
/// `(A + I) / 2`, multiplied from the first layer to the last. The answer's place is the class token, or all places in the
/// mean where there is none. A square's share is the same for all of its pixels. It is no measure of what the answer hangs
/// on: values, the layers between and the class have no part in it.
///
/// Reference: Abnar, Zuidema, Quantifying Attention Flow in Transformers (2020).
public struct AttentionRollout: AttributionMethod {
  private let layers: [String]
  private let side: Int
  private let hasToken: Bool

  /// Rollout through a network that cuts the image into squares and has attention.
  ///
  /// - Throws: `AttributionError` for any other network.
  public init(_ network: Architecture) throws(AttributionError) {
    var (layers, sides, hasToken) = ([String](), [Int](), false)
    for entry in network.entries {
      if case .attention = entry.layer.exportForm { layers.append(entry.name) }
      if case .patches(let side) = entry.layer.exportForm, entry.inputs == [0] {
        sides.append(side)
      }
      if entry.layer.exportForm == .classToken { hasToken = true }
    }
    guard !layers.isEmpty, sides.count == 1 else {
      throw AttributionError(
        "rollout needs patches(K) of the image and attention, and this network"
          + " (\(network.specification)) has not both; use gradient, integrated-gradients or occlusion"
      )
    }
    (self.layers, side, self.hasToken) = (layers, sides[0], hasToken)
  }

  /// The scores, `[N][1][H][W]`; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let shape = executor.network.architecture.inputShape
    let across = shape.width / side
    let looks = layers.map { executor.tracer.inner(images, of: $0) ?? [] }
    let shares = shares(looks, count: targets.count, places: shape.height / side * across)
    let maps = shares.flatMap { share in
      (0..<shape.height * shape.width).map { pixel in
        let (row, column) = pixel.quotientAndRemainder(dividingBy: shape.width)
        return share[row / side * across + column / side]
      }
    }
    return Attribution(scores: maps, targets: targets)
  }

  /// For each image, how much of the answer's place comes from each square.
  private func shares(_ looks: [[Float]], count: Int, places squares: Int) -> [[Float]] {
    let places = squares + (hasToken ? 1 : 0)
    return (0..<count).map { image in
      // From the answer's place back to the squares.
      var row = [Float](repeating: hasToken ? 0 : 1 / Float(places), count: places)
      if hasToken { row[0] = 1 }
      for layer in looks.reversed() {
        let size = layer.count / count
        let heads = size / (places * places)
        var next = row.map { $0 / 2 }
        for head in 0..<heads {
          for t in 0..<places where row[t] != 0 {
            let start = image * size + (head * places + t) * places
            let factor = row[t] / Float(2 * heads)
            for u in 0..<places { next[u] += factor * layer[start + u] }
          }
        }
        row = next
      }
      return Array(row.suffix(squares))
    }
  }
}
