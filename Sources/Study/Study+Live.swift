import Datasets
import Engine
import Evaluation
import Foundation
import Networks

extension Study {
  /// The network for a page: its large layers as bytes if that hardly changes an answer, otherwise all as
  /// half-precision numbers.
  ///
  /// - Parameter fragile: images that a small change fooled.
  /// - Returns: `nil` for a network whose numbers or answers are not all finite: training diverged.
  package func liveFacts(fragile: [ExampleFacts] = []) -> LiveFacts? {
    guard network.tensors.allSatisfy({ $0.values.allSatisfy(\.isFinite) }),
      predictions.probabilities.allSatisfy(\.isFinite)
    else { return nil }
    let bytes = live(LiveWeights.Precision.int8, fragile)
    var facts =
      bytes.agreement >= 0.999 && bytes.largestGap <= 0.01
      ? bytes : live(LiveWeights.Precision.float16, fragile)
    let images = sample(Self.scaleImages, for: "scales")
    let scales = scales(images)
    for place in facts.layers.indices {
      facts.layers[place].scale = scales[facts.layers[place].name]
    }
    facts.scaleImages = images.count
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

  private func live(_ precision: LiveWeights.Precision, _ fragile: [ExampleFacts]) -> LiveFacts {
    var weights = LiveWeights(precision)
    var layers: [LiveLayer] = []
    var rounded = network
    // The page's number of each value of the network: a layer that is left out hands on what it reads.
    var values = [0]
    for entry in architecture.entries {
      let inputs = entry.inputs.map { values[$0] }
      guard var layer = LiveLayer(entry, of: network) else {
        values.append(inputs[0])
        continue
      }
      if entry.layer.family == .affine {
        weights.store("\(entry.name).weight", &layer, network, &rounded)
      }
      layer.inputs = inputs == [layers.count] ? nil : inputs
      layers.append(layer)
      values.append(layers.count)
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
      inputShape: architecture.inputShape.dimensions, mean: network.normalization.mean,
      standardDeviation: network.normalization.standardDeviation, layers: layers,
      precision: precision.rawValue, weights: weights.data.base64EncodedString(),
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

/// Collects the weights of a network for a page.
private struct LiveWeights {
  enum Precision: String {
    case int8, float16
  }

  let precision: Precision
  private(set) var data = Data()
  /// Layers with at most so many weights are stored as halves: they cost little and matter most.
  private static let smallLayer = 32_768

  init(_ precision: Precision) { self.precision = precision }

  /// Stores a layer's weights, and puts into `rounded` what the page will compute with.
  mutating func store(
    _ name: String, _ layer: inout LiveLayer, _ network: Network, _ rounded: inout Network
  ) {
    guard let index = network.tensors.firstIndex(where: { $0.name == name }) else { return }
    layer.offset = data.count
    let tensor = network.tensors[index]
    let isSmall = tensor.values.count <= Self.smallLayer
    layer.precision = isSmall ? Precision.float16.rawValue : precision.rawValue
    switch isSmall ? .float16 : precision {
    case .int8:
      let size = tensor.values.count / tensor.shape[0]
      var factors: [Float] = []
      for output in 0..<tensor.shape[0] {
        let row = output * size..<(output + 1) * size
        let largest = tensor.values[row].map(abs).max() ?? 0
        // Below this the steps themselves would be subnormal: such a row is zero to any image.
        let factor = largest > 1e-30 ? largest / 127 : 1
        factors.append(factor)
        for place in row {
          let step = Int8(min(max((tensor.values[place] / factor).rounded(), -127), 127))
          data.append(UInt8(bitPattern: step))
          rounded.tensors[index].values[place] = Float(step) * factor
        }
      }
      layer.factors = factors
    case .float16:
      for (place, value) in tensor.values.enumerated() {
        let half = HalfPrecision.bits(value)
        data.append(UInt8(half & 0xff))
        data.append(UInt8(half >> 8))
        rounded.tensors[index].values[place] = HalfPrecision.float16(half)
      }
    }
  }
}
