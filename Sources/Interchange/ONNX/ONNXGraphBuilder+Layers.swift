import Foundation
import Networks

extension ONNXGraphBuilder {
  /// Adds the nodes of a layer. Its tensors must stand there as constants under their full names.
  ///
  /// - Parameters:
  ///   - entry: the layer in its place.
  ///   - inputs: the names of the values that it reads.
  ///   - output: the name of what it gives.
  /// - Returns: the name of what it gives: that of what it reads, if it does nothing at prediction.
  mutating func add(
    _ entry: Architecture.Entry, reading inputs: [String], as output: String
  ) -> String {
    let layer = LayerNames(entry: entry)
    let input = inputs[0]
    switch entry.layer.exportForm {
    case .convolution(let window, let groups, let hasBias):
      return add(
        "Conv", [input, layer.weight] + (hasBias ? [layer.bias] : []), as: output,
        [
          "group": .whole(groups), "kernel_shape": .wholes([window.side, window.side]),
          "pads": .wholes(window.pads), "strides": .wholes([window.stride, window.stride]),
        ])
    case .linear(let hasBias):
      if entry.inputShape.isSequence {
        return addAffine(
          layer, input, "weight", hasBias ? "bias" : nil, as: output)
      }
      return add(
        "Gemm", [input, layer.weight] + (hasBias ? [layer.bias] : []), as: output,
        ["transB": .whole(1)])
    case .batchNormalization(let epsilon, let momentum, let isScaled):
      let count = entry.outputShape.channels
      let scale = isScaled ? layer.weight : add(layer.part("ones"), [count], ones(count))
      let shift = isScaled ? layer.bias : add(layer.part("zeros"), [count], zeros(count))
      return add(
        "BatchNormalization",
        [input, scale, shift, layer.tensor("running_mean"), layer.tensor("running_var")],
        // ONNX counts the share that is kept, Inkling and PyTorch the share that is replaced.
        as: output, ["epsilon": .number(epsilon), "momentum": .number(1 - momentum)])
    case .layerNormalization(let epsilon):
      // The operator takes the last axes, where channels stand only in a list.
      let hasPlaces = entry.outputShape.hasPlaces
      let read =
        hasPlaces
        ? add("Transpose", [input], as: layer.part("places"), ["perm": .wholes([0, 2, 3, 1])])
        : input
      let normalized = add(
        "LayerNormalization", [read, layer.weight, layer.bias],
        as: hasPlaces ? layer.part("normalized") : output,
        ["axis": .whole(-1), "epsilon": .number(epsilon)])
      return hasPlaces
        ? add("Transpose", [normalized], as: output, ["perm": .wholes([0, 3, 1, 2])])
        : normalized
    case .groupNormalization(let groups, let epsilon):
      return addGroupNormalization(entry, input, groups, epsilon, as: output)
    case .activation(let function): return add(function, layer, input, as: output)
    case .pooling(let pooling, let window, _, let countsPadding):
      return addPooling(pooling, window, countsPadding: countsPadding, entry, input, as: output)
    case .globalPooling(let pooling):
      let pooled = add(
        pooling == .maximum ? "GlobalMaxPool" : "GlobalAveragePool", [input],
        as: layer.part("pooled"))
      return add("Flatten", [pooled], as: output, ["axis": .whole(1)])
    case .flattening: return add("Flatten", [input], as: output, ["axis": .whole(1)])
    case .unflattening:
      return addReshape(input, entry.outputShape.dimensions, layer.part("shape"), as: output)
    case .upsampling(let factor): return addUpsampling(layer, input, factor, as: output)
    case .sampling:
      let (start, axis) = (add(layer.part("start"), [0]), add(layer.part("axis"), [1]))
      let end = add(layer.part("end"), [entry.outputShape.count])
      return add("Slice", [input, start, end, axis], as: output)
    case .rows, .patches, .selection, .meanOfPlaces, .classToken, .positions, .attention,
      .recurrence:
      return addSequence(entry, input, as: output)
    case .dropout, .gaussianNoise: return input
    case .sum:
      // Two at a time, as more programs read than the operator of many.
      var sum = input
      for (place, next) in inputs.enumerated().dropFirst() {
        let isLast = place == inputs.count - 1
        sum = add("Add", [sum, next], as: isLast ? output : layer.part("sum\(place)"))
      }
      return sum
    case .concatenation: return add("Concat", inputs, as: output, ["axis": .whole(1)])
    case .mixture: return addMixture(layer, inputs, as: output)
    }
  }

  /// Each number as a square: place o reads o / factor, rounded down.
  private mutating func addUpsampling(
    _ layer: LayerNames, _ input: String, _ factor: Int, as output: String
  ) -> String {
    let scales = add(layer.part("scales"), [4], [1, 1, Float(factor), Float(factor)])
    return add(
      "Resize", [input, "", scales], as: output,
      [
        "coordinate_transformation_mode": .word("asymmetric"), "mode": .word("nearest"),
        "nearest_mode": .word("floor"),
      ])
  }

  /// A pooling whose windows reach as far as they have to, so that no runtime is asked to round sizes up.
  private mutating func addPooling(
    _ pooling: LayerFamily.Pooling, _ window: ExportForm.Window, countsPadding: Bool,
    _ entry: Architecture.Entry, _ input: String, as output: String
  ) -> String {
    let layer = LayerNames(entry: entry)
    // How far the last windows reach beyond the image and what is around it.
    let beyond = zip(entry.inputShape.dimensions, entry.outputShape.dimensions).dropFirst().map {
      max(0, ($1 - 1) * window.stride + window.side - $0 - window.before - window.after)
    }
    var read = input
    var counts = pooling == .average && countsPadding && window.pads.contains { $0 > 0 }
    var (before, after) = (window.before, window.after)
    if counts, beyond.contains(where: { $0 > 0 }) {
      // The operator counts all that is around the image or nothing: zeros that count become a part of it.
      let pads = [0, 0, before, before, 0, 0, after, after]
      read = add("Pad", [input, add(layer.part("pads"), pads)], as: layer.part("padded"))
      (before, after, counts) = (0, 0, false)
    }
    var attributes: [String: Attribute] = [
      "kernel_shape": .wholes([window.side, window.side]),
      "pads": .wholes([before, before] + beyond.map { $0 + after }),
      "strides": .wholes([window.stride, window.stride]),
    ]
    if counts { attributes["count_include_pad"] = .whole(1) }
    return add(pooling == .maximum ? "MaxPool" : "AveragePool", [read], as: output, attributes)
  }

  /// Instance normalisation of the groups' numbers as lists, then the channels' own factors.
  private mutating func addGroupNormalization(
    _ entry: Architecture.Entry, _ input: String, _ groups: Int, _ epsilon: Float,
    as output: String
  ) -> String {
    let layer = LayerNames(entry: entry)
    // 0 keeps the number of images, -1 is what remains.
    let parted = add(
      "Reshape", [input, add(layer.part("groups_shape"), [0, groups, -1])],
      as: layer.part("groups"))
    let normalized = add(
      "InstanceNormalization",
      [
        parted, add(layer.part("ones"), [groups], ones(groups)),
        add(layer.part("zeros"), [groups], zeros(groups)),
      ], as: layer.part("normalized"), ["epsilon": .number(epsilon)])
    let whole = add(
      "Reshape",
      [normalized, add(layer.part("shape"), [0] + entry.outputShape.dimensions)],
      as: layer.part("whole"))
    var (weight, bias) = (layer.weight, layer.bias)
    if entry.outputShape.hasPlaces {
      let axes = add(layer.part("axes"), [1, 2])
      weight = add("Unsqueeze", [weight, axes], as: layer.part("weight"))
      bias = add("Unsqueeze", [bias, axes], as: layer.part("bias"))
    }
    let scaled = add("Mul", [whole, weight], as: layer.part("scaled"))
    return add("Add", [scaled, bias], as: output)
  }

  private mutating func add(
    _ function: ExportForm.Function, _ layer: LayerNames, _ input: String, as output: String
  ) -> String {
    switch function {
    case .relu: return add("Relu", [input], as: output)
    case .leakyReLU(let slope):
      return add("LeakyRelu", [input], as: output, ["alpha": .number(slope)])
    case .clippedReLU(let ceiling):
      let (least, most) = (
        add(layer.part("zero"), [], [0]), add(layer.part("ceiling"), [], [ceiling])
      )
      return add("Clip", [input, least, most], as: output)
    case .elu(let alpha): return add("Elu", [input], as: output, ["alpha": .number(alpha)])
    case .tanh: return add("Tanh", [input], as: output)
    case .sigmoid: return add("Sigmoid", [input], as: output)
    case .silu:
      let share = add("Sigmoid", [input], as: layer.part("sigmoid"))
      return add("Mul", [input, share], as: output)
    case .gelu:
      // x/2 (1 + erf(x/√2)), in the order in which runtimes look for it to compute it at once.
      let root = add(layer.part("root_two"), [], [Float(2).squareRoot()])
      let scaled = add("Div", [input, root], as: layer.part("scaled"))
      let error = add("Erf", [scaled], as: layer.part("erf"))
      let one = add(layer.part("one"), [], [1])
      let share = add("Add", [error, one], as: layer.part("share"))
      let twice = add("Mul", [input, share], as: layer.part("twice"))
      return add("Mul", [twice, add(layer.part("half"), [], [0.5])], as: output)
    case .multiple(let factor):
      return add("Mul", [input, add(layer.part("factor"), [], [factor])], as: output)
    }
  }

  /// The logarithm of the mean of the members' probabilities, and their mean level; sums of powers by their logarithms, so
  /// that no small probability is lost.
  private mutating func addMixture(
    _ layer: LayerNames, _ members: [String], as output: String
  ) -> String {
    let axis = add(layer.part("axis"), [0])
    let rows = members.enumerated().map { place, member in
      add("Unsqueeze", [member, axis], as: layer.part("member\(place + 1)"))
    }
    let all = add("Concat", rows, as: layer.part("members"), ["axis": .whole(0)])
    let certain = add("LogSoftmax", [all], as: layer.part("log_softmax"), ["axis": .whole(2)])
    let sum = add(
      "ReduceLogSumExp", [certain], as: layer.part("log_sum"),
      ["axes": .wholes([0]), "keepdims": .whole(0)])
    let count = add(layer.part("log_count"), [], [Float(log(Double(members.count)))])
    let mean = add("Sub", [sum, count], as: layer.part("log_mean"))
    let levels = add(
      "ReduceLogSumExp", [all], as: layer.part("levels"),
      ["axes": .wholes([2]), "keepdims": .whole(1)])
    let level = add(
      "ReduceMean", [levels], as: layer.part("level"),
      ["axes": .wholes([0]), "keepdims": .whole(0)])
    return add("Add", [mean, level], as: output)
  }

  private func ones(_ count: Int) -> [Float] { Array(repeating: 1, count: count) }
  private func zeros(_ count: Int) -> [Float] { Array(repeating: 0, count: count) }
}

/// The names of a layer's tensors, and of what lies between its nodes.
struct LayerNames {
  let entry: Architecture.Entry

  var weight: String { tensor("weight") }
  var bias: String { tensor("bias") }
  func tensor(_ name: String) -> String { "\(entry.name).\(name)" }
  func part(_ name: String) -> String { "\(entry.name)/\(name)" }
}

extension ExportForm.Window {
  /// Zeros before the rows and columns, then those behind them.
  fileprivate var pads: [Int] { [before, before, after, after] }
}
