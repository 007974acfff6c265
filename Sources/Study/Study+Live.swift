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
      weights.store(entry, &layer, network, &rounded)
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

  /// Stores a layer's matrices, and puts into `rounded` what the page will compute with.
  mutating func store(
    _ entry: Architecture.Entry, _ layer: inout LiveLayer, _ network: Network,
    _ rounded: inout Network
  ) {
    let names = entry.layer.exportForm.matrices.map { "\(entry.name).\($0)" }
    let places = network.tensors.indices.filter { names.contains(network.tensors[$0].name) }
    guard !places.isEmpty else { return }
    layer.offset = data.count
    let shapes = places.map { network.tensors[$0].shape }
    if shapes.count > 1 || entry.inputShape.isSequence { layer.matrices = shapes }
    let isSmall = places.reduce(0) { $0 + network.tensors[$1].values.count } <= Self.smallLayer
    layer.precision = isSmall ? Precision.float16.rawValue : precision.rawValue
    for place in places {
      switch isSmall ? .float16 : precision {
      case .int8: layer.factors = (layer.factors ?? []) + storeSteps(&rounded.tensors[place])
      case .float16: storeHalves(&rounded.tensors[place])
      }
    }
  }

  /// Stores a matrix as whole numbers of steps; returns the size of each row's.
  private mutating func storeSteps(_ tensor: inout Tensor) -> [Float] {
    let size = tensor.values.count / tensor.shape[0]
    return (0..<tensor.shape[0]).map { output in
      let row = output * size..<(output + 1) * size
      let largest = tensor.values[row].map(abs).max() ?? 0
      // Below this the steps themselves would be subnormal: such a row is zero to any image.
      let factor = largest > 1e-30 ? largest / 127 : 1
      for place in row {
        let step = Int8(min(max((tensor.values[place] / factor).rounded(), -127), 127))
        data.append(UInt8(bitPattern: step))
        tensor.values[place] = Float(step) * factor
      }
      return factor
    }
  }

  private mutating func storeHalves(_ tensor: inout Tensor) {
    for (place, value) in tensor.values.enumerated() {
      let half = HalfPrecision.bits(value)
      data.append(UInt8(half & 0xff))
      data.append(UInt8(half >> 8))
      tensor.values[place] = HalfPrecision.float16(half)
    }
  }
}

extension ExportForm {
  /// The tensors that are multiplied with what comes in, by their names within the layer.
  fileprivate var matrices: [String] {
    switch self {
    case .convolution, .linear: ["weight"]
    case .attention: ["in_proj_weight", "out_proj.weight"]
    case .recurrence: ["weight_ih_l0", "weight_hh_l0"]
    case .batchNormalization, .layerNormalization, .groupNormalization, .activation, .pooling,
      .globalPooling, .flattening, .unflattening, .upsampling, .rows, .patches, .selection,
      .meanOfPlaces, .classToken, .positions, .dropout, .gaussianNoise, .sampling, .sum,
      .concatenation, .mixture:
      []
    }
  }
}
