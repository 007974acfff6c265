import Datasets
import Engine
import Evaluation
import Foundation
import Networks
import Pictures

extension Study {
  /// The network for a page: its large layers as bytes if that hardly changes an answer, otherwise all as
  /// half-precision numbers.
  ///
  /// - Parameter fragile: images that a small change fooled.
  /// - Returns: the network, how like the checkpoint it answers, and images to begin with.
  /// - Throws: `LiveFacts.Absence` for a network that a page should not hold.
  package func liveFacts(
    fragile: [ExampleFacts] = []
  ) throws(LiveFacts.Absence) -> LiveFacts {
    guard network.tensors.allSatisfy({ $0.values.allSatisfy(\.isFinite) }),
      predictions.probabilities.allSatisfy(\.isFinite)
    else { throw .diverged }
    let bytes = try live(.int8, fragile)
    var facts =
      bytes.agreement >= 0.999 && bytes.largestGap <= 0.01
      ? bytes : try live(.float16, fragile)
    let images = sample(Self.scaleImages, for: "scales")
    let scales = scales(images)
    for place in facts.layers.indices {
      facts.layers[place].scale = scales[facts.layers[place].name]
    }
    facts.scaleImages = images.count
    // What the checkpoint says, as for `inkling predict`, else what the images at hand have in common.
    facts.preparation =
      checkpoint.preparation.flatMap {
        try? JSONDecoder().decode(Preparation.self, from: Data($0.utf8))
      } ?? Preparation(of: split.train, paper: dataset.paper)
    return facts
  }

  /// Test images that the scales of maps are found on, and the most numbers of each layer that are looked at of each.
  private static let (scaleImages, scaleNumbers) = (64, 2000)

  /// For every layer the 99.8th percentile of its numbers' magnitudes on some test images; none for one that says only 0.
  private func scales(_ images: [Int]) -> [String: Float] {
    var magnitudes: [String: [Float]] = [:]
    for batch in images.chunks(of: 8) {
      for (name, values) in executor.tracer.activations(test.floats(batch)) {
        // A step without a factor in common with the rows meets all columns.
        let step = max(1, values.count / (batch.count * Self.scaleNumbers)) | 1
        magnitudes[name, default: []] += stride(from: 0, to: values.count, by: step).map {
          abs(values[$0])
        }
      }
    }
    return magnitudes.compactMapValues { values in
      let sorted = values.sorted()
      let end = sorted[Int(0.998 * Double(sorted.count - 1))]
      return end > 0 ? end : sorted.last.flatMap { $0 > 0 ? $0 : nil }
    }
  }

  private func live(
    _ precision: PackedNetwork.Precision, _ fragile: [ExampleFacts]
  ) throws(LiveFacts.Absence) -> LiveFacts {
    let (packed, rounded) = PackedNetwork.pack(network, precision)
    guard packed.byteCount <= PackedNetwork.mostBytes else {
      throw .large(bytes: packed.byteCount)
    }
    let other = Predictions(of: Executor(rounded, pool: pool), on: test)
    let same = (0..<predictions.count).count { predictions.predicted[$0] == other.predicted[$0] }
    let chosen = examplesForThePage
    let classes = predictions.classes
    func gap(_ images: some Sequence<Int>) -> Double {
      var largest: Float = 0
      for image in images {
        for place in image * classes..<(image + 1) * classes {
          let gap = abs(predictions.probabilities[place] - other.probabilities[place])
          largest = max(largest, gap)
        }
      }
      return Double(largest)
    }
    return LiveFacts(
      inputShape: packed.inputShape, mean: packed.mean,
      standardDeviation: packed.standardDeviation, layers: packed.layers,
      precision: packed.precision, weights: packed.weights,
      agreement: Double(same) / Double(max(1, predictions.count)), count: predictions.count,
      largestGap: gap(chosen), largestGapOfAll: gap(0..<predictions.count),
      examples: chosen.map(example), fragile: fragile)
  }

  /// The surest correct image of each of the first ten classes, and the two surest mistakes.
  private var examplesForThePage: [Int] {
    let sure = byConfidence(predictions.isCorrect)
    return (0..<min(10, predictions.classes)).compactMap { label in
      sure.first { predictions.labels[$0] == label }
    } + byConfidence { !predictions.isCorrect($0) }.prefix(2)
  }
}
