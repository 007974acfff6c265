public import Networks
import SwiftProtobuf

/// A checkpoint as an ONNX model, which onnxruntime and many others run.
///
/// Input `image`, float32 `[N, C, H, W]` with any N; output `logits`, float32 `[N, K]`. Initialisers keep the names and
/// shapes of Inkling's tensors (`conv1.weight`), values those of its layers. The model's metadata holds what the checkpoint's
/// does under the same keys behind `inkling.` (`inkling.model`, `inkling.classes`, `inkling.mean`, ...), and in
/// `inkling.normalisation` where pixels are normalised, so that the checkpoint can be made of it again. The same checkpoint
/// gives the same bytes.
///
/// Reference: the ONNX specification, operators and intermediate representation.
public struct ONNXExport: Sendable {
  /// The version of the operators: the first with LayerNormalization, read by onnxruntime from 1.12 on. Later ones would say
  /// GELU (20) and group normalisation (21) in one operator, and could be read by fewer programs.
  public static let operatorSet = 17
  /// The version of the format that came with these operators.
  public static let formatVersion = 8
  /// The name of the input.
  public static let input = "image"
  /// The name of the output.
  public static let output = "logits"

  /// Before every key of the metadata.
  private static let prefix = "inkling."
  /// The key of where pixels are normalised.
  private static let placeKey = "normalisation"

  private let checkpoint: Checkpoint
  private let normalization: NormalizationPlace
  private let version: String

  /// The model of a checkpoint.
  ///
  /// - Parameters:
  ///   - checkpoint: a network with its class names.
  ///   - normalization: whether the model begins with subtracting the mean and dividing by the standard deviation.
  ///   - version: Inkling's version, which stands in the file as its producer's.
  public init(_ checkpoint: Checkpoint, normalization: NormalizationPlace, version: String) {
    self.checkpoint = checkpoint
    self.normalization = normalization
    self.version = version
  }

  /// The file's bytes.
  ///
  /// - Throws: the serializer's error, if the model is larger than the 2 GiB that the format allows.
  public func bytes() throws -> [UInt8] { try model.serializedBytes() }

  private var model: Onnx_ModelProto {
    var model = Onnx_ModelProto()
    model.irVersion = Int64(Self.formatVersion)
    model.producerName = "inkling"
    model.producerVersion = version
    var operators = Onnx_OperatorSetIdProto()
    operators.domain = ""
    operators.version = Int64(Self.operatorSet)
    model.opsetImport = [operators]
    model.graph = graph
    var metadata = checkpoint.safeTensors().metadata
    metadata["format"] = nil
    metadata[Self.placeKey] = normalization.rawValue
    model.metadataProps = metadata.sorted { $0.key < $1.key }.map { key, text in
      var pair = Onnx_StringStringEntryProto()
      (pair.key, pair.value) = (Self.prefix + key, text)
      return pair
    }
    return model
  }

  private var graph: Onnx_GraphProto {
    let network = checkpoint.network
    let architecture = network.architecture
    var graph = ONNXGraphBuilder()
    for tensor in network.tensors { graph.add(tensor.name, tensor.shape, tensor.values) }
    // The names of the network's values; a layer that does nothing at prediction hands on what it reads.
    var names = [normalization == .inside ? normalized(&graph) : Self.input]
    for (place, entry) in architecture.entries.enumerated() {
      let isLast = place == architecture.entries.count - 1
      names.append(
        graph.add(
          entry, reading: entry.inputs.map { names[$0] }, as: isLast ? Self.output : entry.name))
    }
    return graph.message(
      input: (Self.input, architecture.inputShape.dimensions),
      output: (Self.output, [architecture.outputs]))
  }

  /// Adds the normalisation; returns the name of its value.
  private func normalized(_ graph: inout ONNXGraphBuilder) -> String {
    let values = checkpoint.network.normalization
    let shape = [1, values.mean.count, 1, 1]
    let mean = graph.add("\(Self.input)/mean", shape, values.mean)
    let deviation = graph.add(
      "\(Self.input)/standard_deviation", shape, values.standardDeviation)
    let centered = graph.add("Sub", [Self.input, mean], as: "\(Self.input)/centered")
    return graph.add("Div", [centered, deviation], as: "\(Self.input)/normalized")
  }
}

extension ONNXExport {
  /// The checkpoint of a file that Inkling wrote and nobody changed; `nil` for any other.
  ///
  /// A graph says no more than what is computed; here the images that the network was trained on, its run and how pictures
  /// are prepared come back as well. That the file is unchanged shows in its bytes: they are what is made of the checkpoint.
  ///
  /// - Parameters:
  ///   - bytes: the file's.
  ///   - assumptions: what wins over what the file says.
  /// - Returns: the checkpoint, with the file's own classes unless others are assumed.
  /// - Throws: `CheckpointError` if what is assumed does not fit it.
  package static func checkpoint(
    in bytes: [UInt8], assuming assumptions: Checkpoint.Assumptions? = nil
  ) throws(CheckpointError) -> Checkpoint? {
    guard let model = try? Onnx_ModelProto(serializedBytes: bytes) else { return nil }
    var file = SafeTensors()
    for pair in model.metadataProps where pair.key.hasPrefix(prefix) {
      file.metadata[String(pair.key.dropFirst(prefix.count))] = pair.value
    }
    let place = file.metadata.removeValue(forKey: placeKey).flatMap(NormalizationPlace.init)
    guard let place else { return nil }
    file.metadata["format"] = Checkpoint.formatName
    for tensor in model.graph.initializer where !tensor.name.contains("/") {
      guard let values = ONNXGraphBuilder.floats(tensor) else { return nil }
      file.append(tensor.name, shape: tensor.dims.map { Int($0) }, values)
    }
    guard let checkpoint = try? Checkpoint(file) else { return nil }
    let export = ONNXExport(checkpoint, normalization: place, version: model.producerVersion)
    guard (try? export.bytes()) == bytes else { return nil }
    return assumptions == nil ? checkpoint : try Checkpoint(file, assuming: assumptions)
  }
}
