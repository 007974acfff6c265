import Networks

/// Reads an ONNX graph node by node, and finds the layers in it.
///
/// Each value is followed as what it is to a person: a constant, a size, a layer's numbers. What has no counterpart becomes a
/// fault that is told only if the answer hangs on it, as labels and other outputs beside the scores do not.
struct ONNXReader {
  var graph: LayerGraph
  var values: [String: ONNXValue] = [:]
  /// What the file does to pixels before the first layer, once a layer has read them.
  var normalization: Normalization?
  /// How what is in the file was understood; for people.
  var notes: [String] = []
  /// The names of the classes, where the file says them.
  var classes: [String]?
  let opset: Int
  let external: ONNXExternalData
  /// So many numbers may its layers have.
  private let largest: Int
  /// How many nodes read each value.
  private let readers: [String: Int]

  init(
    _ model: ONNXGraph, inputShape: ImageShape, input: ONNXImages, external: ONNXExternalData
  ) throws(CheckpointError) {
    graph = LayerGraph(inputShape: inputShape)
    opset = model.opset
    self.external = external
    var readers: [String: Int] = [:]
    for node in model.nodes {
      for name in node.inputs { readers[name, default: 0] += 1 }
    }
    for name in model.outputs { readers[name, default: 0] += 1 }
    self.readers = readers
    var constants = 0
    for tensor in model.constants {
      let array = try ONNXArray(tensor, external)
      constants += array.count
      guard constants <= Architecture.maximumParameters else {
        throw CheckpointError("it holds more numbers than a network may have")
      }
      values[tensor.name] = .array(array)
    }
    // A tensor may be read more than once, and kernels may be widened by zeros; a small file stays a small network.
    largest = 2 * (model.byteCount + external.byteCount) + 1_000_000
    set(model.input, .images(input))
    for node in model.nodes { try read(node) }
  }

  /// The value of a name.
  mutating func set(_ name: String, _ value: ONNXValue) {
    if case .images(var images) = value {
      images.isShared = images.isShared || readers[name, default: 0] > 1
      values[name] = .images(images)
    } else {
      values[name] = value
    }
  }

  private mutating func read(_ node: ONNXNode) throws(CheckpointError) {
    let value: ONNXValue
    do {
      value = try self.value(of: node)
    } catch {
      value = .fault(error)
    }
    guard graph.parameterCount <= largest else {
      throw node.error("its layers would have many more numbers than the file")
    }
    guard let first = node.outputs.first else { return }
    set(first, value)
    for (place, name) in node.outputs.enumerated().dropFirst() where !name.isEmpty {
      values[name] = .fault(node.error("its output \(place + 1) is read, which has no counterpart"))
    }
  }

  // MARK: What nodes read

  /// What a node reads at a place.
  func input(_ place: Int, of node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard node.hasInput(place) else { throw node.error("it has no input \(place + 1)") }
    guard let value = values[node.inputs[place]] else {
      throw node.error("it reads “\(node.inputs[place])”, which nothing gives")
    }
    if case .fault(let error) = value { throw error }
    return value
  }

  /// A constant that a node reads.
  func array(_ place: Int, of node: ONNXNode) throws(CheckpointError) -> ONNXArray {
    guard case .array(let array) = try input(place, of: node) else {
      throw node.error(
        "its input \(place + 1) is computed, not a constant; export the model in evaluation mode, with its weights inside"
      )
    }
    return array
  }

  /// A layer's numbers that a node reads, no longer mere scores if something was done with them after a softmax.
  func images(_ place: Int, of node: ONNXNode) throws(CheckpointError) -> ONNXImages {
    let images: ONNXImages
    switch try input(place, of: node) {
    case .images(let given): images = given
    case .unfinished(.standardization):
      throw node.error(
        "it reads a mean over channels, or what is made of one, which has no counterpart but in a layer normalization"
      )
    case .unfinished(.errorFunction):
      throw node.error("it reads erf of a layer's output, which has no counterpart but in GELU")
    case .array, .sizes, .fault:
      throw node.error("its input \(place + 1) is no layer's output")
    }
    if let tail = images.tail {
      throw node.error("it reads what \(tail) gives; Inkling's networks end in scores")
    }
    return images
  }

  /// Whole numbers that a node reads, as attribute or as input, where newer versions of an operator have them.
  func integers(
    _ attribute: String, orInput place: Int, of node: ONNXNode
  ) throws(CheckpointError) -> [Int]? {
    if let said = node.integers(attribute) { return said }
    guard node.hasInput(place) else { return nil }
    guard let numbers = try array(place, of: node).integers else {
      throw node.error("its input \(place + 1) must be whole numbers")
    }
    return numbers
  }

  /// A real number that a node reads, as attribute or as input, where newer versions of an operator have it.
  func real(
    _ attribute: String, orInput place: Int, of node: ONNXNode, default value: Float
  ) throws(CheckpointError) -> Float {
    guard node.hasInput(place) else { return node.real(attribute, default: value) }
    guard let number = try array(place, of: node).scalar else {
      throw node.error("its input \(place + 1) must be one number")
    }
    return number
  }
}
