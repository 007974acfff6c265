import Networks

/// Layer normalization that is written out in single nodes: as (x - mean) / √(variance + ε) by PyTorch's exporter for older
/// operator sets, as x · γ / √(variance + ε) + (β - mean · γ / √(variance + ε)) by Keras.
extension ONNXReader {
  /// The mean over the channels of a value or of its squares; `nil` if the node takes another mean.
  func meanOfChannels(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue? {
    let read: ONNXImages
    let step: ONNXValue.Standardization
    switch try input(0, of: node) {
    case .images(let images): (read, step) = (images, .mean(isNegative: false))
    case .unfinished(.standardization(let images, .squares)): (read, step) = (images, .variance)
    case .unfinished, .array, .sizes, .fault: return nil
    }
    guard node.integer("keepdims", default: 1) != 0, read.tail == nil, read.order == nil,
      let axes = try integers("axes", orInput: 1, of: node), axes.count == 1,
      read.axis(axes[0]) == .channel, read.shape.channels > 1
    else { return nil }
    return .unfinished(.standardization(of: read, step))
  }

  /// The square of what has been centered.
  func power(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard case .unfinished(.standardization(let images, .centered)) = try input(0, of: node),
      try array(1, of: node).scalar == 2
    else {
      throw node.error("powers have no counterpart but within a layer normalization")
    }
    return .unfinished(.standardization(of: images, .squares))
  }

  /// The deviation that is divided by.
  func root(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard
      case .unfinished(.standardization(let images, .raised(let epsilon))) = try input(0, of: node)
    else {
      throw node.error("roots have no counterpart but within a layer normalization")
    }
    return .unfinished(.standardization(of: images, .deviation(epsilon: epsilon)))
  }

  /// One over the deviation.
  func reciprocal(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard
      case .unfinished(.standardization(let images, .deviation(let epsilon))) = try input(
        0, of: node)
    else {
      throw node.error("reciprocals have no counterpart but within a layer normalization")
    }
    return reciprocal(of: images, epsilon)
  }

  private func reciprocal(of images: ONNXImages, _ epsilon: Float) -> ONNXValue {
    .unfinished(.standardization(of: images, .weight(.init(epsilon: epsilon))))
  }

  /// A step laid out anew, which changes nothing where the shape stays; `nil` if it does not.
  func laid(
    _ images: ONNXImages, _ step: ONNXValue.Standardization, as dimensions: [Int?]
  ) -> ONNXValue? {
    guard case .mean = step else { return nil }
    let own = zip(images.axes, images.dimensions).map { $0 == .channel ? 1 : $1 }
    let asked = dimensions.map { $0 == -1 ? nil : $0 }
    return own == asked ? .unfinished(.standardization(of: images, step)) : nil
  }

  /// The sum of two values, or what the first is above the second (`sign` -1), at least one of them a step on the way; `nil`
  /// if that is no step.
  mutating func standardizationSum(
    _ first: ONNXValue, _ second: ONNXValue, sign: Float, _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue? {
    switch (first, second) {
    case (.unfinished(.standardization(let images, .variance)), .array(let array)),
      (.array(let array), .unfinished(.standardization(let images, .variance))):
      guard sign == 1, let epsilon = array.scalar else {
        throw node.error("it does not add one number to a variance")
      }
      try check(epsilon: epsilon, node)
      return .unfinished(.standardization(of: images, .raised(epsilon: epsilon)))
    case (.images(let images), .unfinished(.standardization(let other, .mean(let isNegative))))
    where (sign == -1) != isNegative && images.isSame(as: other):
      return .unfinished(.standardization(of: images, .centered))
    case (.unfinished(.standardization(let images, .shift(let shift))), .array(let array))
    where sign == 1 && shift.offset == nil:
      return .unfinished(.standardization(of: images, .shift(shift.adding(array))))
    case (.array(let array), .unfinished(.standardization(let images, .shift(let shift))))
    where shift.offset == nil:
      let turned = sign == 1 ? shift : shift.turned
      return .unfinished(.standardization(of: images, .shift(turned.adding(array))))
    case (
      .unfinished(.standardization(let images, .weighted(let weight))),
      .unfinished(.standardization(let other, .shift(let shift)))
    )
    where (sign == 1 || shift.offset == nil) && images.isSame(as: other)
      && weight.isSame(as: shift.weight):
      let turned = sign == 1 ? shift : shift.turned
      return try turned.isNegative ? standardized(images, turned.weight, turned.offset, node) : nil
    case (
      .unfinished(.standardization(let images, .shift(let shift))),
      .unfinished(.standardization(let other, .weighted(let weight)))
    )
    where sign == 1 && shift.isNegative && images.isSame(as: other)
      && weight.isSame(as: shift.weight):
      return try standardized(images, weight, shift.offset, node)
    case _: return nil
    }
  }

  /// The product of two values, at least one of them a step on the way; `nil` if it is none.
  mutating func standardizationProduct(
    _ first: ONNXValue, _ second: ONNXValue, _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue? {
    switch (first, second) {
    case (
      .unfinished(.standardization(let images, .centered)),
      .unfinished(.standardization(let other, .centered))
    ) where images.isSame(as: other):
      return .unfinished(.standardization(of: images, .squares))
    case (.unfinished(.standardization(let images, .weight(let weight))), .array(let array)),
      (.array(let array), .unfinished(.standardization(let images, .weight(let weight)))):
      guard weight.factor == nil else { return nil }
      return .unfinished(
        .standardization(of: images, .weight(.init(epsilon: weight.epsilon, factor: array))))
    case (.images(let images), .unfinished(.standardization(let other, .weight(let weight)))),
      (.unfinished(.standardization(let other, .weight(let weight))), .images(let images)):
      return images.isSame(as: other)
        ? .unfinished(.standardization(of: images, .weighted(weight))) : nil
    case (
      .unfinished(.standardization(let images, .mean(let isNegative))),
      .unfinished(.standardization(let other, .weight(let weight)))
    ),
      (
        .unfinished(.standardization(let other, .weight(let weight))),
        .unfinished(.standardization(let images, .mean(let isNegative)))
      ):
      return images.isSame(as: other)
        ? .unfinished(
          .standardization(of: images, .shift(.init(weight: weight, isNegative: isNegative)))) : nil
    case (
      .unfinished(.standardization(let images, .centered)),
      .unfinished(.standardization(let other, .weight(let weight)))
    ),
      (
        .unfinished(.standardization(let other, .weight(let weight))),
        .unfinished(.standardization(let images, .centered))
      ):
      return images.isSame(as: other) ? try standardized(images, weight, nil, node) : nil
    case _: return nil
    }
  }

  /// What has been centered over its deviation; `nil` if the node divides something else.
  mutating func standardizationQuotient(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue? {
    guard
      case .unfinished(.standardization(let images, .deviation(let epsilon))) = try input(
        1, of: node)
    else { return nil }
    switch try input(0, of: node) {
    case .unfinished(.standardization(let other, .centered)) where images.isSame(as: other):
      return try standardized(images, .init(epsilon: epsilon), nil, node)
    case .array(let one) where one.scalar == 1: return reciprocal(of: images, epsilon)
    case _: return nil
    }
  }

  /// The layer; a factor and an addend that follow are taken into it.
  private mutating func standardized(
    _ images: ONNXImages, _ weight: ONNXValue.Standardization.Weight, _ offset: ONNXArray?,
    _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue {
    let source = try use(images, by: node)
    let channels = images.shape.channels
    let none = scaling(
      Array(repeating: 1, count: channels), Array(repeating: 0, count: channels))
    let layer = given(
      graph.add("layernorm", VarianceFloor.written(weight.epsilon), reading: source, none),
      like: images
    )
    guard weight.factor != nil || offset != nil, case .images(let standard) = layer else {
      return layer
    }
    return try affine(standard, node, factor: weight.factor, addend: offset)
  }
}
