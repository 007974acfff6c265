import Attribution
import Datasets
import Engine
import Evaluation
import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Study {
  /// Images that are shown with both networks' reasons.
  private static let shownExplanations = 6

  /// What changed from another network to this one.
  ///
  /// - Parameters:
  ///   - before: the other network.
  ///   - attacked: what PGD made of this one and of the other on the same images.
  ///   - explained: the images that the two explain least alike.
  /// - Returns: the change, from the other to this one.
  /// - Precondition: both were attacked on the same images.
  func changeFacts(
    from before: Study, attacked: (own: Attacked, before: Attacked),
    explained: [ChangeFacts.Explained]
  ) -> ChangeFacts {
    precondition(
      attacked.own.places == attacked.before.places, "changeFacts: attacks on other images")
    let images = 0..<predictions.count
    let (own, other) = (predictions, before.predictions)
    func counts(_ images: some Sequence<Int>) -> PairedCounts {
      let images = Array(images)
      return PairedCounts(
        first: images.map(own.isCorrect), second: images.map(other.isCorrect))
    }
    let evaluations = [other, own].map { EvaluationResult($0, classNames: checkpoint.classes) }
    let losses = images.map { image in
      [own, other].map { predictions in
        let row = predictions.logits[image * own.classes..<(image + 1) * own.classes]
        return Double(CrossEntropy.loss(Array(row), label: own.labels[image]))
      }
    }
    let weights = WeightChange(network, from: before.network)
    return ChangeFacts(
      isSame: weights?.isNone ?? false, answers: counts(images),
      perClass: (0..<own.classes).map { label in counts(images.filter { own.labels[$0] == label })
      },
      loss: ChangeFacts.Measured(
        before: evaluations[0].loss, after: evaluations[1].loss,
        interval: .mean(of: losses.map { $0[0] - $0[1] })),
      // Bands make the error too large, more so for the less confident network, so an interval of the difference
      // would not be around the true one. The loss, a proper score, has one.
      calibration: ChangeFacts.Measured(
        before: evaluations[0].ece, after: evaluations[1].ece, interval: nil),
      bands: Calibration.bands(other, edges: Self.bandEdges),
      held: attacked.own.points.map(\.epsilon).map { epsilon in
        func holds(_ smallest: Double?) -> Bool { smallest.map { $0 > epsilon } ?? true }
        return ChangeFacts.Held(
          epsilon: epsilon,
          images: PairedCounts(
            first: attacked.own.smallest.map(holds), second: attacked.before.smallest.map(holds)))
      }, layers: weights?.layers ?? [], filters: weights?.filters, explained: explained)
  }

  /// How alike this network's and another's reasons are on some test images, each for its own answer, and the images on
  /// which they are least alike.
  func explained(
    beside other: Study
  ) -> (agreement: Agreement?, changed: [ChangeFacts.Explained]) {
    let images = sample(extent.judged.sanity, for: "explanations")
    let pixels = test.floats(images)
    let maps = [self, other].map { study in
      IntegratedGradients().attribution(
        of: pixels, in: study.executor, for: images.map { study.predictions.predicted[$0] })
    }
    let inked = inkedMaps(maps, of: pixels)
    let likeness = inked.enumerated().compactMap { row, maps -> (row: Int, correlation: Double)? in
      guard maps.allSatisfy({ map in map.contains { $0 != map.first } }) else { return nil }
      return (row, RankCorrelation.spearman(maps[0], maps[1]))
    }
    let least = likeness.sorted { ($0.correlation, $0.row) < ($1.correlation, $1.row) }
    return (
      Agreement(inked),
      least.prefix(Self.shownExplanations).map { row, correlation in
        let image = images[row]
        return ChangeFacts.Explained(
          example: example(image), predicted: other.predictions.predicted[image],
          confidence: other.predictions.confidence(image),
          maps: [maps[1], maps[0]].map { map($0, row).rounded() }, correlation: correlation)
      }
    )
  }
}

extension ChangeFacts.Measured {
  /// How likely a difference as large is by chance alone, by the normal approximation from the interval; `nil` without
  /// one, and where it is no number.
  package var pValue: Double? {
    guard let interval, interval.low.isFinite, interval.high.isFinite else { return nil }
    let (center, reach) = (interval.low + interval.high, interval.high - interval.low)
    guard reach > 0 else { return center == 0 ? 1 : 0 }
    // The interval reaches 1.96 standard errors to either side.
    return erfc(1.959963984540054 * abs(center) / reach / 2.0.squareRoot())
  }
}
