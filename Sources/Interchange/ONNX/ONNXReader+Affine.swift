import Networks

/// Constant factors and addends: the image's normalisation, a bias, what is left of a normalisation.
extension ONNXReader {
  /// A constant as it meets a value: one number for all, or one for each channel or number of a list, in Inkling's order.
  private enum Constant {
    case one(Float)
    case channels([Float])
    case list([Float])
  }

  /// `factor · x + sign · addend`.
  mutating func affine(
    _ images: ONNXImages, _ node: ONNXNode, factor: ONNXArray? = nil, addend: ONNXArray? = nil,
    sign: Float = 1
  ) throws(CheckpointError) -> ONNXValue {
    let scale =
      try factor.map { array throws(CheckpointError) in try constant(array, images, node) }
      ?? .one(1)
    let offset =
      try addend.map { array throws(CheckpointError) in try constant(array, images, node) }
      ?? .one(0)
    var images = images
    if case .list = scale { return try listwise(images, scale, offset, sign, node) }
    if case .list = offset { return try listwise(images, scale, offset, sign, node) }
    let channels = images.shape.channels
    let (factors, addends) = (
      Self.values(scale, channels), Self.values(offset, channels).map { $0 * sign }
    )
    guard images.margins.allSatisfy({ $0 == 0 }) || addends.allSatisfy({ $0 == 0 }) else {
      throw node.error(
        "it adds to an image that zeros were put around before (Pad), which Inkling's convolutions cannot"
      )
    }
    if images.value == 0 {
      let known = images.scale.isEmpty ? Array(repeating: 1, count: channels) : images.scale
      let before = images.offset.isEmpty ? Array(repeating: 0, count: channels) : images.offset
      images.scale = zip(known, factors).map { $0 * $1 }
      images.offset = zip(zip(before, factors), addends).map { $0.0 * $0.1 + $1 }
      return .images(images)
    }
    if case .one(let one) = scale, addends.allSatisfy({ $0 == 0 }) {
      images.factor *= one
      return .images(images)
    }
    let factor = images.factor
    images.factor = 1
    return try folded(
      images, factors.map { $0 * factor }, addends, like: images, node)
  }

  /// Taken into the weights before if nobody else reads them, else a layer of its own.
  private mutating func folded(
    _ images: ONNXImages, _ factors: [Float], _ addends: [Float], like: ONNXImages, _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue {
    let source = try use(images, by: node)
    if graph.takesFactors(source), !images.isShared {
      graph.fold(scale: factors, offset: addends, into: source)
      return given(source, like: like)
    }
    return given(channelwise(source, scale: factors, offset: addends), like: like)
  }

  /// A factor and an addend for each number of a list.
  private mutating func listwise(
    _ images: ONNXImages, _ scale: Constant, _ offset: Constant, _ sign: Float, _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue {
    let (source, order) = try list(images, by: node)
    let count = images.shape.count
    func ours(_ constant: Constant) throws(CheckpointError) -> [Float] {
      if case .channels = constant {
        throw node.error("it mixes constants of channels and of numbers")
      }
      let theirs = Self.values(constant, count)
      guard let order else { return theirs }
      var ours = theirs
      for (their, our) in order.enumerated() { ours[our] = theirs[their] }
      return ours
    }
    let factors = try ours(scale)
    let addends = try ours(offset).map { $0 * sign }
    let value = channelwise(source, scale: factors, offset: addends)
    return given(value, axes: [.batch, .channel], order: order)
  }

  private static func values(_ constant: Constant, _ count: Int) -> [Float] {
    switch constant {
    case .one(let value): Array(repeating: value, count: count)
    case .channels(let values), .list(let values): values
    }
  }

  /// How a constant meets a value, whose axes it is laid against from the last one.
  private func constant(
    _ array: ONNXArray, _ images: ONNXImages, _ node: ONNXNode
  ) throws(CheckpointError) -> Constant {
    let numbers = array.floats
    guard numbers.allSatisfy(\.isFinite) else {
      throw node.error("it uses numbers that are not finite")
    }
    if let first = numbers.first, numbers.allSatisfy({ $0 == first }), fits(array.shape, images) {
      return .one(first)
    }
    let places = array.shape.indices.filter { array.shape[$0] != 1 }
    let fault = node.error(
      "it combines \(described(images)) with a constant of \(array.shape); one for each channel has a counterpart"
    )
    guard places.count == 1, let place = places.first,
      let axis = images.axis(place - array.shape.count),
      images.length(of: axis) == array.shape[place]
    else { throw fault }
    switch axis {
    case .channel where images.order == nil: return .channels(numbers)
    case .channel, .flat: return .list(numbers)
    case .batch, .row, .column, .single, .groups, .group: throw fault
    }
  }

  private func fits(_ shape: [Int], _ images: ONNXImages) -> Bool {
    shape.count <= images.axes.count
      && zip(shape.reversed(), images.dimensions.reversed()).allSatisfy { $0 == 1 || $0 == $1 }
  }
}
