import Networks

/// Convolutions and linear layers.
extension ONNXReader {
  /// No kernel is widened beyond this.
  private static let widest = 31

  mutating func convolution(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let read = try images(0, of: node)
    let weight = try array(1, of: node)
    if !read.shape.hasPlaces, read.axes == [.batch, .channel, .single, .single] {
      return try convolutionOfList(read, weight, node)
    }
    let images = try usual(read, for: node)
    guard weight.shape.count == 4, case .image(let channels, let height, let width) = images.shape
    else { throw node.error("only convolutions over rows and columns have a counterpart") }
    let groups = node.integer("group", default: 1)
    guard (1...channels).contains(groups), weight.shape[1] <= channels,
      weight.shape[1] * groups == channels, weight.shape[0].isMultiple(of: groups),
      weight.shape.allSatisfy({ $0 > 0 })
    else {
      throw node.error(
        "its weights of \(weight.shape) in \(groups) groups do not fit its input of \(images.shape)"
      )
    }
    let strides = node.integers("strides") ?? [1, 1]
    let dilations = node.integers("dilations") ?? [1, 1]
    guard strides.count == 2, strides[0] == strides[1], (1...255).contains(strides[0]) else {
      throw node.error("its strides \(strides) differ, or are too large")
    }
    guard dilations.count == 2, dilations.allSatisfy({ (1...Self.widest).contains($0) }) else {
      throw node.error("its dilations \(dilations) make no sense here")
    }
    let size = (0..<2).map { (weight.shape[2 + $0] - 1) * dilations[$0] + 1 }
    let around = images.margins
    let sizes = [height + around[0] + around[2], width + around[1] + around[3]]
    let own = try margins(of: node, sizes: sizes, kernel: size, strides: strides)
    let margins = zip(own, images.margins).map { $0 + $1 }
    let window = try Window(size: size, margins: margins, node)
    let side = window.side
    guard side <= max(Self.widest, weight.shape[2], weight.shape[3]), side <= 255 else {
      throw node.error("its window with what lies between its places is \(side) wide")
    }
    let (output, overflow) = (
      [height, width].map { ($0 + 2 * window.padding - side) / strides[0] + 1 },
      [height, width].contains { $0 + 2 * window.padding < side }
    )
    guard !overflow else { throw node.error("its window of \(size) is larger than its input") }
    var arguments = ["\(weight.shape[0])", "\(side)"]
    if strides[0] != 1 { arguments.append("stride=\(strides[0])") }
    if side.isMultiple(of: 2) || window.padding != (side - 1) / 2 {
      arguments.append("padding=\(window.padding)")
    }
    if groups != 1 { arguments.append("groups=\(groups)") }
    let tensors =
      [
        Tensor(
          name: "weight", shape: [weight.shape[0], weight.shape[1], side, side],
          values: window.widened(weight, dilations: dilations))
      ] + (try bias(2, of: node, count: weight.shape[0]))
    let source = try pixels(images, by: node)
    let value = graph.add(
      .affine(word: "conv", arguments: arguments), [source], tensors,
      shape: .image(channels: weight.shape[0], height: output[0], width: output[1]))
    return given(value, axes: images.axes)
  }

  /// A convolution of what a global pooling leaves, one place: a linear layer.
  private mutating func convolutionOfList(
    _ images: ONNXImages, _ weight: ONNXArray, _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue {
    let pads = try margins(of: node, sizes: [1, 1], kernel: [1, 1], strides: [1, 1])
    guard weight.shape.count == 4, weight.shape[2...] == [1, 1], pads == [0, 0, 0, 0],
      node.integer("group", default: 1) == 1
    else { throw node.error("it is a convolution of one place with a window of \(weight.shape)") }
    let matrix = ONNXArray(shape: Array(weight.shape[..<2]), numbers: weight.numbers)
    let value = try linear(images, matrix, node)
    if let addend = try bias(2, of: node, count: matrix.shape[0]).first {
      graph.fold(
        scale: Array(repeating: 1, count: matrix.shape[0]), offset: addend.values, into: value)
    }
    return given(value, axes: images.axes)
  }

  private func bias(
    _ place: Int, of node: ONNXNode, count: Int
  ) throws(CheckpointError) -> [Tensor] {
    guard node.hasInput(place) else { return [] }
    let bias = try array(place, of: node)
    guard bias.count == count else {
      throw node.error("it adds \(bias.count) numbers to \(count) outputs")
    }
    return [Tensor(name: "bias", shape: [count], values: bias.floats)]
  }

  /// Zeros around, in ONNX's order: top, left, bottom, right.
  func margins(
    of node: ONNXNode, sizes: [Int], kernel: [Int], strides: [Int]
  ) throws(CheckpointError) -> [Int] {
    switch node.text("auto_pad") ?? "NOTSET" {
    case "NOTSET", "":
      let pads = node.integers("pads") ?? [0, 0, 0, 0]
      guard pads.count == 4, pads.allSatisfy({ (0...255).contains($0) }) else {
        throw node.error("its pads \(pads) make no sense here")
      }
      return pads
    case "VALID": return [0, 0, 0, 0]
    case "SAME_UPPER", "SAME_LOWER":
      var (less, more): ([Int], [Int]) = ([], [])
      for axis in 0..<2 {
        let reach = ((sizes[axis] - 1) / strides[axis]) * strides[axis] + kernel[axis]
        let zeros = max(0, reach - sizes[axis])
        less.append(zeros / 2)
        more.append(zeros - zeros / 2)
      }
      return node.text("auto_pad") == "SAME_UPPER" ? less + more : more + less
    case let other: throw node.error("auto_pad \(other) is unknown")
    }
  }

  /// The square window with as many zeros on every side that does what a window of any form does.
  private struct Window {
    let side: Int
    let padding: Int
    /// Zeros in front of the file's weights, from the top and from the left.
    let before: [Int]

    init(size: [Int], margins: [Int], _ node: ONNXNode) throws(CheckpointError) {
      let padding = margins.reduce(0, max)
      let before = (0..<2).map { padding - margins[$0] }
      let sides = (0..<2).map { before[$0] + size[$0] + padding - margins[2 + $0] }
      guard sides[0] == sides[1] else {
        throw node.error(
          "its window of \(size[0]) × \(size[1]) with zeros \(margins) around has no square counterpart"
        )
      }
      (side, self.padding, self.before) = (sides[0], padding, before)
    }

    /// Weights with zeros between and around.
    func widened(_ weight: ONNXArray, dilations: [Int]) -> [Float] {
      let (rows, columns) = (weight.shape[2], weight.shape[3])
      let values = weight.floats
      guard side != rows || side != columns || dilations != [1, 1] else { return values }
      var wide = [Float](repeating: 0, count: values.count / (rows * columns) * side * side)
      for place in values.indices {
        let (filter, within) = place.quotientAndRemainder(dividingBy: rows * columns)
        let (row, column) = within.quotientAndRemainder(dividingBy: columns)
        let y = before[0] + row * dilations[0]
        let x = before[1] + column * dilations[1]
        wide[(filter * side + y) * side + x] = values[place]
      }
      return wide
    }
  }

  // MARK: Linear layers

  mutating func gemm(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard node.integer("transA", default: 0) == 0 else {
      throw node.error("it transposes the images (transA)")
    }
    let matrix = try array(1, of: node)
    guard matrix.shape.count == 2 else {
      throw node.error("its weights of \(matrix.shape) are no matrix")
    }
    let weight = node.integer("transB", default: 0) == 0 ? matrix.transposed([1, 0]) : matrix
    let images = try images(0, of: node)
    let value = try linear(images, weight, node)
    let alpha = node.real("alpha", default: 1)
    if alpha != 1 {
      graph.fold(
        scale: Array(repeating: alpha, count: weight.shape[0]),
        offset: Array(repeating: 0, count: weight.shape[0]), into: value)
    }
    if node.hasInput(2) {
      let addend = try array(2, of: node)
      guard
        addend.count == 1 || (addend.count == weight.shape[0] && addend.shape.last == addend.count)
      else {
        throw node.error("it adds \(addend.count) numbers to \(weight.shape[0]) outputs")
      }
      let beta = node.real("beta", default: 1)
      let numbers = addend.floats.map { $0 * beta }
      graph.fold(
        scale: Array(repeating: 1, count: weight.shape[0]),
        offset: numbers.count == 1 ? Array(repeating: numbers[0], count: weight.shape[0]) : numbers,
        into: value)
    }
    return given(value, axes: [.batch, .channel])
  }

  mutating func product(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let images = try images(0, of: node)
    let matrix = try array(1, of: node)
    guard matrix.shape.count == 2 else {
      throw node.error("it multiplies by an array of \(matrix.shape), no matrix of weights")
    }
    let weight = matrix.transposed([1, 0])
    if images.axes == [.batch, .row, .column, .channel], images.shape.hasPlaces {
      return try placewise(images, weight, node)
    }
    let value = try linear(images, weight, node)
    // Axes of one number stay where they are.
    return given(value, axes: images.axes.map { [.batch, .single].contains($0) ? $0 : .channel })
  }

  /// A linear layer of an image's list: weights of outputs by inputs.
  private mutating func linear(
    _ images: ONNXImages, _ weight: ONNXArray, _ node: ONNXNode
  ) throws(CheckpointError) -> Int {
    guard weight.shape[1] == images.shape.count, weight.shape[0] > 0 else {
      throw node.error(
        "its weights read \(weight.shape[1]) numbers, but it gets \(images.shape.count) for each image"
      )
    }
    let (source, order) = try list(images, by: node)
    var values = weight.floats
    if let order {
      let inputs = weight.shape[1]
      let theirs = values
      for row in 0..<weight.shape[0] {
        for (their, our) in order.enumerated() {
          values[row * inputs + our] = theirs[row * inputs + their]
        }
      }
    }
    return graph.add(
      .affine(word: "linear", arguments: ["\(weight.shape[0])"]), [source],
      [Tensor(name: "weight", shape: weight.shape, values: values)],
      shape: .vector(weight.shape[0]))
  }

  /// A linear layer of each place's channels: a convolution of windows of one place.
  private mutating func placewise(
    _ images: ONNXImages, _ weight: ONNXArray, _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue {
    guard case .image(let channels, let height, let width) = images.shape,
      channels == weight.shape[1]
    else { throw node.error("its weights of \(weight.shape) do not fit its input") }
    let source = try use(images, by: node)
    let value = graph.add(
      .affine(word: "conv", arguments: ["\(weight.shape[0])", "1"]), [source],
      [Tensor(name: "weight", shape: weight.shape + [1, 1], values: weight.floats)],
      shape: .image(channels: weight.shape[0], height: height, width: width))
    return given(value, axes: images.axes)
  }
}
