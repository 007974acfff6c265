import Networks

/// What is known of a value of an ONNX graph while the graph is read, node by node.
enum ONNXValue {
  /// A constant.
  case array(ONNXArray)
  /// Whole numbers made of shapes; `nil` stands for the number of images in the batch.
  case sizes([Int?])
  /// What a layer gives for each image of the batch.
  case images(ONNXImages)
  /// A step on the way to a layer that is written out in several nodes.
  case unfinished(Unfinished)
  /// What could not be understood; told if the answer hangs on it.
  case fault(CheckpointError)

  /// What a layer has come to that is written out.
  enum Unfinished {
    /// Of GELU, erf of a value over √2, perhaps with 1 added.
    case errorFunction(of: ONNXImages, isRaised: Bool)
    /// Of a layer normalization.
    case standardization(of: ONNXImages, Standardization)
  }

  /// A step of a layer normalization over a value's channels.
  enum Standardization {
    /// Their mean, or what is to be added instead of taking it away.
    case mean(isNegative: Bool)
    /// What they are above it.
    case centered
    /// The squares of that.
    case squares
    /// The mean of the squares.
    case variance
    /// That with the layer's epsilon added.
    case raised(epsilon: Float)
    /// The root of it.
    case deviation(epsilon: Float)
    /// What the numbers are to be multiplied by.
    case weight(Weight)
    /// The numbers, multiplied by it.
    case weighted(Weight)
    /// The mean, multiplied by it.
    case shift(Shift)

    /// One over the deviation, times a factor for each channel.
    struct Weight {
      var epsilon: Float
      var factor: ONNXArray?

      /// True if it is of the same numbers.
      func isSame(as other: Weight) -> Bool {
        epsilon == other.epsilon && factor?.shape == other.factor?.shape
          && factor?.floats == other.factor?.floats
      }
    }

    /// The mean times a weight, taken away or added, and an addend for each channel.
    struct Shift {
      var weight: Weight
      var isNegative: Bool
      var offset: ONNXArray?

      /// The opposite of one without an addend.
      var turned: Shift { Shift(weight: weight, isNegative: !isNegative, offset: offset) }

      /// One with an addend.
      func adding(_ array: ONNXArray) -> Shift {
        Shift(weight: weight, isNegative: isNegative, offset: array)
      }
    }
  }
}

/// A layer's numbers as an ONNX graph lays them out, and what was done to them that is not a layer yet.
struct ONNXImages {
  /// What an axis of the array runs over.
  enum Axis: Hashable {
    case batch
    case channel
    case row
    case column
    /// An axis of one number.
    case single
    /// All numbers of an image in one row: these axes, slowest first.
    case flat([Axis])
    /// So many groups of channels.
    case groups(Int)
    /// What is in a group: its channels, rows and columns in one row.
    case group
  }

  /// The number of the value in the `LayerGraph`.
  var value: Int
  var shape: Shape
  var axes: [Axis]
  /// A factor that is still to be applied.
  var factor: Float = 1
  /// For the image itself, the factor and the addend of each channel that are still to be applied.
  var scale: [Float] = []
  var offset: [Float] = []
  /// Zeros that are still to be put around: top, left, bottom, right.
  var margins: [Int] = [0, 0, 0, 0]
  /// For a list, the place in Inkling's order of each number; `nil` if the orders are the same.
  var order: [Int]?
  /// The operator that made probabilities of the scores, if one did.
  var tail: String?
  /// True if several nodes read it, so that nothing may be taken into the weights before it.
  var isShared = false

  /// How long an axis is; `nil` for the batch.
  func length(of axis: Axis) -> Int? {
    switch (axis, shape) {
    case (.batch, _): nil
    case (.single, _): 1
    case (.channel, _): shape.channels
    case (.row, .image(_, let height, _)): height
    case (.column, .image(_, _, let width)): width
    case (.row, .vector), (.column, .vector): 1
    case (.row, .sequence), (.column, .sequence): nil
    case (.flat, _): shape.count
    case (.groups(let count), _): count
    case (.group, _):
      axes.compactMap { if case .groups(let count) = $0 { shape.count / count } else { nil } }.first
    }
  }

  /// The array's dimensions; `nil` for the batch.
  var dimensions: [Int?] { axes.map(length) }

  /// True if it lies as Inkling lays images: channels, rows, columns.
  var isUsual: Bool { axes == [.batch, .channel, .row, .column] }

  /// True if channels are laid in groups.
  var isGrouped: Bool { axes.contains { if case .groups = $0 { true } else { $0 == .group } } }

  /// True if another is the same layer's numbers, laid and multiplied alike.
  func isSame(as other: ONNXImages) -> Bool {
    value == other.value && axes == other.axes && order == other.order && factor == other.factor
      && scale == other.scale && offset == other.offset && margins == other.margins
      && tail == other.tail
  }

  /// True if each image is a list of numbers, or may be taken for one.
  var isList: Bool {
    guard case .batch? = axes.first else { return false }
    let rest = axes.dropFirst().filter { $0 != .single }
    guard rest.count == 1, let axis = rest.first else { return rest.isEmpty && shape.count == 1 }
    if case .flat = axis { return true }
    return axis == .channel && !shape.hasPlaces
  }

  /// The axis that a place of an ONNX node's attribute means, which may count from the end.
  func axis(_ place: Int) -> Axis? {
    let index = place < 0 ? place + axes.count : place
    return axes.indices.contains(index) ? axes[index] : nil
  }

  /// The same numbers as an array of other dimensions.
  ///
  /// - Parameter dimensions: the dimensions, the first the batch's; -1 for one that follows from the others.
  /// - Returns: the view, `nil` if there is none.
  func reshaped(_ dimensions: [Int?]) -> ONNXImages? {
    guard axes.first == .batch, !dimensions.isEmpty else { return nil }
    var rest = dimensions.dropFirst().compactMap { $0 }
    // The batch comes first, and nowhere else.
    guard rest.count == dimensions.count - 1, rest.count < ONNXArray.mostAxes else { return nil }
    if let open = rest.firstIndex(of: -1) {
      var others = rest
      others.remove(at: open)
      guard let known = ONNXArray.count(of: others), known > 0, shape.count.isMultiple(of: known)
      else { return nil }
      rest[open] = shape.count / known
    }
    guard ONNXArray.count(of: rest) == shape.count else { return nil }
    // A row of all numbers comes apart into the axes that it was made of.
    let parts = axes.dropFirst().flatMap { axis -> [Axis] in
      switch axis {
      case .flat(let parts): parts
      // Groups are made of usual images alone.
      case .groups: [.channel, .row, .column]
      case .group, .single: []
      case .batch, .channel, .row, .column: [axis]
      }
    }
    let long = parts.filter { length(of: $0) != 1 }
    let sizes = rest.filter { $0 != 1 }
    var view = self
    if sizes == long.compactMap({ length(of: $0) }),
      !shape.hasPlaces || sizes.count > 1 || rest.count > 2
    {
      // Axes of one number stand wherever they are wanted.
      // That of grey pictures' channel may have been left out until now.
      let usual: [Axis] = shape.hasPlaces ? [.channel, .row, .column] : []
      let missing = usual.filter { !parts.contains($0) }
      var longLeft = long[...]
      var shortLeft = (parts.filter { length(of: $0) == 1 } + missing)[...]
      view.axes =
        [.batch] + rest.map { ($0 == 1 ? shortLeft.popFirst() : longLeft.popFirst()) ?? .single }
      return view
    }
    if isUsual, rest.count == 2, shape.channels.isMultiple(of: rest[0]) {
      view.axes = [.batch, .groups(rest[0]), .group]
      return view
    }
    guard sizes.count <= 1 else { return nil }
    let row = rest.firstIndex { $0 != 1 } ?? 0
    view.axes =
      [.batch]
      + rest.indices.map { $0 == row ? (shape.hasPlaces ? .flat(parts) : .channel) : .single }
    return view
  }

  /// For an image that is read as a list, the place in Inkling's order of each number of it; `nil` if the orders are the same.
  var flatOrder: [Int]? {
    guard case .image(let channels, let height, let width) = shape,
      case .flat(let parts)? = axes.first(where: { if case .flat = $0 { true } else { false } })
    else { return order }
    let usual: [Axis] = [.channel, .row, .column]
    // Axes of one number that are left out stand first: they change nothing.
    let order = (usual.filter { !parts.contains($0) } + parts).compactMap {
      usual.firstIndex(of: $0)
    }
    let places = ONNXArray.places(of: [channels, height, width], in: order)
    return places == Array(places.indices) ? nil : places
  }
}
