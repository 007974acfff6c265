import Networks

extension ONNXReader {
  /// The value of the scores among what a graph gives: the first list of numbers for each image.
  ///
  /// - Throws: `CheckpointError` with the node that has no counterpart, if none of them is one.
  mutating func scores(of outputs: [String]) throws(CheckpointError) -> Int {
    var fault: CheckpointError?
    var found: [(name: String, images: ONNXImages)] = []
    for name in outputs {
      switch values[name] {
      case .images(let images) where images.isList: found.append((name, images))
      case .images(let images):
        fault =
          fault
          ?? CheckpointError("its output “\(name)” is \(described(images)), no scores of classes")
      case .fault(let error): fault = fault ?? error
      case .array, .sizes, .unfinished, nil:
        fault = fault ?? CheckpointError("its output “\(name)” does not depend on the images")
      }
    }
    guard let first = found.first else { throw fault ?? CheckpointError("it gives nothing") }
    // Scores and their probabilities are one answer; two heads are not.
    guard found.allSatisfy({ $0.images.value == first.images.value }) else {
      let list = found.map { "\($0.name): \($0.images.shape.count) numbers" }.joined(
        separator: ", ")
      throw CheckpointError(
        "it gives several lists of numbers (\(list)); export it with the scores of the classes alone"
      )
    }
    return try scores(first.images, first.name)
  }

  private mutating func scores(_ images: ONNXImages, _ name: String) throws(CheckpointError) -> Int
  {
    let node = ONNXNode(name: name, operation: "output")
    if let tail = images.tail {
      notes.append("\(tail) at the end is left out: the scores stay as they are before it")
    }
    guard graph.word(of: images.value) != "sigmoid" else {
      throw CheckpointError(
        "it ends in a sigmoid, which answers each class by itself; Inkling's networks choose one class of several"
      )
    }
    let (value, order) = try list(images, by: node)
    let classes = images.shape.count
    guard (2...Self.mostClasses).contains(classes) else {
      throw CheckpointError(
        "it gives \(classes) number\(classes == 1 ? "" : "s") for each image; a classifier gives one for each class"
      )
    }
    let word = graph.word(of: value)
    if order == nil, word == "linear" || word == "multiply" { return value }
    notes.append(
      "a linear layer that changes nothing stands at the end, where every network has one")
    var weight = [Float](repeating: 0, count: classes * classes)
    for output in 0..<classes { weight[output * classes + (order?[output] ?? output)] = 1 }
    return graph.add(
      .affine(word: "linear", arguments: ["\(classes)"]), [value],
      [Tensor(name: "weight", shape: [classes, classes], values: weight)], shape: .vector(classes))
  }

  /// Networks of more classes are none for images.
  private static let mostClasses = 10_000
}
