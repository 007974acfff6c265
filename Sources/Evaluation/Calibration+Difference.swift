import Randomness

extension Calibration {
  /// The 95 % interval of the first network's calibration error minus the second's on the same images.
  ///
  /// By a paired bootstrap: images are drawn anew with replacement, both networks' answers to an image together.
  ///
  /// - Parameters:
  ///   - first: what the first network says.
  ///   - second: what the second says of the same images.
  ///   - draws: how often the images are drawn.
  ///   - seed: of the draws.
  /// - Returns: the interval from the 2.5 % to the 97.5 % quantile.
  /// Reference: Efron, Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
  package static func errorDifference(
    _ first: Predictions, _ second: Predictions, draws: Int = 1000, seed: UInt64
  ) -> Interval {
    let count = first.count
    guard count > 0 else { return Interval(low: 0, high: 0) }
    // What an image adds to the gap of its bin: whether it was right, less how sure the network was.
    func answers(_ predictions: Predictions) -> [(bin: Int, gap: Double)] {
      (0..<count).map { image in
        let confidence = Double(predictions.confidence(image))
        let bin = confidence.isFinite ? Int((confidence * Double(bins)).rounded(.up)) - 1 : 0
        let right = predictions.isCorrect(image) ? 1.0 : 0
        return (min(max(bin, 0), bins - 1), right - (confidence.isFinite ? confidence : 0))
      }
    }
    let (one, two) = (answers(first), answers(second))
    var generator = SplitMix64(seed: seed, purpose: "calibration")
    let differences = (0..<draws).map { _ -> Double in
      var (own, other) = (
        [Double](repeating: 0, count: bins), [Double](repeating: 0, count: bins)
      )
      for _ in 0..<count {
        let image = generator.below(count)
        own[one[image].bin] += one[image].gap
        other[two[image].bin] += two[image].gap
      }
      return (own.reduce(0) { $0 + abs($1) } - other.reduce(0) { $0 + abs($1) }) / Double(count)
    }.sorted()
    func quantile(_ share: Double) -> Double {
      differences[Int((share * Double(differences.count - 1)).rounded())]
    }
    return Interval(low: quantile(0.025), high: quantile(0.975))
  }

  /// Bands of equal width of the calibration error.
  private static let bins = 15
}
