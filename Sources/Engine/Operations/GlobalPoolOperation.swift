import Networks

/// Each feature map's mean or largest number.
struct GlobalPoolOperation: Operation {
  private let kind: Pool2D.Kind
  private let input: Layout
  let output: Layout

  init(_ kind: Pool2D.Kind, input: Layout) {
    self.kind = kind
    self.input = input
    output = Layout(height: 1, width: 1, channels: input.channels)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let (source, result) = (pass.input[image], pass.output[image])
      result.update(repeating: 0, count: output.count)
      result.update(from: source, count: input.channels)
      for position in 1..<max(1, input.positions) {
        let row = source + position * input.step
        switch kind {
        case .average: for c in 0..<input.channels { result[c] += row[c] }
        case .maximum: for c in 0..<input.channels { result[c] = max(result[c], row[c]) }
        }
      }
      guard kind == .average else { continue }
      for c in 0..<input.channels { result[c] /= Float(input.positions) }
    }
  }

  /// The largest number's gradient goes to the first place that has it.
  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    for image in images {
      let (gradient, target) = (pass.outputGradient[image], inputGradient[image])
      target.update(repeating: 0, count: input.count)
      switch kind {
      case .average:
        for position in 0..<input.positions {
          let row = target + position * input.step
          for c in 0..<input.channels { row[c] = gradient[c] / Float(input.positions) }
        }
      case .maximum:
        let (source, result) = (pass.input[image], pass.output[image])
        for c in 0..<input.channels {
          let place = (0..<input.positions).first { source[$0 * input.step + c] == result[c] }
          if let place { target[place * input.step + c] = gradient[c] }
        }
      }
    }
  }
}

extension GlobalPool: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (GlobalPoolOperation(kind, input: site.input), 1)
  }
}
