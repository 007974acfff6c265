import Networks

/// Numbers in other places, some of them perhaps left out.
struct RearrangementOperation: Operation {
  let output: Layout
  private let inputCount: Int
  /// For each place in the output's memory that of the input's number, or -1 for padding.
  private let sources: [Int32]

  /// `source` is the input's number for each of the output's, both in PyTorch's order.
  init(_ input: Layout, to output: Layout, source: (_ number: Int) -> Int) {
    self.output = output
    inputCount = input.count
    var sources = [Int32](repeating: -1, count: output.count)
    for number in 0..<output.positions * output.channels {
      sources[output.offset(of: number)] = Int32(input.offset(of: source(number)))
    }
    self.sources = sources
  }

  var readsOutput: Bool { false }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let (input, result) = (pass.input[image], pass.output[image])
      for (place, source) in sources.enumerated() {
        result[place] = source < 0 ? 0 : input[Int(source)]
      }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    for image in images {
      let (gradient, result) = (pass.outputGradient[image], inputGradient[image])
      result.update(repeating: 0, count: inputCount)
      for (place, source) in sources.enumerated() where source >= 0 {
        result[Int(source)] = gradient[place]
      }
    }
  }
}

extension ImageRows: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    let input = site.input
    let output = Layout(length: input.height, width: input.channels * input.width)
    let operation = RearrangementOperation(input, to: output) { number in
      let (row, rest) = number.quotientAndRemainder(dividingBy: output.channels)
      let (channel, column) = rest.quotientAndRemainder(dividingBy: input.width)
      return (channel * input.height + row) * input.width + column
    }
    return (operation, 1)
  }
}

extension Unflatten: ExecutableLayer {
  /// What was flattened from maps of this shape lies as they did.
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    let (input, output) = (
      site.input,
      Layout(height: shape.height, width: shape.width, channels: shape.channels)
    )
    let lies =
      !input.isSequence && input.height == output.height && input.width == output.width
    return (
      lies ? FlattenOperation(output: input) : RearrangementOperation(input, to: output) { $0 }, 1
    )
  }
}

extension Patches: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    let (input, across) = (site.input, site.input.width / side)
    let output = Layout(
      length: input.height / side * across, width: input.channels * side * side)
    let operation = RearrangementOperation(input, to: output) { number in
      let (patch, rest) = number.quotientAndRemainder(dividingBy: output.channels)
      let (channel, place) = rest.quotientAndRemainder(dividingBy: side * side)
      let row = patch / across * side + place / side
      return (channel * input.height + row) * input.width + patch % across * side + place % side
    }
    return (operation, 1)
  }
}

extension SequenceEnd: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    let input = site.input
    let output = Layout(height: 1, width: 1, channels: input.channels)
    func place(_ number: Int) -> (operation: any Operation, layers: Int) {
      (RearrangementOperation(input, to: output) { number * input.channels + $0 }, 1)
    }
    return switch kind {
    case .first: place(0)
    case .last: place(input.positions - 1)
    case .mean: (GlobalPoolOperation(.average, input: input), 1)
    }
  }
}
