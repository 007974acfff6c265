import Networks

/// Poolings, of windows and of whole maps.
extension ONNXReader {
  mutating func pooling(_ node: ONNXNode, _ word: String) throws(CheckpointError) -> ONNXValue {
    var images = try usual(images(0, of: node), for: node)
    guard case .image(let channels, let height, let width) = images.shape,
      let kernel = node.integers("kernel_shape"), kernel.count == 2,
      kernel.allSatisfy({ (1...255).contains($0) })
    else { throw node.error("only windows of rows and columns have a counterpart") }
    let strides = node.integers("strides") ?? [1, 1]
    guard strides.count == 2, strides.allSatisfy({ (1...255).contains($0) }) else {
      throw node.error("its strides \(strides) make no sense here")
    }
    guard node.integers("dilations") ?? [1, 1] == [1, 1] else {
      throw node.error("windows with gaps (dilations) have no counterpart")
    }
    let isMean = word == "avgpool"
    var margins = try margins(of: node, sizes: [height, width], kernel: kernel, strides: strides)
    var counts = node.integer("count_include_pad", default: 0) != 0
    let roundsUp = node.integer("ceil_mode", default: 0) != 0
    // A mean counts zeros that were put around before it; without whole windows over the edge, and pads found by itself, they are
    // like its own.
    if isMean, images.margins.contains(where: { $0 != 0 }), !roundsUp,
      counts || margins.allSatisfy({ $0 == 0 }),
      ["NOTSET", "VALID"].contains(node.text("auto_pad") ?? "NOTSET")
    {
      for side in margins.indices { margins[side] += images.margins[side] }
      (counts, images.margins) = (true, [0, 0, 0, 0])
    }
    let isWhole = kernel == [height, width] && margins == [0, 0, 0, 0]
    if isWhole {
      return try pooled(images, node, word == "maxpool" ? "max" : nil, keepsAxes: true)
    }
    guard kernel[0] == kernel[1], strides[0] == strides[1] else {
      throw node.error("its window of \(kernel) with strides \(strides) is not square")
    }
    let padding = min(margins[0], margins[1])
    let sizes = [height, width]
    let outputs = sizes.indices.map { axis in
      Self.windows(
        in: sizes[axis], kernel[0], strides[0], margins[axis], margins[2 + axis], roundsUp: roundsUp
      )
    }
    // More room behind than before is a last window that reaches over the edge.
    func isSame(_ roundsUp: Bool) -> Bool {
      outputs
        == sizes.map {
          Self.windows(in: $0, kernel[0], strides[0], padding, padding, roundsUp: roundsUp)
        }
    }
    guard margins[0] == margins[1], padding * 2 <= kernel[0], outputs.allSatisfy({ $0 > 0 }),
      isSame(false) || isSame(true)
    else { throw node.error("its window of \(kernel) with pads \(margins) has no counterpart") }
    var arguments = ["\(kernel[0])"]
    if strides[0] != kernel[0] { arguments.append("stride=\(strides[0])") }
    if padding > 0 { arguments.append("padding=\(padding)") }
    if !isSame(false) { arguments.append("ceil=yes") }
    let isEven = margins[0] == margins[2] && margins[1] == margins[3]
    if isMean, !counts, padding > 0 { arguments.append("include-pad=no") }
    // Zeros behind that are counted, but not as many as before, are no padding of Inkling's.
    guard !isMean || isEven || !counts else {
      throw node.error("it counts zeros on some sides only (pads \(margins))")
    }
    let source = try use(images, by: node)
    let value = graph.add(
      word, arguments, reading: source,
      shape: .image(channels: channels, height: outputs[0], width: outputs[1]))
    return given(value, axes: images.axes)
  }

  /// Windows along an axis; the last one begins in the maps or in the zeros before them.
  private static func windows(
    in size: Int, _ kernel: Int, _ stride: Int, _ before: Int, _ after: Int, roundsUp: Bool
  ) -> Int {
    let room = size + before + after - kernel
    guard room >= 0 else { return 0 }
    let count = (roundsUp ? room + stride - 1 : room) / stride + 1
    return roundsUp && (count - 1) * stride >= size + before ? count - 1 : count
  }

  mutating func globalPooling(
    _ node: ONNXNode, _ argument: String?, axes: [Int], keepsAxes: Bool
  ) throws(CheckpointError) -> ONNXValue {
    let images = try images(0, of: node)
    var places: Set<ONNXImages.Axis> = []
    for place in axes {
      guard let axis = images.axis(place) else { throw node.error("it has no axis \(place)") }
      places.insert(axis)
    }
    // Axes of one number have nothing to be pooled.
    let long = places.filter { images.length(of: $0) != 1 }
    let rest = images.axes.filter { !places.contains($0) && images.length(of: $0) != 1 }
    if long.isEmpty, !images.shape.hasPlaces || keepsAxes { return .images(images) }
    guard images.shape.hasPlaces, long.isSubset(of: [.row, .column]),
      rest.allSatisfy({ [.batch, .channel].contains($0) })
    else {
      throw node.error(
        "a mean or maximum over the axes \(axes) of \(described(images)) has no counterpart; one over rows and columns has"
      )
    }
    return try pooled(images, node, argument, keepsAxes: keepsAxes)
  }

  /// A mean or maximum over axes that the node names.
  mutating func reduction(_ node: ONNXNode, _ argument: String?) throws(CheckpointError)
    -> ONNXValue
  {
    if argument == nil, let mean = try meanOfChannels(node) { return mean }
    guard let axes = try integers("axes", orInput: 1, of: node), !axes.isEmpty else {
      throw node.error("it takes the mean or maximum of everything")
    }
    return try globalPooling(
      node, argument, axes: axes, keepsAxes: node.integer("keepdims", default: 1) != 0)
  }

  private mutating func pooled(
    _ images: ONNXImages, _ node: ONNXNode, _ argument: String?, keepsAxes: Bool
  ) throws(CheckpointError) -> ONNXValue {
    let source = try use(images, by: node)
    let value = graph.add(
      "globalpool", argument.map { [$0] } ?? [], reading: source,
      shape: .vector(images.shape.channels))
    let axes: [ONNXImages.Axis] = images.axes.compactMap { axis in
      if [.row, .column].contains(axis) { keepsAxes ? .single : nil } else { axis }
    }
    return given(value, axes: axes)
  }
}
