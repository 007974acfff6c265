import Networks

/// Normalisations of batches, layers and groups.
extension ONNXReader {
  mutating func batchNormalization(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let images = try images(0, of: node)
    // Until version 14, more outputs than one said so.
    let learns =
      opset < 14
      ? node.outputs.count { !$0.isEmpty } > 1 : node.integer("training_mode", default: 0) != 0
    guard node.integer("spatial", default: 1) == 1 else {
      throw node.error("it normalizes each place by itself (spatial=0)")
    }
    guard !learns else {
      throw node.error(
        "it normalizes by the batch at hand: the model was exported in training mode; call model.eval() before exporting"
      )
    }
    var arrays: [[Float]] = []
    for place in 1...4 { arrays.append(try array(place, of: node).floats) }
    guard images.axis(1) == .channel || images.isList else {
      throw node.error("it normalizes another axis than the channels")
    }
    let (scale, offset, mean, variance) = (arrays[0], arrays[1], arrays[2], arrays[3])
    let source: Int
    let order: [Int]?
    if images.isList {
      (source, order) = try list(images, by: node)
    } else {
      (source, order) = (try use(images, by: node), nil)
    }
    let channels = graph.shape(of: source).channels
    guard arrays.allSatisfy({ $0.count == channels }) else {
      throw node.error("its \(scale.count) factors do not fit \(channels) channels")
    }
    let epsilon = node.real("epsilon", default: 1e-5)
    guard epsilon >= 0, variance.allSatisfy({ $0 >= 0 && $0 + epsilon > 0 }) else {
      throw node.error("its variances are not above 0")
    }
    // Another epsilon becomes a part of the variance; where that would fall below 0, of the factor.
    let moved = variance.map {
      epsilon == VarianceFloor.usual ? $0 : $0 + epsilon - VarianceFloor.usual
    }
    let fits = moved.allSatisfy { $0 >= 0 }
    let factors =
      fits
      ? scale
      : zip(scale, variance).map {
        $0 * ((max(0, $1) + VarianceFloor.usual) / ($1 + epsilon)).squareRoot()
      }
    func ours(_ theirs: [Float]) -> [Float] {
      guard let order else { return theirs }
      var ours = theirs
      for (their, our) in order.enumerated() { ours[our] = theirs[their] }
      return ours
    }
    let value = norm(
      source, ours(factors), ours(offset), mean: ours(mean), variance: ours(fits ? moved : variance)
    )
    return images.isList
      ? given(value, axes: [.batch, .channel], order: order) : given(value, axes: images.axes)
  }

  mutating func layerNormalization(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let images = try images(0, of: node)
    let scale = try array(1, of: node).floats
    let offset =
      node.hasInput(2) ? try array(2, of: node).floats : Array(repeating: 0, count: scale.count)
    let epsilon = node.real("epsilon", default: 1e-5)
    try check(epsilon: epsilon, node)
    guard images.axis(node.integer("axis", default: -1)) == .channel, images.axes.last == .channel,
      images.order == nil, scale.count == images.shape.channels, offset.count == scale.count
    else {
      throw node.error(
        "layer normalization of \(described(images)) over several axes has no counterpart; over the channels, as"
          + " layernorm, or with groups of channels, as groupnorm, it has")
    }
    let source = try use(images, by: node)
    let value = graph.add(
      "layernorm", VarianceFloor.written(epsilon), reading: source, scaling(scale, offset))
    return given(value, like: images)
  }

  // MARK: Groups

  mutating func groupNormalization(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let images = try usual(images(0, of: node), for: node)
    let groups = node.integer("num_groups", default: 0)
    let channels = images.shape.channels
    var scale = try array(1, of: node).floats
    var offset = try array(2, of: node).floats
    guard groups > 0, channels.isMultiple(of: groups) else {
      throw node.error("its \(channels) channels cannot be parted into \(groups) groups")
    }
    // Until version 21 there was one factor a group.
    if scale.count == groups, offset.count == groups {
      let size = channels / groups
      scale = scale.flatMap { Array(repeating: $0, count: size) }
      offset = offset.flatMap { Array(repeating: $0, count: size) }
    }
    return try grouped(images, groups, scale, offset, node)
  }

  /// Group normalisation is written as this one of groups laid as channels, where there is no operator for it.
  mutating func instanceNormalization(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let images = try images(0, of: node)
    let (scale, offset) = (try array(1, of: node).floats, try array(2, of: node).floats)
    guard case .groups(let groups)? = images.axis(1) else {
      return try grouped(
        try usual(images, for: node), images.shape.channels, scale, offset, node)
    }
    guard scale.count == groups, offset.count == groups else {
      throw node.error("its \(scale.count) factors do not fit \(groups) groups")
    }
    let size = images.shape.channels / groups
    return try grouped(
      images, groups, scale.flatMap { Array(repeating: $0, count: size) },
      offset.flatMap { Array(repeating: $0, count: size) }, node)
  }

  private mutating func grouped(
    _ images: ONNXImages, _ groups: Int, _ scale: [Float], _ offset: [Float], _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue {
    let epsilon = node.real("epsilon", default: 1e-5)
    try check(epsilon: epsilon, node)
    guard scale.count == images.shape.channels, offset.count == scale.count else {
      throw node.error("its \(scale.count) factors do not fit \(images.shape.channels) channels")
    }
    let source = try use(images, by: node)
    let value = graph.add(
      "groupnorm", ["\(groups)"] + VarianceFloor.written(epsilon), reading: source,
      scaling(scale, offset))
    return given(value, like: images)
  }

  func scaling(_ scale: [Float], _ offset: [Float]) -> [Tensor] {
    [("weight", scale), ("bias", offset)].map { Tensor(name: $0, shape: [$1.count], values: $1) }
  }

  /// Checks what is added to a variance.
  ///
  /// - Throws: `CheckpointError` if no layer can.
  func check(epsilon: Float, _ node: ONNXNode) throws(CheckpointError) {
    guard VarianceFloor.isAllowed(epsilon) else {
      throw node.error("it adds \(epsilon) to the variance, which must be from 1e-12 to 1")
    }
  }
}
