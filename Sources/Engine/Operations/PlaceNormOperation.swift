import KernelTable
import Networks

/// Layer normalisation of every place's channels.
struct PlaceNormOperation: Operation {
  let output: Layout
  let parameters: [ParameterBlock]
  private let epsilon: Float

  init(input: Layout, epsilon: Float, firstTensor: Int) {
    output = input
    self.epsilon = epsilon
    let order = Projection.plain(input.channels)
    parameters = (0..<2).map { index in
      ParameterBlock(
        tensor: firstTensor + index, offset: index * order.count, count: order.count,
        order: order, padding: 0, isLearned: true)
    }
  }

  var readsOutput: Bool { false }
  var collectedCount: Int { 2 * output.step }

  private func task(_ image: Int, _ pass: Pass) -> RowNormTask {
    RowNormTask(
      input: pass.input[image], scale: pass.parameters, shift: pass.parameters + output.step,
      rows: output.positions, count: output.channels, step: output.step, epsilon: epsilon)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images { pass.kernels.normalizeRows(task(image, pass), pass.output[image]) }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    let (scale, shift) = (pass.parameterGradient, pass.parameterGradient.map { $0 + output.step })
    for image in images {
      pass.kernels.normalizeRowsBackward(
        task(image, pass), pass.outputGradient[image], scale, shift, pass.inputGradient?[image])
    }
  }
}
