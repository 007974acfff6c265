import Networks

/// What changes how numbers lie, and the sizes that it goes by.
extension ONNXReader {
  mutating func flatten(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let images = try images(0, of: node)
    guard node.integer("axis", default: 1) == 1, let list = images.reshaped([nil, -1]) else {
      throw node.error("only all numbers of an image in one row have a counterpart")
    }
    return .images(list)
  }

  mutating func reshape(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    if case .array(let array) = try input(0, of: node) { return try reshaped(array, node) }
    let asked: [Int?]? =
      switch try input(1, of: node) {
      case .sizes(let sizes): sizes
      case .array(let array): array.integers
      case .images, .unfinished, .fault: nil
      }
    guard let asked else { throw node.error("it asks for a shape that is no list of sizes") }
    if case .unfinished(.standardization(let images, let step)) = try input(0, of: node),
      let same = laid(images, step, as: asked)
    {
      return same
    }
    let images = try images(0, of: node)
    let dimensions = asked.enumerated().map { place, size in
      size == 0 && place < images.axes.count ? images.dimensions[place] : size
    }
    guard let view = images.reshaped(dimensions) else {
      let text = asked.map { $0.map(String.init) ?? "N" }.joined(separator: ", ")
      throw node.error(
        "it lays \(described(images)) as [\(text)], which mixes what Inkling's layers keep apart")
    }
    return .images(view)
  }

  private func reshaped(_ array: ONNXArray, _ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard var shape = try self.array(1, of: node).integers else {
      throw node.error("it asks for a shape that is no list of sizes")
    }
    if let open = shape.firstIndex(of: -1) {
      var others = shape
      others.remove(at: open)
      guard let known = ONNXArray.count(of: others), known > 0, array.count.isMultiple(of: known)
      else { throw node.error("it lays a constant of \(array.shape) as \(shape.prefix(12))") }
      shape[open] = array.count / known
    }
    guard ONNXArray.count(of: shape) == array.count else {
      throw node.error("it lays a constant of \(array.shape) as \(shape.prefix(12))")
    }
    return .array(ONNXArray(shape: shape, numbers: array.numbers))
  }

  mutating func squeeze(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let axes = try integers("axes", orInput: 1, of: node)
    switch try input(0, of: node) {
    case .sizes(let sizes): return .sizes(sizes)
    case .array(var array):
      let places = (axes ?? array.shape.indices.filter { array.shape[$0] == 1 })
        .map { $0 < 0 ? $0 + array.shape.count : $0 }
      array.shape = array.shape.enumerated().filter { !places.contains($0.offset) }.map(\.element)
      guard array.count == array.floats.count else {
        throw node.error("it takes out axes \(places)")
      }
      return .array(array)
    case .images(var images):
      let places = (axes ?? images.axes.indices.filter { images.dimensions[$0] == 1 })
        .map { $0 < 0 ? $0 + images.axes.count : $0 }
      guard places.allSatisfy({ images.axes.indices.contains($0) && images.dimensions[$0] == 1 })
      else { throw node.error("it takes out axes of more than one number") }
      images.axes = images.axes.enumerated().filter { !places.contains($0.offset) }.map(\.element)
      return .images(images)
    case .unfinished, .fault: throw node.error("what it reads has no counterpart")
    }
  }

  mutating func unsqueeze(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard let axes = try integers("axes", orInput: 1, of: node), axes.count < ONNXArray.mostAxes
    else {
      throw node.error("it does not say where the new axes are")
    }
    switch try input(0, of: node) {
    case .sizes(let sizes): return .sizes(sizes)
    case .array(var array):
      let rank = array.shape.count + axes.count
      for axis in axes.map({ $0 < 0 ? $0 + rank : $0 }).sorted() {
        guard (0...array.shape.count).contains(axis) else {
          throw node.error("it puts in axes \(axes)")
        }
        array.shape.insert(1, at: axis)
      }
      return .array(array)
    case .images(var images):
      let rank = images.axes.count + axes.count
      for axis in axes.map({ $0 < 0 ? $0 + rank : $0 }).sorted() {
        guard (1...images.axes.count).contains(axis) else {
          throw node.error("it puts in axes \(axes)")
        }
        // The channel of grey pictures that came without.
        let isMissing =
          images.shape.hasPlaces && !images.axes.contains(.channel) && images.shape.channels == 1
        images.axes.insert(isMissing ? .channel : .single, at: axis)
      }
      return .images(images)
    case .unfinished, .fault: throw node.error("what it reads has no counterpart")
    }
  }

  mutating func transpose(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    switch try input(0, of: node) {
    case .array(let array):
      let order = node.integers("perm") ?? array.shape.indices.reversed()
      guard order.sorted() == Array(array.shape.indices) else {
        throw node.error("\(order) is no order of its axes")
      }
      return .array(array.transposed(order))
    case .images(var images):
      let order = node.integers("perm") ?? images.axes.indices.reversed()
      guard order.sorted() == Array(images.axes.indices) else {
        throw node.error("\(order) is no order of its axes")
      }
      guard !images.isGrouped else { throw node.error("it mixes groups of channels (a shuffle)") }
      images.axes = order.map { images.axes[$0] }
      return .images(images)
    case .sizes, .unfinished, .fault: throw node.error("what it reads has no counterpart")
    }
  }

  /// Zeros around that the convolution behind it takes over.
  mutating func pad(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    var images = try images(0, of: node)
    guard node.text("mode") ?? "constant" == "constant",
      try real("value", orInput: 2, of: node, default: 0) == 0
    else {
      throw node.error("only zeros around an image have a counterpart, as a part of a convolution")
    }
    guard !node.hasInput(3) else {
      throw node.error("it names the axes of its pads, which is not read")
    }
    guard let pads = try integers("pads", orInput: 1, of: node),
      pads.count == 2 * images.axes.count,
      pads.allSatisfy({ (0...255).contains($0) })
    else { throw node.error("its pads do not fit what it reads") }
    let rank = images.axes.count
    for (place, axis) in images.axes.enumerated() {
      switch axis {
      case .row:
        images.margins[0] += pads[place]
        images.margins[2] += pads[place + rank]
      case .column:
        images.margins[1] += pads[place]
        images.margins[3] += pads[place + rank]
      case .batch, .channel, .single, .flat, .groups, .group:
        guard pads[place] == 0, pads[place + rank] == 0 else {
          throw node.error("only rows and columns of zeros have a counterpart")
        }
      }
    }
    return .images(images)
  }

  // MARK: Constants and sizes

  mutating func constant(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    if let tensor = node.tensor("value") { return .array(try ONNXArray(tensor, external)) }
    if let numbers = node.integers("value_ints") {
      return .array(ONNXArray(shape: [numbers.count], numbers: .whole(numbers)))
    }
    if let numbers = node.reals("value_floats") {
      return .array(ONNXArray(shape: [numbers.count], numbers: .real(numbers)))
    }
    if node.has("value_int") {
      return .array(ONNXArray(shape: [], numbers: .whole([node.integer("value_int", default: 0)])))
    }
    guard node.has("value_float") else { throw node.error("its constant holds no numbers") }
    return .array(ONNXArray(shape: [], numbers: .real([node.real("value_float", default: 0)])))
  }

  mutating func shape(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let dimensions = try images(0, of: node).dimensions
    let start = node.integer("start", default: 0)
    let end = node.integer("end", default: dimensions.count)
    return .sizes(Self.part(dimensions, start, end))
  }

  private static func part(_ sizes: [Int?], _ start: Int, _ end: Int) -> [Int?] {
    func place(_ place: Int) -> Int {
      min(max(place < 0 ? place + sizes.count : place, 0), sizes.count)
    }
    return place(start) < place(end) ? Array(sizes[place(start)..<place(end)]) : []
  }

  mutating func gather(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard case .sizes(let sizes) = try input(0, of: node),
      let places = try array(1, of: node).integers
    else { throw node.error("only sizes can be picked out; pictures and channels cannot") }
    var picked: [Int?] = []
    for place in places {
      let index = place < 0 ? place + sizes.count : place
      guard sizes.indices.contains(index) else {
        throw node.error("it picks size \(place) of \(sizes.count)")
      }
      picked.append(sizes[index])
    }
    return .sizes(picked)
  }

  mutating func slice(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard case .sizes(let sizes) = try input(0, of: node),
      let start = try integers("starts", orInput: 1, of: node)?.first,
      let end = try integers("ends", orInput: 2, of: node)?.first,
      try integers("axes", orInput: 3, of: node) ?? [0] == [0],
      try integers("steps", orInput: 4, of: node) ?? [1] == [1]
    else { throw node.error("only sizes can be cut; pictures and channels cannot") }
    return .sizes(Self.part(sizes, start, end))
  }

  /// Sizes one behind the other; `nil` if it is no sizes that the node joins.
  func sizes(joinedBy node: ONNXNode) throws(CheckpointError) -> ONNXValue? {
    var joined: [Int?] = []
    for place in node.inputs.indices {
      switch try input(place, of: node) {
      case .sizes(let sizes): joined += sizes
      case .array(let array):
        guard let numbers = array.integers else { return nil }
        joined += numbers
      case .images, .unfinished, .fault: return nil
      }
      guard joined.count <= 2 * ONNXArray.mostAxes else {
        throw node.error("it joins too many sizes")
      }
    }
    return .sizes(joined)
  }

  /// What changes nothing at prediction.
  mutating func unchanged(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    guard node.operation != "Dropout" || !node.hasInput(2) else {
      let training = try array(2, of: node).scalar
      guard training == 0 else {
        throw node.error("it drops out at prediction too; call model.eval() before exporting")
      }
      return try input(0, of: node)
    }
    let value = try input(0, of: node)
    guard node.operation == "Cast" else { return value }
    let type = node.integer("to", default: 1)
    switch value {
    case .images where !Self.realTypes.contains(type):
      throw node.error("it rounds a layer's numbers to whole ones")
    case .array(let array) where Self.wholeTypes.contains(type):
      guard let whole = array.truncated else {
        throw node.error("it makes whole numbers of what has none near")
      }
      return .array(whole)
    case .images, .array, .sizes, .unfinished, .fault: return value
    }
  }

  /// ONNX's numbers of the types float, float16, double and bfloat16.
  private static let realTypes = [1, 10, 11, 16]
  /// Those of the types int32 and int64.
  private static let wholeTypes = [6, 7]

  // MARK: Behind the scores

  mutating func softmax(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    var images = try images(0, of: node)
    let axis = images.axis(node.integer("axis", default: opset < 13 ? 1 : -1))
    let isOverClasses = if case .flat? = axis { true } else { axis == .channel }
    guard images.isList, isOverClasses else {
      throw node.error(
        "it is no softmax over the classes; of maps or other axes it has no counterpart")
    }
    images.tail = node.operation
    return .images(images)
  }

  /// Scores by name.
  mutating func classNames(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    classes =
      node.texts("classlabels_strings") ?? node.integers("classlabels_int64s")?.map(String.init)
    return try input(0, of: node)
  }

  /// `(x - offset) · scale`.
  mutating func scaler(_ node: ONNXNode) throws(CheckpointError) -> ONNXValue {
    let images = try images(0, of: node)
    guard let offset = node.reals("offset"), let scale = node.reals("scale") else {
      throw node.error("it does not say its offset and scale")
    }
    let array = { (numbers: [Float]) in ONNXArray(shape: [numbers.count], numbers: .real(numbers)) }
    guard case .images(let moved) = try affine(images, node, addend: array(offset), sign: -1) else {
      throw node.error("what it reads has no counterpart")
    }
    return try affine(moved, node, factor: array(scale))
  }
}
