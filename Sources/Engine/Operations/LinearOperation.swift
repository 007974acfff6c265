import KernelTable
import Networks

/// A fully connected layer on a whole shard; the bias comes first, then weights as `[input][output]`.
///
/// Its weight gradient is one product over the whole mini-batch, done with the optimizer's step (see
/// `TrainingExecutor`); only the bias's gradient is collected per shard.
struct LinearOperation: Operation {
  let input: Layout
  let output: Layout
  let parameters: [ParameterBlock]

  init(_ layer: Linear, input: Layout, firstTensor: Int) {
    self.input = input
    output = Layout(height: 1, width: 1, channels: layer.units)
    // Rows of padding stay zero: their inputs are zero.
    let features = input.positions * input.channels
    var order = [Int32](repeating: -1, count: input.count * output.step)
    for feature in 0..<features {
      let row = input.offset(of: feature) * output.step
      for unit in 0..<layer.units { order[row + unit] = Int32(unit * features + feature) }
    }
    let bias = (0..<output.step).map { $0 < layer.units ? Int32($0) : -1 }
    parameters = [
      ParameterBlock(
        tensor: firstTensor, offset: bias.count, count: order.count, order: order, padding: 0,
        isLearned: true),
      ParameterBlock(
        tensor: firstTensor + 1, offset: 0, count: bias.count, order: bias, padding: 0,
        isLearned: true),
    ]
  }

  /// Position of the weights.
  var weightOffset: Int { output.step }
  var collectedCount: Int { output.step }
  var isPerImage: Bool { false }
  var scratchCount: Int { (input.count + output.step) * shardSize }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    pass.kernels.multiply(
      MatrixTask(
        a: pass.input[images.lowerBound], aRow: pass.input.imageStep, aInner: 1,
        b: pass.parameters + weightOffset, bInner: output.step,
        c: pass.output[images.lowerBound], cRow: pass.output.imageStep,
        start: pass.parameters,
        rows: images.count, columns: output.step, inner: input.count))
  }

  /// d input[n][i] = Σ_o weight[i][o] gradient[n][o], sixteen images in a vector: the weights are read
  /// as they lie, and no turned copy of them is needed.
  func backward(_ images: Range<Int>, _ pass: Pass) {
    if let gradient = pass.parameterGradient {
      for image in images {
        pass.kernels.addRows(pass.outputGradient[image], 1, output.step, gradient)
      }
    }
    guard let inputGradient = pass.inputGradient else { return }
    let turned = pass.scratch
    let result = pass.scratch + output.step * shardSize
    turned.update(repeating: 0, count: output.step * shardSize)
    for (lane, image) in images.enumerated() {
      let gradient = pass.outputGradient[image]
      for o in 0..<output.channels { turned[o * shardSize + lane] = gradient[o] }
    }
    pass.kernels.multiply(
      MatrixTask(
        a: pass.parameters + weightOffset, aRow: output.step, aInner: 1,
        b: turned, bInner: shardSize,
        c: result, cRow: shardSize,
        rows: input.count, columns: shardSize, inner: output.channels))
    for (lane, image) in images.enumerated() {
      let gradient = inputGradient[image]
      for i in 0..<input.count { gradient[i] = result[i * shardSize + lane] }
    }
  }
}
