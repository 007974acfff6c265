import Engine
import Networks

extension Study {
  /// The strongest number that the first layer with weights has for an image, behind its activation function.
  ///
  /// - Parameter example: the image.
  /// - Returns: `nil` if that layer does not read feature maps or pixels, or if the number is not finite.
  package func workedNumber(_ example: ExampleFacts) -> WorkedNumber? {
    guard let place = architecture.entries.firstIndex(where: { $0.layer.family == .affine }),
      let weights = network.tensor("\(architecture.entries[place].name).weight")?.values
    else { return nil }
    let entry = architecture.entries[place]
    // Of a sequence's places each has sums of its own.
    if entry.inputShape.isSequence { return nil }
    let trace = executor.tracer.activations(example.pixels.values)
    let behind = stages(behind: place)
    let origin = plainOrigin(of: entry.inputs[0])
    let shape = shape(of: origin)
    guard shape.hasPlaces, let sums = trace[entry.name], sums.allSatisfy(\.isFinite),
      let last = trace[architecture.entries[behind.last ?? place].name],
      let at = last.indices.max(by: { (last[$0], $1) < (last[$1], $0) })
    else { return nil }
    let read = values(origin, of: example, in: trace)
    let outputs = entry.outputShape.dimensions
    let plane = entry.isConvolution ? outputs[1] * outputs[2] : 1
    let (channel, spot) = (at / plane, at % plane)
    let (row, column) = entry.isConvolution ? (spot / outputs[2], spot % outputs[2]) : (0, 0)
    var (window, start) = (Plane(shape: shape.dimensions, values: read), (0, 0))
    if case .convolution(let form, let groups, hasBias: _) = entry.layer.exportForm {
      let depth = shape.channels / groups
      start = (row * form.stride - form.before, column * form.stride - form.before)
      window = cut(
        read, shape.dimensions, channels: channel / (outputs[0] / groups) * depth, depth, start,
        side: form.side)
    }
    let size = window.values.count
    return WorkedNumber(
      image: example.index, layer: entry.name, isWindow: entry.isConvolution, channel: channel,
      row: row, column: column, top: start.0, left: start.1,
      source: origin == 0 ? nil : architecture.entries[origin - 1].name,
      window: window,
      weights: Plane(
        shape: window.shape, values: Array(weights[channel * size..<(channel + 1) * size])),
      bias: network.tensor("\(entry.name).bias")?.values[channel] ?? 0, sum: sums[at],
      stages: behind.map { index in
        let layer = architecture.entries[index]
        return WorkedNumber.Stage(
          layer: layer.name, type: architecture.text(of: layer), role: ModelFacts.Role(layer),
          value: trace[layer.name]?[at] ?? 0)
      })
  }

  /// The layers that make one number of each number behind a layer, up to and with an activation function.
  private func stages(behind place: Int) -> [Int] {
    let entries = architecture.entries
    var (value, found) = (place + 1, [Int]())
    while true {
      let readers = architecture.readers(of: value)
      guard readers.count == 1, entries[readers[0]].inputs.count == 1 else { return found }
      let layer = entries[readers[0]].layer
      value = readers[0] + 1
      switch layer.family {
      case .noise: continue
      case .normalization: found.append(readers[0])
      case .activation:
        return found + readers
      case .affine, .pooling, .reshape, .selection, .constants, .memory, .joint: return found
      }
    }
  }

  /// The last layer if it is linear, its weights, and the value whose numbers it weighs, 0 being the image.
  var lastLinear: (entry: Architecture.Entry, weights: [Float], origin: Int)? {
    guard let entry = architecture.entries.last, entry.layer.family == .affine,
      let weights = network.tensor("\(entry.name).weight")?.values
    else { return nil }
    return (entry, weights, plainOrigin(of: entry.inputs[0]))
  }

  /// The value with the same numbers in the same order before what only gives them another shape, or does nothing at
  /// prediction.
  func plainOrigin(of value: Int) -> Int {
    guard value > 0 else { return 0 }
    let entry = architecture.entries[value - 1]
    switch entry.layer.family {
    case .reshape where entry.layer.exportForm != .flattening: return value
    case .reshape, .noise: return plainOrigin(of: entry.inputs[0])
    case .affine, .activation, .pooling, .normalization, .selection, .constants, .memory, .joint:
      return value
    }
  }

  /// The shape of a value: 0 is the image, i + 1 what layer i hands on.
  private func shape(of value: Int) -> Shape {
    let image = architecture.inputShape
    return value == 0
      ? .image(channels: image.channels, height: image.height, width: image.width)
      : architecture.entries[value - 1].outputShape
  }

  /// The numbers of a value for an image whose activations are known; of the image itself as the first layer reads them.
  func values(_ value: Int, of example: ExampleFacts, in trace: [String: [Float]]) -> [Float] {
    guard value == 0 else { return trace[architecture.entries[value - 1].name] ?? [] }
    let plane = architecture.inputShape.height * architecture.inputShape.width
    let (mean, deviation) = (network.normalization.mean, network.normalization.standardDeviation)
    return example.pixels.values.enumerated().map { at, pixel in
      (pixel - mean[at / plane]) / deviation[at / plane]
    }
  }

  /// A window of some channels, with zeros outside.
  private func cut(
    _ values: [Float], _ shape: [Int], channels first: Int, _ depth: Int, _ start: (Int, Int),
    side: Int
  ) -> Plane {
    let (height, width) = (shape[1], shape[2])
    var window: [Float] = []
    for channel in first..<first + depth {
      for row in start.0..<start.0 + side {
        for column in start.1..<start.1 + side {
          let isInside = (0..<height).contains(row) && (0..<width).contains(column)
          window.append(isInside ? values[(channel * height + row) * width + column] : 0)
        }
      }
    }
    return Plane(shape: [depth, side, side], values: window)
  }
}
