import KernelTable
import Networks

/// Convolution of any kernel, stride and padding by the general product, one image at a time.
///
/// Weights lie as `[row][column][input channel][filter]`, so that a window's row of numbers and its
/// weights are both contiguous. The input's gradient is the same product over the output's gradient, spread
/// out by the stride and padded, with the window turned around.
struct ConvolutionOperation: Operation {
  let layer: Conv2D
  let input: Layout
  let output: Layout
  let parameters: [ParameterBlock]

  init(_ layer: Conv2D, input: Layout, output: Layout, firstTensor: Int) {
    self.layer = layer
    self.input = input
    self.output = output
    let (k, c, f) = (layer.kernel, input.channels, output.channels)
    var order: [Int32] = []
    for r in 0..<k {
      for s in 0..<k {
        for i in 0..<input.step {
          for o in 0..<output.step {
            order.append(i < c && o < f ? Int32(((o * c + i) * k + r) * k + s) : -1)
          }
        }
      }
    }
    let bias = (0..<output.step).map { $0 < f ? Int32($0) : -1 }
    parameters = [
      ParameterBlock(
        tensor: firstTensor, offset: 0, count: order.count, order: order, padding: 0,
        isLearned: true),
      ParameterBlock(
        tensor: firstTensor + 1, offset: order.count, count: bias.count, order: bias, padding: 0,
        isLearned: true),
    ]
  }

  var collectedCount: Int { weightCount + output.step }

  private var weightCount: Int { layer.kernel * layer.kernel * input.step * output.step }
  private var before: Int { layer.margins.before }
  private var paddedWidth: Int { input.width + before + layer.margins.after }
  private var paddedHeight: Int { input.height + before + layer.margins.after }
  private var paddedCount: Int { paddedHeight * paddedWidth * input.step }
  // The output's gradient, spread out so that a window at every input position fits.
  private var spreadWidth: Int { input.width + layer.kernel - 1 }
  private var spreadCount: Int { (input.height + layer.kernel - 1) * spreadWidth * output.step }
  /// The input's gradient is computed with padded channels.
  private var gradientStep: Int { padded(input.channels) }

  var derivedCount: Int { layer.kernel * layer.kernel * output.step * gradientStep }
  var scratchCount: Int {
    paddedCount + spreadCount + input.positions * gradientStep
  }

  /// turned[r][s][filter][channel] = weight[k-1-r][k-1-s][channel][filter]
  func derive(parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>) {
    let (k, c, f) = (layer.kernel, input.step, output.step)
    for tap in 0..<k * k {
      let weight = parameters + (k * k - 1 - tap) * c * f
      let turned = derived + tap * f * gradientStep
      for i in 0..<c {
        for o in 0..<f { turned[o * gradientStep + i] = weight[i * f + o] }
      }
    }
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    let k = layer.kernel
    for image in images {
      let x = withMargins(pass.input[image], pass.scratch)
      var task = MatrixTask(
        a: x, aRow: layer.stride * input.step, aInner: 1,
        b: pass.parameters, bInner: output.step,
        c: pass.output[image], cRow: output.step, start: pass.parameters + weightCount,
        rows: output.width, columns: output.step, inner: k * input.step)
      task.outer = k
      task.aOuter = paddedWidth * input.step
      task.bOuter = k * input.step * output.step
      task.repeats = output.height
      task.aRepeat = layer.stride * paddedWidth * input.step
      task.cRepeat = output.width * output.step
      pass.kernels.multiply(task)
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      if let gradient = pass.parameterGradient { addWeightGradient(image, gradient, pass) }
      if let inputGradient = pass.inputGradient {
        computeInputGradient(image, inputGradient[image], pass)
      }
    }
  }

  /// d weight[r][s][i][o] += Σ_y Σ_x padded[y·stride + r][x·stride + s][i] gradient[y][x][o]
  private func addWeightGradient(
    _ image: Int, _ gradient: UnsafeMutablePointer<Float>, _ pass: Pass
  ) {
    let k = layer.kernel
    let x = withMargins(pass.input[image], pass.scratch)
    var task = MatrixTask(
      a: x, aRow: 1, aInner: layer.stride * input.step,
      b: pass.outputGradient[image], bInner: output.step,
      c: gradient, cRow: output.step,
      rows: k * input.step, columns: output.step, inner: output.width)
    task.accumulates = true
    task.outer = output.height
    task.aOuter = layer.stride * paddedWidth * input.step
    task.bOuter = output.width * output.step
    task.repeats = k
    task.aRepeat = paddedWidth * input.step
    task.cRepeat = k * input.step * output.step
    pass.kernels.multiply(task)
    pass.kernels.addRows(
      pass.outputGradient[image], output.positions, output.step, gradient + weightCount)
  }

  /// d input[y][x][i] = Σ_r Σ_s Σ_o spread[y + r][x + s][o] turned[r][s][o][i]
  private func computeInputGradient(
    _ image: Int, _ result: UnsafeMutablePointer<Float>, _ pass: Pass
  ) {
    let k = layer.kernel
    let spread = pass.scratch + paddedCount
    spreadGradient(pass.outputGradient[image], spread)
    let isPadded = gradientStep != input.step
    let target = isPadded ? spread + spreadCount : result
    var task = MatrixTask(
      a: spread, aRow: output.step, aInner: 1,
      b: pass.derived, bInner: gradientStep,
      c: target, cRow: gradientStep,
      rows: input.width, columns: gradientStep, inner: k * output.step)
    task.outer = k
    task.aOuter = spreadWidth * output.step
    task.bOuter = k * output.step * gradientStep
    task.repeats = input.height
    task.aRepeat = spreadWidth * output.step
    task.cRepeat = input.width * gradientStep
    pass.kernels.multiply(task)
    guard isPadded else { return }
    for position in 0..<input.positions {
      for i in 0..<input.step {
        result[position * input.step + i] = target[position * gradientStep + i]
      }
    }
  }

  /// The image with its margins of zeros; the image itself if there are none.
  private func withMargins(
    _ image: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) -> UnsafeMutablePointer<Float> {
    guard before + layer.margins.after > 0 else { return image }
    scratch.update(repeating: 0, count: paddedCount)
    let row = input.width * input.step
    for y in 0..<input.height {
      let start = ((y + before) * paddedWidth + before) * input.step
      (scratch + start).update(from: image + y * row, count: row)
    }
    return scratch
  }

  /// spread[y·stride + k-1-before][x·stride + k-1-before] = gradient[y][x], zero elsewhere; what falls
  /// outside touches only the margins.
  private func spreadGradient(
    _ gradient: UnsafeMutablePointer<Float>, _ spread: UnsafeMutablePointer<Float>
  ) {
    spread.update(repeating: 0, count: spreadCount)
    let shift = layer.kernel - 1 - before
    let rows = input.height + layer.kernel - 1
    for y in 0..<output.height {
      let row = y * layer.stride + shift
      guard (0..<rows).contains(row) else { continue }
      for x in 0..<output.width {
        let column = x * layer.stride + shift
        guard (0..<spreadWidth).contains(column) else { continue }
        (spread + (row * spreadWidth + column) * output.step)
          .update(from: gradient + (y * output.width + x) * output.step, count: output.step)
      }
    }
  }
}
