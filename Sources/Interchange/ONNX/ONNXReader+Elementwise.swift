import Networks

/// What is done to each number: functions, factors, addends, sums.
extension ONNXReader {
  /// A function of each number; its slope or the like as the layer's argument.
  mutating func function(
    _ node: ONNXNode, _ word: String, _ arguments: [Float] = []
  ) throws(CheckpointError) -> ONNXValue {
    try function(try images(0, of: node), node, word, arguments)
  }

  private mutating func function(
    _ images: ONNXImages, _ node: ONNXNode, _ word: String, _ arguments: [Float] = []
  ) throws(CheckpointError) -> ONNXValue {
    let source = try use(images, by: node)
    return given(
      graph.add(word, arguments.map { "\($0)" }, reading: source), like: images)
  }

  mutating func gelu(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard node.text("approximate") ?? "none" == "none" else {
      throw node.error("GELU by tanh has no counterpart; use the exact one (approximate=\"none\")")
    }
    return try function(node, "gelu")
  }

  mutating func swish(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard node.real("alpha", default: 1) == 1 else {
      throw node.error("Swish with a factor has no counterpart")
    }
    return try function(node, "silu")
  }

  mutating func parametricRectifier(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let slopes = try array(1, of: node).floats
    guard let slope = slopes.first, slopes.allSatisfy({ $0 == slope }) else {
      throw node.error("a slope for each channel has no counterpart; leaky-relu has one slope")
    }
    return try function(node, "leaky-relu", [slope])
  }

  /// γ · elu(α).
  mutating func selu(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let images = try images(0, of: node)
    let source = try use(images, by: node)
    let curve = graph.add(
      "elu", ["\(node.real("alpha", default: 1.673_263_2))"], reading: source)
    return given(
      graph.add("multiply", ["\(node.real("gamma", default: 1.050_701))"], reading: curve),
      like: images)
  }

  mutating func clip(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let least = try real("min", orInput: 1, of: node, default: -.infinity)
    let most = try real("max", orInput: 2, of: node, default: .infinity)
    switch (least, most) {
    case (0, Float.greatestFiniteMagnitude...): return try function(node, "relu")
    case (0, 0.000_1...1000): return try function(node, "clipped-relu", [most])
    case _:
      throw node.error(
        "clipping to \(least)...\(most) has no counterpart; relu and clipped-relu have")
    }
  }

  // MARK: GELU, written out: x/2 (1 + erf(x/√2))

  mutating func errorFunction(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    var images = try images(0, of: node)
    guard abs(images.factor - Float(0.5).squareRoot()) < 1e-4, images.value != 0 else {
      throw node.error("erf has no counterpart but within GELU, x/2 · (1 + erf(x/√2))")
    }
    images.factor = 1
    return .unfinished(.errorFunction(of: images, isRaised: false))
  }

  // MARK: Factors and addends

  mutating func sum(_ node: ONNXNode, sign: Float) throws(CheckpointError) -> ONNXValue {
    switch (try input(0, of: node), try input(1, of: node)) {
    case (.images, .images):
      guard sign == 1 else {
        return try join([images(0, of: node), try factored(images(1, of: node), -1, node)], node)
      }
      return try join(node)
    case (.images, .array(let array)):
      return try affine(try images(0, of: node), node, addend: array, sign: sign)
    case (.array(let array), .images):
      return try affine(
        try factored(try images(1, of: node), sign, node), node, addend: array, sign: 1)
    case (.unfinished(.errorFunction(let images, isRaised: false)), .array(let one))
    where one.scalar == 1:
      return .unfinished(.errorFunction(of: images, isRaised: true))
    case (.array(let one), .unfinished(.errorFunction(let images, isRaised: false)))
    where one.scalar == 1:
      return .unfinished(.errorFunction(of: images, isRaised: true))
    case (.array(let a), .array(let b)):
      return .array(try combined(a, b, node) { $0 + sign * $1 })
    case (let first, let second):
      if let step = try standardizationSum(first, second, sign: sign, node) { return step }
      throw node.error(
        "it adds sizes, or what stands within another GELU or layer normalization, which no layer does"
      )
    }
  }

  mutating func multiplication(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    switch (try input(0, of: node), try input(1, of: node)) {
    case (.images, .array(let array)):
      return try affine(try images(0, of: node), node, factor: array)
    case (.array(let array), .images):
      return try affine(try images(1, of: node), node, factor: array)
    case (.images, .images): return try gate(node)
    case (.images(let images), .unfinished(.errorFunction(let inner, isRaised: true))),
      (.unfinished(.errorFunction(let inner, isRaised: true)), .images(let images)):
      return try finishedGELU(images, inner, node)
    case (.unfinished(.errorFunction(var images, isRaised: true)), .array(let array)),
      (.array(let array), .unfinished(.errorFunction(var images, isRaised: true))):
      guard let factor = array.scalar else {
        throw node.error("what it multiplies has no counterpart")
      }
      images.factor *= factor
      return .unfinished(.errorFunction(of: images, isRaised: true))
    case (.array(let a), .array(let b)): return .array(try combined(a, b, node) { $0 * $1 })
    case (let first, let second):
      if let step = try standardizationProduct(first, second, node) { return step }
      throw node.error(
        "it multiplies sizes, or what stands within another GELU or layer normalization, which no layer does"
      )
    }
  }

  private mutating func finishedGELU(
    _ images: ONNXImages, _ inner: ONNXImages, _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXValue {
    guard images.value == inner.value, images.axes == inner.axes, images.tail == nil else {
      throw node.error("erf has no counterpart but within GELU, x/2 · (1 + erf(x/√2))")
    }
    var read = images
    read.factor = 1
    guard case .images(var curve) = try function(read, node, "gelu") else { return .images(read) }
    curve.factor = 2 * images.factor * inner.factor
    return .images(curve)
  }

  /// x · sigmoid(x) is SiLU; no other product of layers is read.
  private mutating func gate(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let pair = [try images(0, of: node), try images(1, of: node)]
    for (inner, gate) in [(pair[0], pair[1]), (pair[1], pair[0])]
    where graph.word(of: gate.value) == "sigmoid" && gate.factor == 1 && inner.factor == 1
      && graph.inputs(of: gate.value) == [inner.value] && inner.axes == gate.axes
      && inner.value != 0
    {
      return try function(inner, node, "silu")
    }
    throw node.error(
      "it multiplies what one layer gives by what another does (a gate or attention); only x · sigmoid(x) has a counterpart"
    )
  }

  mutating func division(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    if let step = try standardizationQuotient(node) { return step }
    guard case .array(var array) = try input(1, of: node) else {
      throw node.error("it divides by what is computed")
    }
    let divisors = array.floats
    guard divisors.allSatisfy({ $0 != 0 }) else { throw node.error("it divides by 0") }
    if case .array(let numbers) = try input(0, of: node) {
      return .array(try combined(numbers, array, node) { $0 / $1 })
    }
    array.numbers = .real(divisors.map { 1 / $0 })
    return try affine(try images(0, of: node), node, factor: array)
  }

  mutating func negation(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    if case .unfinished(.standardization(let images, .mean(let isNegative))) = try input(
      0, of: node)
    {
      return .unfinished(.standardization(of: images, .mean(isNegative: !isNegative)))
    }
    return .images(try factored(try images(0, of: node), -1, node))
  }

  private mutating func factored(
    _ images: ONNXImages, _ factor: Float, _ node: ONNXNode
  ) throws(CheckpointError) -> ONNXImages {
    guard factor != 1 else { return images }
    let array = ONNXArray(shape: [], numbers: .real([factor]))
    guard case .images(let scaled) = try affine(images, node, factor: array) else { return images }
    return scaled
  }

  /// Two constants number by number, of one shape or one of them a single number.
  private func combined(
    _ a: ONNXArray, _ b: ONNXArray, _ node: ONNXNode, _ operation: (Float, Float) -> Float
  ) throws(CheckpointError) -> ONNXArray {
    let (left, right) = (a.floats, b.floats)
    guard !left.isEmpty, !right.isEmpty,
      a.shape == b.shape || left.count == 1 || right.count == 1
    else {
      throw node.error("it combines constants of \(a.shape) and \(b.shape)")
    }
    let count = max(left.count, right.count)
    let values = (0..<count).map {
      operation(left[left.count == 1 ? 0 : $0], right[right.count == 1 ? 0 : $0])
    }
    return ONNXArray(shape: left.count == 1 ? b.shape : a.shape, numbers: .real(values))
  }
}
