import Foundation
import Networks

/// A network in a form that a page can run.
package struct PackedNetwork: Codable, Sendable {
  /// Channels, height and width of an image.
  package var inputShape: [Int]
  /// Normalisation, one number a channel.
  package var mean: [Float]
  /// Normalisation, one number a channel.
  package var standardDeviation: [Float]
  /// The layers in order; those that do nothing at prediction, such as dropout, are left out.
  package var layers: [LiveLayer]
  /// How the weights of large layers are stored; those of small layers are always `float16`.
  package var precision: String
  /// The weights of all layers, one after the other, in base 64.
  package var weights: String

  /// How many bytes the weights take.
  var byteCount: Int {
    weights.utf8.count / 4 * 3 - weights.utf8.suffix(2).count { $0 == UInt8(ascii: "=") }
  }
  /// A page that holds more is slow to open, and slow to answer.
  package static let mostBytes = 4_000_000

  /// How the weights of large layers are stored.
  enum Precision: String {
    /// Whole numbers of steps, with the size of a step for each output.
    case int8
    /// Half-precision numbers.
    case float16
  }

  /// Packs a network, and says what the page will compute with.
  static func pack(
    _ network: Network, _ precision: Precision
  ) -> (packed: PackedNetwork, rounded: Network) {
    var weights = LiveWeights(precision)
    var layers: [LiveLayer] = []
    var rounded = network
    // The page's number of each value of the network: a layer that is left out hands on what it reads.
    var values = [0]
    for entry in network.architecture.entries {
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
    return (
      PackedNetwork(
        inputShape: network.architecture.inputShape.dimensions, mean: network.normalization.mean,
        standardDeviation: network.normalization.standardDeviation, layers: layers,
        precision: precision.rawValue, weights: weights.data.base64EncodedString()), rounded
    )
  }
}

/// Collects the weights of a network for a page.
private struct LiveWeights {
  let precision: PackedNetwork.Precision
  private(set) var data = Data()

  /// Layers with at most so many weights are stored as halves: they cost little and matter most.
  private static let smallLayer = 32_768

  init(_ precision: PackedNetwork.Precision) { self.precision = precision }

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
    layer.precision = isSmall ? PackedNetwork.Precision.float16.rawValue : precision.rawValue
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
