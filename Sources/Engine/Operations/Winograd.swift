import KernelTable

/// One direction of a 3 x 3 convolution of stride 1 by Winograd's tiles: forward, or the input's gradient,
/// which is the same convolution with turned weights.
///
/// Tiles have 4 x 4 outputs, or 2 x 2: see `WinogradSmall.swift` for when.
struct Winograd: Sendable {
  let shape: WinogradShape
  /// Whether ReLU and 2 x 2 max-pooling are part of it, with tiles of 2 x 2.
  private let isPooled: Bool
  /// Products that a tile takes for each pair of channels.
  private let places: Int

  /// Tiles that are transformed together, so that they stay in the second cache; in eights, the rows of AVX-512's tiles. At
  /// least 24: the weights of many channels do not stay there, and are read once for all of them.
  let tilesPerRun: Int

  init(_ shape: WinogradShape, isPooled: Bool = false) {
    self.shape = shape
    self.isPooled = isPooled
    places = (shape.side + 2) * (shape.side + 2)
    let tiles = 100_000 / (places * (shape.inputChannels + shape.outputChannels))
    tilesPerRun = max(24, tiles / 8 * 8)
  }

  private var isSmall: Bool { shape.side == 2 }
  /// Tiles of an image.
  var tileCount: Int { shape.tileRows * shape.tileColumns }
  /// Numbers of the transformed weights.
  var weightCount: Int { places * shape.inputChannels * shape.outputChannels }
  /// Scratch numbers.
  var scratchCount: Int {
    places * (tilesPerRun * (shape.inputChannels + shape.outputChannels) + 32)
  }
  /// Scratch numbers of the weights' gradient.
  var gradientScratchCount: Int { weightCount + scratchCount }

  /// Works out the weights `[filter][3][3][channel]` of the convolution outward; turned for the one inward.
  func transform(
    weights: UnsafePointer<Float>, filters: Int, channels: Int, turned: Bool,
    to transformed: UnsafeMutablePointer<Float>, kernels: KernelTable
  ) {
    (isSmall ? kernels.winogradWeightsSmall : kernels.winogradWeights)(
      weights, transformed, filters, channels, turned)
  }

  /// The convolution of some images, with ReLU and 2 x 2 max-pooling if it is pooled: all of it, or some tiles.
  func convolve(
    _ images: Range<Int>, of input: ShardStrip, tiles: UnsafeBufferPointer<Int32>? = nil,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, to output: ShardStrip,
    scratch transformed: UnsafeMutablePointer<Float>, kernels: KernelTable
  ) {
    let (channels, filters) = (shape.inputChannels, shape.outputChannels)
    let (source, target) = (input[images.lowerBound], output[images.lowerBound])
    forEachRun(of: tiles, images, input, output) { run, _ in
      let products = transformed + places * run.placeStep(channels)
      (isSmall ? kernels.winogradInputSmall : kernels.winogradInput)(source, transformed, run)
      var task = MatrixTask(
        a: transformed, aRow: channels, aInner: 1, b: weights, bInner: filters, c: products,
        cRow: filters, rows: run.count, columns: filters, inner: channels)
      task.repeats = places
      task.aRepeat = run.placeStep(channels)
      task.bRepeat = channels * filters
      task.cRepeat = run.placeStep(filters)
      kernels.multiply(task)
      let put =
        isPooled
        ? kernels.winogradOutputPooled
        : isSmall ? kernels.winogradOutputSmall : kernels.winogradOutput
      put(products, bias, target, run)
    }
  }

  /// Adds the gradients of weights `[filter][3][3][channel]` and of the bias, from some images and the outputs' gradient, by
  /// tiles of 4 x 4.
  func addGradient(
    _ images: Range<Int>, of input: ShardStrip, gradient: ShardStrip,
    to weights: UnsafeMutablePointer<Float>, bias: UnsafeMutablePointer<Float>,
    scratch sums: UnsafeMutablePointer<Float>, kernels: KernelTable
  ) {
    let (channels, filters) = (shape.inputChannels, shape.outputChannels)
    let transformed = sums + weightCount
    forEachRun(of: nil, images, input, gradient) { run, isFirst in
      let slopes = transformed + places * run.placeStep(channels)
      kernels.winogradInput(input[images.lowerBound], transformed, run)
      kernels.winogradGradient(gradient[images.lowerBound], slopes, bias, run)
      var task = MatrixTask(
        a: slopes, aRow: 1, aInner: filters, b: transformed, bInner: channels, c: sums,
        cRow: channels, rows: filters, columns: channels, inner: run.count)
      task.accumulates = !isFirst
      task.repeats = places
      task.aRepeat = run.placeStep(filters)
      task.bRepeat = run.placeStep(channels)
      task.cRepeat = filters * channels
      kernels.multiply(task)
    }
    kernels.winogradWeightGradient(sums, weights, filters, channels)
  }

  private func forEachRun(
    of tiles: UnsafeBufferPointer<Int32>?, _ images: Range<Int>, _ input: ShardStrip,
    _ output: ShardStrip, _ body: (_ run: WinogradRun, _ isFirst: Bool) -> Void
  ) {
    let count = tiles?.count ?? images.count * tileCount
    for first in stride(from: 0, to: count, by: tilesPerRun) {
      let run = WinogradRun(
        shape: shape, list: tiles?.baseAddress.map { $0 + first }, first: first,
        count: min(tilesPerRun, count - first), inputStep: input.imageStep,
        outputStep: output.imageStep)
      body(run, first == 0)
    }
  }
}
