import Engine
import Networks

/// How a score changes as places of an image are exchanged, the most important ones first.
struct RemovalCurve {
  let executor: Executor
  let images: [Float]
  let targets: [Int]
  /// For each image the places, the highest score first, the first place among equals.
  let orders: [[Int]]

  private var shape: ImageShape { executor.network.architecture.inputShape }
  private var plane: Int { shape.height * shape.width }

  init(_ attribution: Attribution, of images: [Float], in executor: Executor) {
    self.executor = executor
    self.images = images
    targets = attribution.targets
    let shape = executor.network.architecture.inputShape
    orders = targets.indices.map { image in
      let scores = attribution.places(image, shape)
      return scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    }
  }

  /// The score along the curve, for each image.
  ///
  /// - Parameters:
  ///   - start: where each image starts.
  ///   - end: what it becomes, place by place.
  ///   - places: how many places are exchanged, all if `nil`.
  ///   - steps: in how many steps.
  ///   - asProbability: true for the target's probability, false for its logit.
  /// - Returns: `steps + 1` scores an image.
  func scores(
    from start: Baseline.Rows, to end: Baseline.Rows, places: Int? = nil, steps: Int,
    asProbability: Bool
  ) -> [[Double]] {
    let ranks = orders.map { order in
      var ranks = [Int](repeating: 0, count: order.count)
      for (rank, place) in order.enumerated() { ranks[place] = rank }
      return ranks
    }
    let (plane, size, places) = (plane, shape.count, places ?? plane)
    let scores = executor.targetScores(
      of: images, targets, copies: steps + 1, asProbability: asProbability
    ) { image, step, batch in
      let exchanged = (places * step + steps / 2) / steps
      let (old, new) = (start.start(image), end.start(image))
      for i in 0..<size {
        batch.append(
          ranks[image][i % plane] < exchanged ? end.values[new + i] : start.values[old + i])
      }
    }
    return targets.indices.map { image in
      scores[image * (steps + 1)..<(image + 1) * (steps + 1)].map(Double.init)
    }
  }

  /// The mean of a score along its curve: the area below it by the trapezoidal rule.
  static func area(_ scores: [Double]) -> Double {
    let ends = (scores.first ?? 0) + (scores.last ?? 0)
    return (scores.reduce(0, +) - ends / 2) / Double(max(1, scores.count - 1))
  }
}

extension Attribution {
  /// One image's score of each place: the sum over the channels.
  func places(_ image: Int, _ shape: ImageShape) -> [Float] {
    let map = map(image)
    let plane = shape.height * shape.width
    return (0..<plane).map { place in
      stride(from: map.startIndex + place, to: map.endIndex, by: plane)
        .reduce(Float(0)) { $0 + map[$1] }
    }
  }
}
