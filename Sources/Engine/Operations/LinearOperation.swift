import KernelTable
import Networks

/// A fully connected layer on a whole shard; the bias comes first, then weights in strips of 16 outputs,
/// `[strip][input][16]`, so that every product reads them in one stream.
///
/// Its weight gradient is one product over the whole mini-batch, done with the optimizer's step (see
/// `WeightGradient`); only the bias's gradient is collected per shard. On the images themselves, most of
/// whose pixels are background, the layer sums the inked rows only (see `KernelTable.gather`).
struct LinearOperation: Operation {
  let input: Layout
  let output: Layout
  let parameters: [ParameterBlock]
  let updatedCount: Int
  /// What a background pixel is after normalisation, for each input; `nil` if the inputs are not images.
  let background: [Float]?

  /// Rows of weights that are multiplied while they stay in the first cache.
  private static let rowsPerRun = 256

  init(_ layer: Linear, input: Layout, background: [Float]?, firstTensor: Int) {
    self.input = input
    self.background = background
    output = Layout(height: 1, width: 1, channels: layer.units)
    let features = input.positions * input.channels
    // Rows of padding stay zero: their inputs are zero.
    var order = [Int32](repeating: -1, count: input.count * output.step)
    for feature in 0..<features {
      let row = input.offset(of: feature)
      for unit in 0..<layer.units {
        order[(unit / 16 * input.count + row) * 16 + unit % 16] = Int32(unit * features + feature)
      }
    }
    updatedCount = layer.hasBias ? output.step : 0
    parameters = [
      ParameterBlock(
        tensor: firstTensor, offset: output.step, count: order.count, order: order, padding: 0,
        isLearned: true),
      .bias(of: layer.units, at: 0, tensor: layer.hasBias ? firstTensor + 1 : nil),
    ]
  }

  /// Position of the weights.
  var weightOffset: Int { output.step }
  /// Strips of 16 outputs.
  var strips: Int { output.step / 16 }
  /// Numbers of one strip of weights.
  var stripCount: Int { 16 * input.count }
  var collectedCount: Int { output.step }
  var isPerImage: Bool { false }
  var updatesFromGradient: Bool { true }
  /// What the layer says to a blank image.
  var derivedCount: Int { background == nil ? 0 : output.step }
  var scratchCount: Int { (input.count + output.step) * shardSize }
  var keptCount: Int { background == nil ? 0 : InkList.count(input.count) }

  /// blank = bias + Σ_i background_i weight_i
  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    guard let background else { return }
    let rows = (0..<input.count).map { Int32(16 * $0) }
    rows.withUnsafeBufferPointer { rows in
      background.withUnsafeBufferPointer { background in
        guard let rows = rows.baseAddress, let background = background.baseAddress else { return }
        kernels.gather(
          GatherTask(
            count: input.count, offsets: rows, values: background,
            source: parameters + weightOffset, sourceStrip: stripCount, start: parameters,
            startFactor: 1, target: derived, targetStrip: 16, strips: strips))
      }
    }
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    guard let background else {
      multiply(images, pass)
      return
    }
    findInk(images, background, pass)
    // Each image decides for itself, so that its numbers do not depend on its neighbours.
    var next = images.lowerBound
    while next < images.upperBound {
      let start = next
      while next < images.upperBound, !ink(next, pass).isSparse { next += 1 }
      if next > start { multiply(start..<next, pass) }
      if next < images.upperBound {
        gather(next, pass)
        next += 1
      }
    }
  }

  private func ink(_ image: Int, _ pass: Pass) -> InkList {
    InkList(pass.kept[image], size: input.count)
  }

  private func findInk(_ images: Range<Int>, _ background: [Float], _ pass: Pass) {
    background.withUnsafeBufferPointer { background in
      guard let background = background.baseAddress else { return }
      for image in images {
        let ink = ink(image, pass)
        pass.kernels.findInk(
          pass.input[image], background, input.count, ink.starts, ink.offsets, ink.differences)
      }
    }
  }

  private func gather(_ image: Int, _ pass: Pass) {
    let ink = ink(image, pass)
    pass.kernels.gather(
      GatherTask(
        count: ink.total, offsets: ink.offsets, values: ink.differences,
        source: pass.parameters + weightOffset, sourceStrip: stripCount,
        start: pass.derived, startFactor: 1, target: pass.output[image], targetStrip: 16,
        strips: strips))
  }

  private func multiply(_ images: Range<Int>, _ pass: Pass) {
    for strip in 0..<strips {
      for first in stride(from: 0, to: input.count, by: Self.rowsPerRun) {
        var task = MatrixTask(
          a: pass.input[images.lowerBound] + first, aRow: pass.input.imageStep, aInner: 1,
          b: pass.parameters + weightOffset + strip * stripCount + 16 * first, bInner: 16,
          c: pass.output[images.lowerBound] + 16 * strip, cRow: pass.output.imageStep,
          start: pass.parameters + 16 * strip,
          rows: images.count, columns: 16, inner: min(Self.rowsPerRun, input.count - first))
        task.accumulates = first > 0
        pass.kernels.multiply(task)
      }
    }
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
    var task = MatrixTask(
      a: pass.parameters + weightOffset, aRow: 16, aInner: 1,
      b: turned, bInner: shardSize,
      c: result, cRow: shardSize,
      rows: input.count, columns: shardSize, inner: 16)
    task.outer = strips
    task.aOuter = stripCount
    task.bOuter = 16 * shardSize
    pass.kernels.multiply(task)
    // A square at a time, so that what is read stays in the first cache.
    for first in stride(from: 0, to: input.count, by: 16) {
      for (lane, image) in images.enumerated() {
        let gradient = inputGradient[image]
        for i in first..<min(first + 16, input.count) {
          gradient[i] = result[i * shardSize + lane]
        }
      }
    }
  }
}

extension Linear: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    if site.readsSequence {
      return (PlaceLinearOperation(self, input: site.input, firstTensor: site.firstTensor), 1)
    }
    return (
      LinearOperation(self, input: site.input, background: nil, firstTensor: site.firstTensor), 1
    )
  }
}
