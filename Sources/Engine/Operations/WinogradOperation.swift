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
  /// From input to output, for gradients from output to input, and for those of the weights.
  private let outward: Winograd
  private let inward: Winograd
  private let learning: Winograd
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
    _ layer: Conv2D, input: Layout, result: (height: Int, width: Int), pooled: Bool, side: Int,
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
    func shape(side: Int) -> WinogradShape {
      WinogradShape(
        inputHeight: input.height, inputWidth: input.width, inputChannels: input.step,
        height: result.height, width: result.width, outputChannels: padded(layer.filters),
        margin: margin, side: side)
    }
    outward = Winograd(shape(side: side), isPooled: pooled)
    learning = Winograd(shape(side: 4))
    inward = Winograd(
      WinogradShape(
        inputHeight: result.height, inputWidth: result.width, inputChannels: filters,
        height: input.height, width: input.width, outputChannels: input.step, margin: 2 - margin,
        side: side))
    lists =
      pooled
      ? LiveLists(
        rows: output.height, columns: output.width, filters: filters,
        inputRow: (result.width + 2) * input.step, inputColumn: input.step) : nil
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

  /// Wherever in a tile a place stands. Those of a pooled map are tiles.
  var blur: Scope {
    let side = outward.shape.side
    return pooled ? .place : Scope(kernel: 2 * side - 1, stride: 1, margin: side - 1)
  }
  /// With so many tiles an image fills its products' rows by itself, and is better kept in the cache; with fewer the images
  /// of a shard are done together, so that the weights are read but once.
  private static let manyTiles = 64
  var isPerImage: Bool { pooled || outward.tileCount >= Self.manyTiles }

  // Derived: the forward weights; without pooling also the backward weights and a bias of zeros.
  var derivedCount: Int {
    outward.weightCount + (pooled ? 0 : inward.weightCount + input.step)
  }
  var scratchCount: Int {
    let forward = listCount + outward.scratchCount
    if let lists { return max(forward, 2 * paddedCount + lists.count) }
    return max(forward, learning.gradientScratchCount, inward.scratchCount)
  }
  /// Room for inked tiles.
  private var listCount: Int {
    reach == nil ? 0 : padded(outward.tilesPerRun + outward.tileCount)
  }

  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    func transform(_ way: Winograd, turned: Bool, to transformed: UnsafeMutablePointer<Float>) {
      way.transform(
        weights: parameters, filters: filters, channels: input.step, turned: turned,
        to: transformed, kernels: kernels)
    }
    transform(outward, turned: false, to: derived)
    if !pooled { transform(inward, turned: true, to: derived + outward.weightCount) }
  }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    let step = pooled ? 2 : 1
    return WinogradOperation(
      layer.withoutMargins, input: crop, result: (step * height, step * width), pooled: pooled,
      side: outward.shape.side, firstTensor: 0)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    guard let reach, let blank = pass.blank else { return convolve(images, nil, pass) }
    let tiles = UnsafeMutableRawPointer(pass.scratch).bindMemory(
      to: Int32.self, capacity: listCount)
    var count = 0
    for image in images {
      pass.output[image].update(from: blank.output, count: output.count)
      count += reach.withRows(of: blank.pixels[image], kernels: pass.kernels) { rows in
        list(rows, image - images.lowerBound, to: tiles + count)
      }
      if count >= outward.tilesPerRun || image == images.upperBound - 1 {
        convolve(images, UnsafeBufferPointer(start: tiles, count: count), pass)
        count = 0
      }
    }
  }

  /// The tiles of an image that read ink; how many there are.
  private func list(
    _ rows: UnsafeMutableBufferPointer<UInt64>, _ image: Int,
    to tiles: UnsafeMutablePointer<Int32>
  ) -> Int {
    // Of a pooled map each place is a tile.
    let side = pooled ? 1 : outward.shape.side
    let columns = outward.shape.tileColumns
    var count = 0
    for y in 0..<outward.shape.tileRows {
      var places: UInt64 = 0
      for row in (0..<rows.count).clamped(to: side * y..<side * (y + 1)) { places |= rows[row] }
      for x in 0..<columns {
        // Written always, counted only if inked: no branch to guess wrong.
        tiles[count] = Int32(truncatingIfNeeded: image * outward.tileCount + y * columns + x)
        count += places >> UInt64(side * x) & (1 << UInt64(side) - 1) == 0 ? 0 : 1
      }
    }
    return count
  }

  private func convolve(_ images: Range<Int>, _ tiles: UnsafeBufferPointer<Int32>?, _ pass: Pass) {
    outward.convolve(
      images, of: pass.input, tiles: tiles, weights: pass.derived,
      bias: pass.parameters + weightCount, to: pass.output, scratch: pass.scratch + listCount,
      kernels: pass.kernels)
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    if let lists {
      for image in images { sparseBackward(image, lists, pass) }
    } else {
      denseBackward(images, pass)
    }
  }

  // MARK: Without pooling

  private func denseBackward(_ images: Range<Int>, _ pass: Pass) {
    if let result = pass.parameterGradient {
      learning.addGradient(
        images, of: pass.input, gradient: pass.outputGradient, to: result,
        bias: result + weightCount, scratch: pass.scratch, kernels: pass.kernels)
    }
    guard let inputGradient = pass.inputGradient else { return }
    let weights = pass.derived + outward.weightCount
    inward.convolve(
      images, of: pass.outputGradient, weights: weights, bias: weights + inward.weightCount,
      to: inputGradient, scratch: pass.scratch, kernels: pass.kernels)
  }

  // MARK: With pooling

  /// Step from one row of the input with its margins to the next, and numbers of all of it.
  private var paddedRow: Int { (outward.shape.width + 2) * input.step }
  private var paddedCount: Int { (outward.shape.height + 2) * paddedRow }
  /// Where the input begins within its margins.
  private var corner: Int { outward.shape.margin * (paddedRow + input.step) }

  private func sparseBackward(_ image: Int, _ lists: LiveLists, _ pass: Pass) {
    let x = pass.scratch
    let dx = x + paddedCount
    let row = input.width * input.step
    let live = lists.sort(
      output: pass.output[image], gradient: pass.outputGradient[image],
      filterStep: 9 * input.step, wantsFilters: pass.parameterGradient != nil,
      memory: dx + paddedCount, kernels: pass.kernels)
    if let result = pass.parameterGradient {
      x.update(repeating: 0, count: paddedCount)
      for y in 0..<input.height {
        (x + corner + y * paddedRow).update(from: pass.input[image] + y * row, count: row)
      }
      lists.addWeightGradient(
        live, input: x, inputRow: paddedRow, channels: input.step, to: result,
        kernels: pass.kernels)
      lists.addBiasGradient(live, to: result + weightCount)
    }
    guard let inputGradient = pass.inputGradient else { return }
    dx.update(repeating: 0, count: paddedCount)
    lists.addInputGradient(
      live, weights: pass.parameters, inputRow: paddedRow, channels: input.step, to: dx,
      kernels: pass.kernels)
    for y in 0..<input.height {
      (inputGradient[image] + y * row).update(from: dx + corner + y * paddedRow, count: row)
    }
  }
}
