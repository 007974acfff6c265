import Foundation
import Networks

/// Collects the nodes and constants of an ONNX graph.
struct ONNXGraphBuilder {
  /// What an operator is told beside its inputs.
  enum Attribute {
    case whole(Int)
    case wholes([Int])
    case number(Float)
    case word(String)
  }

  private var graph = Onnx_GraphProto()

  /// Adds a constant of float32 numbers; returns its name.
  @discardableResult
  mutating func add(_ name: String, _ shape: [Int], _ values: [Float]) -> String {
    add(name, shape, .float, Self.bytes(values.map(\.bitPattern)))
  }

  /// Adds a constant list of whole numbers, as axes and shapes are; returns its name.
  mutating func add(_ name: String, _ values: [Int]) -> String {
    add(name, [values.count], .int64, Self.bytes(values.map { UInt64(bitPattern: Int64($0)) }))
  }

  private mutating func add(
    _ name: String, _ shape: [Int], _ type: Onnx_TensorProto.DataType, _ bytes: Data
  ) -> String {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = Int32(type.rawValue)
    tensor.rawData = bytes
    graph.initializer.append(tensor)
    return name
  }

  /// The numbers of a constant as `add` stores them; `nil` for one that is stored otherwise.
  static func floats(_ tensor: Onnx_TensorProto) -> [Float]? {
    var size = Int64(MemoryLayout<Float>.size)
    for dimension in tensor.dims {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard dimension > 0, !overflow else { return nil }
      size = product
    }
    guard tensor.dataType == Int32(Onnx_TensorProto.DataType.float.rawValue),
      size == tensor.rawData.count
    else { return nil }
    return tensor.rawData.withUnsafeBytes { $0.numbers(Float.self) }
  }

  private static func bytes(_ patterns: [some FixedWidthInteger]) -> Data {
    patterns.map(\.littleEndian).withUnsafeBytes { Data($0) }
  }

  /// Adds a node of the name of its one output; returns that name.
  mutating func add(
    _ operation: String, _ inputs: [String], as output: String,
    _ attributes: [String: Attribute] = [:]
  ) -> String {
    var node = Onnx_NodeProto()
    node.name = output
    node.opType = operation
    node.input = inputs
    node.output = [output]
    node.attribute = attributes.sorted { $0.key < $1.key }.map(Self.message)
    graph.node.append(node)
    return output
  }

  private static func message(_ name: String, _ value: Attribute) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    switch value {
    case .whole(let value): (attribute.type, attribute.i) = (.int, Int64(value))
    case .wholes(let values): (attribute.type, attribute.ints) = (.ints, values.map(Int64.init))
    case .number(let value): (attribute.type, attribute.f) = (.float, value)
    case .word(let value): (attribute.type, attribute.s) = (.string, Data(value.utf8))
    }
    return attribute
  }

  /// The graph with its input and output, whose first dimension is any number of images.
  func message(
    input: (name: String, shape: [Int]), output: (name: String, shape: [Int])
  ) -> Onnx_GraphProto {
    var message = graph
    message.name = "inkling"
    message.input = [Self.value(input.name, input.shape)]
    message.output = [Self.value(output.name, output.shape)]
    return message
  }

  private static func value(_ name: String, _ shape: [Int]) -> Onnx_ValueInfoProto {
    var dimensions = [Onnx_TensorShapeProto.Dimension()]
    dimensions[0].dimParam = "N"
    for count in shape {
      var dimension = Onnx_TensorShapeProto.Dimension()
      dimension.dimValue = Int64(count)
      dimensions.append(dimension)
    }
    var value = Onnx_ValueInfoProto()
    value.name = name
    value.type.tensorType.elemType = Int32(Onnx_TensorProto.DataType.float.rawValue)
    value.type.tensorType.shape.dim = dimensions
    return value
  }
}
