import Networks

/// A node of an ONNX graph: what it computes, of which values, with which attributes.
struct ONNXNode {
  /// The operator, without its domain if that is ONNX's own: `Conv`, `ai.onnx.ml.ZipMap`.
  let operation: String
  /// What it reads; empty names are inputs left out.
  let inputs: [String]
  let outputs: [String]
  private let name: String
  private let attributes: [String: Onnx_AttributeProto]

  init(_ node: Onnx_NodeProto) {
    let isOwn = ["", "ai.onnx"].contains(node.domain)
    operation = isOwn ? node.opType : "\(node.domain).\(node.opType)"
    inputs = node.input
    outputs = node.output
    name = node.name
    attributes = Dictionary(node.attribute.map { ($0.name, $0) }) { first, _ in first }
  }

  /// A place of the graph that is no node of the file.
  init(name: String, operation: String) {
    (self.name, self.operation) = (name, operation)
    (inputs, outputs, attributes) = ([], [], [:])
  }

  /// An error about this node.
  func error(_ message: String) -> CheckpointError {
    let title = name.isEmpty ? outputs.first ?? "" : name
    return CheckpointError("node \(title.isEmpty ? "" : "“\(title)” ")(\(operation)): \(message)")
  }

  /// True if it reads a value at a place.
  func hasInput(_ place: Int) -> Bool { place < inputs.count && !inputs[place].isEmpty }

  func has(_ attribute: String) -> Bool { attributes[attribute] != nil }

  /// A whole number among the attributes.
  func integer(_ attribute: String, default value: Int) -> Int {
    attributes[attribute].map { Int($0.i) } ?? value
  }

  /// Whole numbers among the attributes; `nil` if there are none of the name.
  func integers(_ attribute: String) -> [Int]? { attributes[attribute]?.ints.map(Int.init) }

  /// A real number among the attributes.
  func real(_ attribute: String, default value: Float) -> Float {
    attributes[attribute]?.f ?? value
  }

  /// Real numbers among the attributes; `nil` if there are none of the name.
  func reals(_ attribute: String) -> [Float]? { attributes[attribute]?.floats }

  /// A text among the attributes; `nil` if there is none of the name.
  func text(_ attribute: String) -> String? {
    attributes[attribute].map { String(decoding: $0.s, as: UTF8.self) }
  }

  /// Texts among the attributes; `nil` if there are none of the name.
  func texts(_ attribute: String) -> [String]? {
    attributes[attribute]?.strings.map { String(decoding: $0, as: UTF8.self) }
  }

  /// A constant among the attributes; `nil` if there is none of the name.
  func tensor(_ attribute: String) -> Onnx_TensorProto? { attributes[attribute]?.t }
}
