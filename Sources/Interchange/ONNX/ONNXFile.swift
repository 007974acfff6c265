import Foundation
package import Networks
import SwiftProtobuf

/// An ONNX file: a graph of operators with its weights, as PyTorch, Keras (by tf2onnx) and scikit-learn (by skl2onnx) export
/// them.
///
/// Reference: ONNX's operators and intermediate representation, operator sets 7 to 23 (github.com/onnx/onnx).
package struct ONNXFile {
  private let graph: ONNXGraph
  private let external: ONNXExternalData

  /// More bytes than this are refused; protocol buffers end at 2 GiB.
  static let largest = 1 << 31

  /// True for bytes that begin as ONNX files do: with the version of the representation, and then who wrote it or the graph.
  package static func isOne(_ bytes: some Sequence<UInt8>) -> Bool {
    let start = Array(bytes.prefix(3))
    return start.count == 3 && start[0] == 0x08 && (3..<0x20).contains(start[1])
      && [0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42].contains(start[2])
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: its contents.
  ///   - folder: where it lies; tensors that it keeps in other files must be there too. `nil` for bytes that are no file's.
  /// - Throws: `CheckpointError` if it is damaged.
  package init(_ bytes: [UInt8], folder: String?) throws(CheckpointError) {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    let model: Onnx_ModelProto
    do {
      model = try Onnx_ModelProto(serializedBytes: bytes, options: options)
    } catch {
      throw CheckpointError("it begins as ONNX files do, but is cut short or damaged")
    }
    graph = try ONNXGraph(model, byteCount: bytes.count)
    external = ONNXExternalData(folder: folder)
  }

  /// The network of the file.
  ///
  /// - Parameter assumptions: what the file does not say; a model is not among it.
  /// - Returns: a checkpoint with the network.
  /// - Throws: `CheckpointError` with the node that has no counterpart, or what does not fit.
  package func checkpoint(
    assuming assumptions: Checkpoint.Assumptions?
  ) throws(CheckpointError) -> Checkpoint {
    guard assumptions?.model == nil else {
      throw CheckpointError("an ONNX file says itself which network it is; leave --model out")
    }
    var first: CheckpointError?
    let input = try ONNXInput(graph.dimensions, assumptions?.inputShape)
    for (shape, axes) in input.candidates {
      do throws(CheckpointError) {
        let assumed = assumptions?.inputShape == nil ? input.note(shape).map { [$0] } ?? [] : []
        return try checkpoint(of: shape, axes, assumptions, assumed: assumed + graph.notes)
      } catch {
        first = first ?? error
      }
    }
    throw first ?? CheckpointError("no shape of image was given")
  }

  private func checkpoint(
    of shape: ImageShape, _ axes: [ONNXImages.Axis], _ assumptions: Checkpoint.Assumptions?,
    assumed: [String]
  ) throws(CheckpointError) -> Checkpoint {
    let images = ONNXImages(
      value: 0,
      shape: .image(channels: shape.channels, height: shape.height, width: shape.width), axes: axes)
    var reader = try ONNXReader(graph, inputShape: shape, input: images, external: external)
    let end = try reader.scores(of: graph.outputs)
    let written = try reader.graph.written(to: end)
    let architecture = try Self.architecture(written.text, shape)
    var tensors = SafeTensors()
    let owners = architecture.entries.filter { !$0.parameters.isEmpty }
    let steps = written.steps.filter { !$0.tensors.isEmpty }
    guard owners.count == steps.count else {
      throw CheckpointError("its layers do not fit the network \(written.text)")
    }
    for (entry, step) in zip(owners, steps) {
      for tensor in step.tensors {
        tensors.append("\(entry.name).\(tensor.name)", shape: tensor.shape, tensor.values)
      }
    }
    let said = ONNXMetadata(graph.metadata)
    let asWritten = reader.normalization ?? .identity(channels: shape.channels)
    // Behind a normalisation that the file asks for, a factor is a layer's and not the pixels'.
    let (own, scaling) = said.normalization == nil ? asWritten.ofUnitPixels : (asWritten, [])
    let before = assumptions?.normalization ?? said.normalization
    guard before?.mean.count ?? shape.channels == shape.channels else {
      throw CheckpointError(
        "\(before?.mean.count ?? 0) means were given for images of \(shape.channels) channels")
    }
    var checkpoint = try Checkpoint(
      tensors,
      assuming: Checkpoint.Assumptions(
        model: architecture.specification.description, inputShape: shape,
        classes: assumptions?.classes ?? said.classes ?? reader.classes,
        normalization: before.map(own.after) ?? own))
    checkpoint.ownNormalization = own
    checkpoint.notes =
      ["the network is \(architecture.specification.description)"] + assumed + reader.notes
      + scaling
    return checkpoint
  }

  private static func architecture(
    _ text: String, _ shape: ImageShape
  ) throws(CheckpointError) -> Architecture {
    do throws(SpecificationError) {
      return try Architecture(Specification(text: text), inputShape: shape)
    } catch {
      throw CheckpointError("its network cannot be built: \(error)")
    }
  }
}
