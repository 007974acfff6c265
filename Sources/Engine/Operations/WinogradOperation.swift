import KernelTable
import Networks

/// A 3 x 3 convolution of stride 1 over padded channels, by Winograd's tiles; with ReLU and 2 x 2 max-pooling
/// in the same operation if `pooled`.
///
/// Weights lie as `[filter][row][column][input channel]`. Backward, a pooled convolution sums over the live
/// places only (see `SparseTask`); another has Winograd's tiles again.
struct WinogradOperation: Operation {
  let input: Layout
  let output: Layout
  let parameters: [ParameterBlock]
  private let layer: Conv2D
  private let pooled: Bool
  /// From input to output, and for gradients from output to input.
  private let outward: Winograd
  private let inward: Winograd
  private let lists: LiveLists?
  private let filters: Int
  private let reach: InkReach?

  /// True if a convolution can be done this way.
  static func fits(_ layer: Conv2D, input: Layout) -> Bool {
    layer.kernel == 3 && layer.stride == 1 && layer.margins.before <= 2
      && input.step == padded(input.channels)
  }

  /// `result` is the height and width before any pooling; both are even if `pooled`. `reach` is that of the
  /// images' ink into the output.
  init(
    _ layer: Conv2D, input: Layout, result: (height: Int, width: Int), pooled: Bool,
    reach: InkReach? = nil, firstTensor: Int
  ) {
    self.layer = layer
    self.input = input
    self.reach = reach
    self.pooled = pooled
    filters = padded(layer.filters)
    output = Layout(
      height: pooled ? result.height / 2 : result.height,
      width: pooled ? result.width / 2 : result.width, channels: layer.filters)
    let margin = layer.margins.before
    outward = Winograd(
      inputHeight: input.height, inputWidth: input.width, inputChannels: input.step,
      height: result.height, width: result.width, outputChannels: filters, margin: margin)
    inward = Winograd(
      inputHeight: result.height, inputWidth: result.width, inputChannels: filters,
      height: input.height, width: input.width, outputChannels: input.step, margin: 2 - margin)
    lists =
      pooled
      ? LiveLists(
        rows: output.height, columns: output.width, filters: filters,
        inputRow: outward.rowStep, inputColumn: input.step) : nil
    let (c, f) = (input.channels, layer.filters)
    var order: [Int32] = []
    for o in 0..<filters {
      for tap in 0..<9 {
        for i in 0..<input.step {
          order.append(o < f && i < c ? Int32((o * c + i) * 9 + tap) : -1)
        }
      }
    }
    parameters = [
      ParameterBlock(
        tensor: firstTensor, offset: 0, count: order.count, order: order, padding: 0,
        isLearned: true),
      .bias(of: layer.filters, at: order.count, tensor: layer.hasBias ? firstTensor + 1 : nil),
    ]
  }

  private var weightCount: Int { 9 * input.step * filters }
  var readsOutput: Bool { pooled }
  var collectedCount: Int { weightCount + filters }
  var updatedCount: Int { layer.hasBias ? collectedCount : weightCount }

  // Derived: the forward weights; without pooling also the backward weights and a bias of zeros.
  var derivedCount: Int {
    outward.weightCount + (pooled ? 0 : inward.weightCount + input.step)
  }
  var scratchCount: Int {
    if let lists { return max(outward.scratchCount, 2 * outward.paddedCount + lists.count) }
    return max(outward.gradientScratchCount, inward.scratchCount)
  }

  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    kernels.winogradWeights(parameters, derived, filters, input.step, false)
    if pooled { return }
    kernels.winogradWeights(
      parameters, derived + outward.weightCount, filters, input.step, true)
  }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    let step = pooled ? 2 : 1
    return WinogradOperation(
      layer.withoutMargins, input: crop, result: (step * height, step * width), pooled: pooled,
      firstTensor: 0)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      guard let reach, let blank = pass.blank else {
        convolve(image, nil, pass)
        continue
      }
      pass.output[image].update(from: blank.output, count: output.count)
      reach.withRows(of: blank.pixels[image], kernels: pass.kernels) { rows in
        withUnsafeTemporaryAllocation(
          of: Int32.self, capacity: outward.tileRows * outward.tileColumns
        ) { tiles in
          let count = list(rows, to: tiles)
          convolve(image, UnsafeBufferPointer(rebasing: tiles[..<count]), pass)
        }
      }
    }
  }

  /// The tiles that read ink; how many there are.
  private func list(
    _ rows: UnsafeMutableBufferPointer<UInt64>, to tiles: UnsafeMutableBufferPointer<Int32>
  ) -> Int {
    let side = pooled ? 1 : 2
    var count = 0
    for y in 0..<outward.tileRows {
      var places: UInt64 = 0
      for row in (0..<rows.count).clamped(to: side * y..<side * (y + 1)) { places |= rows[row] }
      for x in 0..<outward.tileColumns {
        // Written always, counted only if inked: no branch to guess wrong.
        tiles[count] = Int32(truncatingIfNeeded: y * outward.tileColumns + x)
        count += places >> UInt64(side * x) & (pooled ? 1 : 3) == 0 ? 0 : 1
      }
    }
    return count
  }

  private func convolve(_ image: Int, _ tiles: UnsafeBufferPointer<Int32>?, _ pass: Pass) {
    outward.convolve(
      pass.input[image], tiles: tiles, weights: pass.derived,
      bias: pass.parameters + weightCount, pooled: pooled, to: pass.output[image],
      scratch: pass.scratch, kernels: pass.kernels)
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      if let lists {
        sparseBackward(image, lists, pass)
      } else {
        denseBackward(image, pass)
      }
    }
  }

  // MARK: Without pooling

  private func denseBackward(_ image: Int, _ pass: Pass) {
    let gradient = pass.outputGradient[image]
    if let result = pass.parameterGradient {
      outward.addWeightGradient(
        pass.input[image], gradient: gradient, to: result, scratch: pass.scratch,
        kernels: pass.kernels)
      pass.kernels.addRows(
        gradient, outward.height * outward.width, filters, result + weightCount)
    }
    guard let inputGradient = pass.inputGradient else { return }
    let weights = pass.derived + outward.weightCount
    inward.convolve(
      gradient, weights: weights, bias: weights + inward.weightCount, pooled: false,
      to: inputGradient[image], scratch: pass.scratch, kernels: pass.kernels)
  }

  // MARK: With pooling

  private func sparseBackward(_ image: Int, _ lists: LiveLists, _ pass: Pass) {
    let x = pass.scratch
    let dx = x + outward.paddedCount
    let live = lists.sort(
      output: pass.output[image], gradient: pass.outputGradient[image],
      filterStep: 9 * input.step, wantsFilters: pass.parameterGradient != nil,
      memory: dx + outward.paddedCount, kernels: pass.kernels)
    if let result = pass.parameterGradient {
      outward.pad(pass.input[image], to: x)
      lists.addWeightGradient(
        live, input: x, inputRow: outward.rowStep, channels: input.step,
        to: result, kernels: pass.kernels)
      lists.addBiasGradient(live, to: result + weightCount)
    }
    guard let inputGradient = pass.inputGradient else { return }
    dx.update(repeating: 0, count: outward.paddedCount)
    lists.addInputGradient(
      live, weights: pass.parameters, inputRow: outward.rowStep, channels: input.step, to: dx,
      kernels: pass.kernels)
    let row = input.width * input.step
    let first = outward.margin * (outward.rowStep + input.step)
    for y in 0..<input.height {
      (inputGradient[image] + y * row).update(from: dx + first + y * outward.rowStep, count: row)
    }
  }
}
