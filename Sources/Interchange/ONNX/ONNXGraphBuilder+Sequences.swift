import Networks

extension ONNXGraphBuilder {
  /// Adds the nodes of a layer that makes a sequence, reads one or ends one.
  mutating func addSequence(
    _ entry: Architecture.Entry, _ input: String, as output: String
  ) -> String {
    let layer = LayerNames(entry: entry)
    let (read, given) = (entry.inputShape.dimensions, entry.outputShape.dimensions)
    switch entry.layer.exportForm {
    case .rows:
      let rows = add("Transpose", [input], as: layer.part("rows"), ["perm": .wholes([0, 2, 1, 3])])
      return addReshape(rows, given, layer.part("shape"), as: output)
    case .patches(let side):
      let cut = addReshape(
        input, [read[0], read[1] / side, side, read[2] / side, side], layer.part("cut_shape"),
        as: layer.part("cut"))
      let patches = add(
        "Transpose", [cut], as: layer.part("patches"), ["perm": .wholes([0, 2, 4, 1, 3, 5])])
      return addReshape(patches, given, layer.part("shape"), as: output)
    case .selection(let place):
      let index = add(layer.part("place"), [place == .first ? 0 : read[0] - 1])
      let chosen = add(
        "Gather", [input, index], as: layer.part("chosen"), ["axis": .whole(1)])
      return add("Flatten", [chosen], as: output, ["axis": .whole(1)])
    case .meanOfPlaces:
      return add(
        "ReduceMean", [input], as: output, ["axes": .wholes([1]), "keepdims": .whole(0)])
    case .classToken:
      // Both are padded with zeros to the whole length, so that no size of the batch is needed.
      let before = add(layer.part("pads"), [0, 1, 0, 0, 0, 0])
      let axes = add(layer.part("axes"), [0, 1])
      let token = add("Unsqueeze", [layer.weight, axes], as: layer.part("token"))
      let behind = add(layer.part("token_pads"), [0, 0, 0, 0, read[0], 0])
      let first = add("Pad", [token, behind], as: layer.part("first"))
      let rest = add("Pad", [input, before], as: layer.part("rest"))
      return add("Add", [rest, first], as: output)
    case .positions: return add("Add", [input, layer.weight], as: output)
    case .attention(let heads): return addAttention(layer, input, read, heads, as: output)
    case .recurrence(let cell, let units):
      return addRecurrence(layer, input, given, cell, units, as: output)
    case .convolution, .linear, .batchNormalization, .layerNormalization, .groupNormalization,
      .activation, .pooling, .globalPooling, .flattening, .unflattening, .upsampling, .dropout,
      .gaussianNoise, .sampling, .sum, .concatenation, .mixture:
      preconditionFailure("ONNXGraphBuilder: \(entry.layer.text) is no layer of sequences")
    }
  }

  /// A weight matrix and a bias on every place, by their names within the layer.
  mutating func addAffine(
    _ layer: LayerNames, _ input: String, _ weight: String, _ bias: String?, as output: String
  ) -> String {
    let turned = add(
      "Transpose", [layer.tensor(weight)], as: layer.part("\(weight)_turned"),
      ["perm": .wholes([1, 0])])
    guard let bias else { return add("MatMul", [input, turned], as: output) }
    let product = add("MatMul", [input, turned], as: layer.part("\(weight)_product"))
    return add("Add", [product, layer.tensor(bias)], as: output)
  }

  /// The batch stays as it is.
  mutating func addReshape(
    _ input: String, _ dimensions: [Int], _ shape: String, as output: String
  ) -> String {
    add("Reshape", [input, add(shape, [-1] + dimensions)], as: output)
  }

  private mutating func addAttention(
    _ layer: LayerNames, _ input: String, _ shape: [Int], _ heads: Int, as output: String
  ) -> String {
    let size = shape[1] / heads
    let joined = addAffine(
      layer, input, "in_proj_weight", "in_proj_bias", as: layer.part("projected"))
    let parted = addReshape(
      joined, [shape[0], 3, heads, size], layer.part("parts_shape"), as: layer.part("parted"))
    let parts = add(
      "Transpose", [parted], as: layer.part("parts"), ["perm": .wholes([2, 0, 3, 1, 4])])
    let (query, key, value) = (
      addPart(0, "query", of: parts, layer), addPart(1, "key", of: parts, layer),
      addPart(2, "value", of: parts, layer)
    )
    let turned = add(
      "Transpose", [key], as: layer.part("key_turned"), ["perm": .wholes([0, 1, 2, 4, 3])])
    let products = add("MatMul", [query, turned], as: layer.part("products"))
    let scale = add(layer.part("scale"), [], [1 / Float(size).squareRoot()])
    let scaled = add("Mul", [products, scale], as: layer.part("scaled"))
    let weights = add("Softmax", [scaled], as: layer.part("weights"), ["axis": .whole(-1)])
    let means = add("MatMul", [weights, value], as: layer.part("means"))
    let placed = add(
      "Transpose", [means], as: layer.part("placed"), ["perm": .wholes([0, 1, 3, 2, 4])])
    let whole = addReshape(placed, shape, layer.part("whole_shape"), as: layer.part("whole"))
    return addAffine(layer, whole, "out_proj.weight", "out_proj.bias", as: output)
  }

  private mutating func addPart(
    _ index: Int, _ name: String, of parts: String, _ layer: LayerNames
  ) -> String {
    let place = add(layer.part("\(name)_place"), [index])
    return add("Gather", [parts, place], as: layer.part(name), ["axis": .whole(0)])
  }

  /// The operator wants the places first, the gates in an order of its own, and both biases in one row.
  private mutating func addRecurrence(
    _ layer: LayerNames, _ input: String, _ shape: [Int], _ cell: ExportForm.Cell, _ units: Int,
    as output: String
  ) -> String {
    let order = add(layer.part("gates"), cell.onnxGates)
    let tensors = ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"].map {
      addGates(layer, $0, cell, units, order)
    }
    let bias = add("Concat", Array(tensors[2...]), as: layer.part("bias"), ["axis": .whole(1)])
    let placed = add(
      "Transpose", [input], as: layer.part("places_first"), ["perm": .wholes([1, 0, 2])])
    var attributes: [String: Attribute] = ["hidden_size": .whole(units)]
    if cell == .gru { attributes["linear_before_reset"] = .whole(1) }
    let states = add(
      cell.rawValue.uppercased(), [placed, tensors[0], tensors[1], bias], as: layer.part("states"),
      attributes)
    let turned = add(
      "Transpose", [states], as: layer.part("images_first"), ["perm": .wholes([2, 0, 1, 3])])
    return addReshape(turned, shape, layer.part("shape"), as: output)
  }

  /// A tensor `[GN]` or `[GN, D]` as `[1, GN]` or `[1, GN, D]`, with its gates in the operator's order.
  private mutating func addGates(
    _ layer: LayerNames, _ name: String, _ cell: ExportForm.Cell, _ units: Int, _ order: String
  ) -> String {
    let rest = name.hasPrefix("weight") ? [-1] : []
    let gates = add(
      "Reshape",
      [layer.tensor(name), add(layer.part("\(name)_shape"), [cell.gates, units] + rest)],
      as: layer.part("\(name)_gates"))
    let ordered = add(
      "Gather", [gates, order], as: layer.part("\(name)_ordered"), ["axis": .whole(0)])
    return add(
      "Reshape",
      [ordered, add(layer.part("\(name)_whole_shape"), [1, cell.gates * units] + rest)],
      as: layer.part("\(name)_whole"))
  }
}

extension ExportForm.Cell {
  /// PyTorch's gates in the order in which the operator has them.
  fileprivate var onnxGates: [Int] {
    switch self {
    case .rnn: [0]
    // Input, output, forget, new.
    case .lstm: [0, 3, 1, 2]
    // Update, reset, new.
    case .gru: [1, 0, 2]
    }
  }
}
