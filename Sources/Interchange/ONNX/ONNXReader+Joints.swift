import Networks

/// Where branches meet.
extension ONNXReader {
  /// No joint has more branches.
  private static let mostBranches = 128

  mutating func join(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    var branches: [ONNXImages] = []
    for place in node.inputs.indices { branches.append(try images(place, of: node)) }
    return try join(branches, node)
  }

  /// The sum of values of one shape, laid in one way.
  mutating func join(_ branches: [ONNXImages], _ node: ONNXNode) throws(CheckpointError)
    -> ONNXValue
  {
    guard let first = branches.first, branches.count > 1 else {
      throw node.error("it joins fewer than two values")
    }
    guard
      branches.allSatisfy({
        $0.shape == first.shape && $0.axes == first.axes && $0.order == first.order
      })
    else {
      throw node.error(
        "it adds \(branches.map(described).joined(separator: " and ")), which only broadcasting can"
      )
    }
    let inputs = try inputs(branches, node)
    return given(graph.add(.sum, inputs, shape: first.shape), like: first)
  }

  mutating func concatenation(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    if let sizes = try sizes(joinedBy: node) { return sizes }
    var branches: [ONNXImages] = []
    for place in node.inputs.indices { branches.append(try images(place, of: node)) }
    guard let first = branches.first, branches.count > 1 else {
      guard let only = branches.first else { throw node.error("it joins nothing") }
      return .images(only)
    }
    guard branches.allSatisfy({ $0.axes == first.axes }),
      let axis = first.axis(node.integer("axis", default: 1))
    else { throw node.error("it joins \(branches.map(described).joined(separator: " and "))") }
    if case .flat = axis { return try concatenatedLists(branches, node) }
    guard axis == .channel,
      branches.allSatisfy({
        $0.order == nil && $0.shape.dimensions.dropFirst() == first.shape.dimensions.dropFirst()
      })
    else { throw node.error("only channels have a counterpart of what it joins") }
    let inputs = try inputs(branches, node)
    let channels = branches.reduce(0) { $0 + $1.shape.channels }
    try check(count: branches.reduce(0) { $0 + $1.shape.count }, node)
    let shape: Shape
    switch first.shape {
    case .image(_, let height, let width):
      shape = .image(channels: channels, height: height, width: width)
    case .vector: shape = .vector(channels)
    case .sequence: throw node.error("sequences have no counterpart of it")
    }
    return given(graph.add(.concatenation, inputs, shape: shape), axes: first.axes)
  }

  private mutating func concatenatedLists(
    _ branches: [ONNXImages], _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue {
    try check(count: branches.reduce(0) { $0 + $1.shape.count }, node)
    var inputs: [Int] = []
    var order: [Int] = []
    var isUsual = true
    for branch in branches {
      let (value, places) = try list(branch, by: node)
      inputs.append(value)
      isUsual = isUsual && places == nil
      order += (places ?? Array(0..<branch.shape.count)).map { [start = order.count] in start + $0 }
    }
    return given(
      graph.add(.concatenation, inputs, shape: .vector(order.count)), axes: [.batch, .channel],
      order: isUsual ? nil : order)
  }

  private func check(count: Int, _ node: ONNXNode) throws(CheckpointError) {
    guard count <= Architecture.maximumActivation else {
      throw node.error("it joins more numbers than a layer may have")
    }
  }

  private mutating func inputs(
    _ branches: [ONNXImages], _ node: ONNXNode
  ) throws(CheckpointError) -> [Int] {
    guard branches.count <= Self.mostBranches else {
      throw node.error("it joins \(branches.count) values; \(Self.mostBranches) are the most")
    }
    var inputs: [Int] = []
    for branch in branches { inputs.append(try use(branch, by: node)) }
    return inputs
  }
}
