import Networks

/// The graph of an ONNX model: nodes in an order in which each reads what stands before it, functions of the file's own put in
/// place of the nodes that call them.
struct ONNXGraph {
  private(set) var nodes: [ONNXNode] = []
  /// Nodes and calls of functions so far.
  private var steps = 0
  let constants: [Onnx_TensorProto]
  /// The name of the images.
  let input: String
  /// The images' dimensions; `nil` where they are open.
  let dimensions: [Int?]
  /// The names of what it gives.
  let outputs: [String]
  let opset: Int
  /// The size of the file.
  let byteCount: Int
  /// What the file says of itself.
  let metadata: [String: String]

  /// The newest operators that the reader was held to.
  private static let newestOpset = 23
  /// What is said of a file of newer operators.
  var notes: [String] {
    opset > Self.newestOpset
      ? [
        "its operators are of set \(opset), newer than \(Self.newestOpset), up to which they are known"
      ] : []
  }

  /// More nodes than this are refused; a DenseNet-201 has about 700.
  private static let mostNodes = 4096
  /// Functions that call functions deeper than this are refused.
  private static let deepest = 8

  /// The graph of a model.
  ///
  /// - Throws: `CheckpointError` if it has no graph, or not one input of images.
  init(_ model: Onnx_ModelProto, byteCount: Int) throws(CheckpointError) {
    self.byteCount = byteCount
    guard model.hasGraph, !model.graph.node.isEmpty else {
      throw CheckpointError("it is an ONNX file without a graph")
    }
    let own = model.opsetImport.first { ["", "ai.onnx"].contains($0.domain) }
    opset = own.map { Int($0.version) } ?? 1
    guard opset >= 7 else {
      throw CheckpointError(
        "it is of ONNX's operator set \(opset); sets from 7 on are read: convert it with onnx.version_converter"
      )
    }
    constants = model.graph.initializer
    outputs = model.graph.output.map(\.name)
    metadata = Dictionary(model.metadataProps.map { ($0.key, $0.value) }) { first, _ in first }
    let names = Set(constants.map(\.name))
    let inputs = model.graph.input.filter { !names.contains($0.name) }
    guard inputs.count == 1, let images = inputs.first else {
      let list = inputs.prefix(12).map(\.name).joined(separator: ", ")
      throw CheckpointError(
        "it reads \(inputs.count) inputs\(inputs.isEmpty ? "" : " (\(list))"); a network that classifies images reads one"
      )
    }
    input = images.name
    dimensions = images.type.tensorType.shape.dim.map { dimension in
      if case .dimValue(let size)? = dimension.value, size > 0 { Int(size) } else { nil }
    }
    var functions: [String: Onnx_FunctionProto] = [:]
    for function in model.functions { functions["\(function.domain)/\(function.name)"] = function }
    for node in model.graph.node { try add(node, functions, depth: 0) }
  }

  /// Adds a node, or the nodes of the function that it calls.
  private mutating func add(
    _ node: Onnx_NodeProto, _ functions: [String: Onnx_FunctionProto], depth: Int
  ) throws(CheckpointError) {
    steps += 1
    guard steps <= Self.mostNodes else {
      throw CheckpointError("it has more than \(Self.mostNodes) nodes")
    }
    guard let function = functions["\(node.domain)/\(node.opType)"] else {
      nodes.append(ONNXNode(node))
      return
    }
    guard depth < Self.deepest else {
      throw CheckpointError("its functions call each other deeper than \(Self.deepest)")
    }
    let call = "\(nodes.count)/\(node.name)/"
    var names: [String: String] = [:]
    for (place, name) in function.input.enumerated() {
      names[name] = place < node.input.count ? node.input[place] : ""
    }
    for (name, outer) in zip(function.output, node.output) where !outer.isEmpty {
      names[name] = outer
    }
    let given = Dictionary(
      (function.attributeProto + node.attribute).map { ($0.name, $0) }
    ) { _, last in last }
    for inner in function.node {
      var copy = inner
      copy.name = call + inner.name
      copy.input = inner.input.map { $0.isEmpty ? "" : names[$0] ?? call + $0 }
      copy.output = inner.output.map { $0.isEmpty ? "" : names[$0] ?? call + $0 }
      copy.attribute = inner.attribute.compactMap { attribute in
        guard !attribute.refAttrName.isEmpty else { return attribute }
        guard var value = given[attribute.refAttrName] else { return nil }
        value.name = attribute.name
        return value
      }
      try add(copy, functions, depth: depth + 1)
    }
  }
}
