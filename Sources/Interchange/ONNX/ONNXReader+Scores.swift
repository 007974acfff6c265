import Networks

extension ONNXReader {
  /// The value of the scores among what a graph gives: the first list of numbers for each image.
  ///
  /// - Throws: `CheckpointError` with the node that has no counterpart, if none of them is one.
  mutating func scores(of outputs: [String]) throws(CheckpointError) -> Int {
    var fault: CheckpointError?
    for name in outputs {
      switch values[name] {
      case .images(let images) where images.isList: return try scores(images, name)
      case .images(let images):
        fault =
          fault
          ?? CheckpointError("its output “\(name)” is \(described(images)), no scores of classes")
      case .fault(let error): fault = fault ?? error
      case .array, .sizes, .errorFunction, nil:
        fault = fault ?? CheckpointError("its output “\(name)” does not depend on the images")
      }
    }
    throw fault ?? CheckpointError("it gives nothing")
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
    guard order == nil, classes >= 2 else {
      throw CheckpointError(
        "it gives \(classes) number for each image; a classifier gives one for each class")
    }
    switch graph.word(of: value) {
    case "linear", "multiply": return value
    case _:
      notes.append(
        "a linear layer that changes nothing stands at the end, where every network has one")
      let weight = (0..<classes * classes).map { Float($0 % (classes + 1) == 0 ? 1 : 0) }
      return graph.add(
        .affine(word: "linear", arguments: ["\(classes)"]), [value],
        [Tensor(name: "weight", shape: [classes, classes], values: weight)],
        shape: .vector(classes))
    }
  }
}
