#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The mean loss of some images over one weight of the last layer.
struct LossValley {
  /// Where training left it.
  let weight: Double
  /// The class to whose score it adds.
  let label: Int
  let labels: [Int]
  /// What it multiplies, for each image.
  let activations: [Double]
  /// The scores where training left it.
  let logits: [[Double]]

  func at(_ weight: Double) -> DescentFacts.Place {
    let sum = labels.indices.reduce(0.0) { sum, image in
      let scores = scores(image, weight)
      return sum + logSum(scores) - scores[labels[image]]
    }
    return DescentFacts.Place(weight: weight, loss: sum / Double(labels.count))
  }

  /// The derivative: the mean of (p - t) times what the weight multiplies.
  func slope(_ weight: Double) -> Double {
    let sum = labels.indices.reduce(0.0) { sum, image in
      let scores = scores(image, weight)
      let probability = exp(scores[label] - logSum(scores))
      return sum + (probability - (labels[image] == label ? 1 : 0)) * activations[image]
    }
    return sum / Double(labels.count)
  }

  private func scores(_ image: Int, _ weight: Double) -> [Double] {
    var scores = logits[image]
    scores[label] += (weight - self.weight) * activations[image]
    return scores
  }

  private func logSum(_ scores: [Double]) -> Double {
    let largest = scores.max() ?? 0
    return largest + log(scores.reduce(0) { $0 + exp($1 - largest) })
  }

  /// Where the loss is so much above that at a weight, on one of its sides; `nil` if that is nowhere near.
  func place(_ rise: Double, above origin: Double, towards side: Double) -> Double? {
    let wanted = at(origin).loss + rise
    var far = max(abs(origin), 0.01)
    for _ in 0..<12 where at(origin + side * far).loss < wanted { far *= 2 }
    guard at(origin + side * far).loss >= wanted else { return nil }
    var near = 0.0
    for _ in 0..<40 {
      let middle = (near + far) / 2
      if at(origin + side * middle).loss < wanted { near = middle } else { far = middle }
    }
    return origin + side * far
  }

  /// Where the slope changes its sign.
  func lowest(between low: Double, and high: Double) -> Double {
    var (low, high) = (low, high)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if slope(middle) < 0 { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
