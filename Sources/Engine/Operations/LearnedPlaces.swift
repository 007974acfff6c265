import KernelTable
import Networks

/// A learned place before a sequence's first.
struct ClassTokenOperation: Operation {
  let output: Layout
  let parameters: [ParameterBlock]
  private let input: Layout

  init(input: Layout, firstTensor: Int) {
    self.input = input
    output = Layout(length: input.positions + 1, width: input.channels)
    parameters = [
      ParameterBlock(
        tensor: firstTensor, offset: 0, count: input.step,
        order: Projection.plain(input.channels), padding: 0, isLearned: true)
    ]
  }

  var readsOutput: Bool { false }
  var collectedCount: Int { input.step }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      pass.output[image].update(from: pass.parameters, count: input.step)
      (pass.output[image] + input.step).update(from: pass.input[image], count: input.count)
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let gradient = pass.outputGradient[image]
      if let collected = pass.parameterGradient {
        pass.kernels.addRows(gradient, 1, input.step, collected)
      }
      if let inputGradient = pass.inputGradient {
        inputGradient[image].update(from: gradient + input.step, count: input.count)
      }
    }
  }
}

/// A learned number added to each of a sequence.
struct PositionsOperation: Operation {
  let output: Layout
  let parameters: [ParameterBlock]

  init(input: Layout, firstTensor: Int) {
    output = input
    var order = [Int32](repeating: -1, count: input.count)
    for number in 0..<input.positions * input.channels {
      order[input.offset(of: number)] = Int32(number)
    }
    parameters = [
      ParameterBlock(
        tensor: firstTensor, offset: 0, count: order.count, order: order, padding: 0,
        isLearned: true)
    ]
  }

  var readsOutput: Bool { false }
  var overwritesInput: Bool { true }
  var leavesOutputsRead: Bool { true }
  var handsGradientOn: Bool { true }
  var collectedCount: Int { output.count }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let result = pass.output[image]
      if pass.input[image] != result { result.update(from: pass.input[image], count: output.count) }
      pass.kernels.addRows(pass.parameters, 1, output.count, result)
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let gradient = pass.outputGradient[image]
      if let collected = pass.parameterGradient {
        pass.kernels.addRows(gradient, 1, output.count, collected)
      }
      if let inputGradient = pass.inputGradient, inputGradient[image] != gradient {
        inputGradient[image].update(from: gradient, count: output.count)
      }
    }
  }
}

extension ClassToken: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (ClassTokenOperation(input: site.input, firstTensor: site.firstTensor), 1)
  }
}

extension Positions: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (PositionsOperation(input: site.input, firstTensor: site.firstTensor), 1)
  }
}
