import KernelTable

/// One direction of a 3 x 3 convolution of stride 1 by Winograd's tiles: forward, or the input's gradient,
/// which is the same convolution with turned weights.
struct Winograd: Sendable {
  let inputHeight: Int
  let inputWidth: Int
  let inputChannels: Int
  let height: Int
  let width: Int
  let outputChannels: Int
  /// Zeros before the first row and column of the input.
  let margin: Int

  /// Every tile of the output, row by row.
  private let allTiles: [Int32]
  /// Tiles that are transformed together, so that they stay in the second cache.
  private let tilesPerRun: Int

  init(
    inputHeight: Int, inputWidth: Int, inputChannels: Int, height: Int, width: Int,
    outputChannels: Int, margin: Int
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.inputChannels = inputChannels
    self.height = height
    self.width = width
    self.outputChannels = outputChannels
    self.margin = margin
    let tiles = (height + 1) / 2 * ((width + 1) / 2)
    allTiles = (0..<Int32(tiles)).map { $0 }
    tilesPerRun = max(1, min(tiles, 80_000 / (16 * (inputChannels + outputChannels))))
  }

  var tileRows: Int { (height + 1) / 2 }
  var tileColumns: Int { (width + 1) / 2 }
  /// Step from one row of the input with its margins to the next.
  var rowStep: Int { (2 * tileColumns + 2) * inputChannels }
  /// Numbers of the input with its margins.
  var paddedCount: Int { (2 * tileRows + 2) * rowStep }
  /// Numbers of the transformed weights.
  var weightCount: Int { 16 * inputChannels * outputChannels }
  /// Scratch numbers, the input with its margins first.
  var scratchCount: Int {
    paddedCount + 16 * tilesPerRun * (inputChannels + outputChannels)
  }
  /// Scratch numbers of the weights' gradient.
  var gradientScratchCount: Int { scratchCount + weightCount }

  /// Copies an image into the middle of zeros.
  func pad(_ image: UnsafePointer<Float>, to padded: UnsafeMutablePointer<Float>) {
    let row = inputWidth * inputChannels
    let left = margin * inputChannels
    var end = padded
    for y in 0..<inputHeight {
      let target = padded + (y + margin) * rowStep + left
      end.update(repeating: 0, count: target - end)
      target.update(from: image + y * row, count: row)
      end = target + row
    }
    end.update(repeating: 0, count: padded + paddedCount - end)
  }

  /// The convolution of an image, with ReLU and 2 x 2 max-pooling if `pooled`: all of it, or some tiles.
  func convolve(
    _ image: UnsafePointer<Float>, tiles: UnsafeBufferPointer<Int32>? = nil,
    weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    pooled: Bool, to output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    pad(image, to: scratch)
    let transformed = scratch + paddedCount
    forEachRun(of: tiles) { shape, _ in
      let products = transformed + 16 * shape.tiles * inputChannels
      kernels.winogradInput(scratch, transformed, shape)
      for place in 0..<16 {
        kernels.multiply(
          MatrixTask(
            a: transformed + place * shape.tiles * inputChannels, aRow: inputChannels, aInner: 1,
            b: weights + place * inputChannels * outputChannels, bInner: outputChannels,
            c: products + place * shape.tiles * outputChannels, cRow: outputChannels,
            rows: shape.tiles, columns: outputChannels, inner: inputChannels))
      }
      if pooled {
        kernels.winogradOutputPooled(products, bias, output, shape)
      } else {
        kernels.winogradOutput(products, bias, output, shape, height, width)
      }
    }
  }

  /// Adds the gradient of weights `[filter][3][3][channel]`, from the input and the output's gradient.
  func addWeightGradient(
    _ image: UnsafePointer<Float>, gradient: UnsafePointer<Float>,
    to weights: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    pad(image, to: scratch)
    let sums = scratch + paddedCount
    let transformed = sums + weightCount
    forEachRun { shape, isFirst in
      let slopes = transformed + 16 * shape.tiles * inputChannels
      kernels.winogradInput(scratch, transformed, shape)
      kernels.winogradGradient(gradient, slopes, shape, height, width)
      for place in 0..<16 {
        var task = MatrixTask(
          a: slopes + place * shape.tiles * outputChannels, aRow: 1, aInner: outputChannels,
          b: transformed + place * shape.tiles * inputChannels, bInner: inputChannels,
          c: sums + place * outputChannels * inputChannels, cRow: inputChannels,
          rows: outputChannels, columns: inputChannels, inner: shape.tiles)
        task.accumulates = !isFirst
        kernels.multiply(task)
      }
    }
    kernels.winogradWeightGradient(sums, weights, outputChannels, inputChannels)
  }

  private func forEachRun(
    of tiles: UnsafeBufferPointer<Int32>? = nil,
    _ body: (_ shape: WinogradShape, _ isFirst: Bool) -> Void
  ) {
    allTiles.withUnsafeBufferPointer { all in
      let tiles = tiles ?? all
      guard let list = tiles.baseAddress else { return }
      for start in stride(from: 0, to: tiles.count, by: tilesPerRun) {
        let shape = WinogradShape(
          list: list + start, tiles: min(tilesPerRun, tiles.count - start),
          tileColumns: tileColumns, inputChannels: inputChannels,
          outputChannels: outputChannels, inputRow: rowStep)
        body(shape, start == 0)
      }
    }
  }
}
