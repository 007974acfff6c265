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

  /// Rows of tiles that are transformed together, so that they stay in the second cache.
  private let rowsPerRun: Int

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
    let row = 16 * ((width + 1) / 2) * (inputChannels + outputChannels)
    rowsPerRun = max(1, min((height + 1) / 2, 80_000 / row))
  }

  private var tileRows: Int { (height + 1) / 2 }
  private var tileColumns: Int { (width + 1) / 2 }
  /// Step from one row of the input with its margins to the next.
  var rowStep: Int { (2 * tileColumns + 2) * inputChannels }
  /// Numbers of the input with its margins.
  var paddedCount: Int { (2 * tileRows + 2) * rowStep }
  /// Numbers of the transformed weights.
  var weightCount: Int { 16 * inputChannels * outputChannels }
  /// Scratch numbers, the input with its margins first.
  var scratchCount: Int {
    paddedCount + 16 * rowsPerRun * tileColumns * (inputChannels + outputChannels)
  }
  /// Scratch numbers of the weights' gradient.
  var gradientScratchCount: Int { scratchCount + weightCount }

  /// Copies an image into the middle of zeros.
  func pad(_ image: UnsafePointer<Float>, to padded: UnsafeMutablePointer<Float>) {
    padded.update(repeating: 0, count: paddedCount)
    let row = inputWidth * inputChannels
    for y in 0..<inputHeight {
      (padded + (y + margin) * rowStep + margin * inputChannels)
        .update(from: image + y * row, count: row)
    }
  }

  /// The convolution of an image, with ReLU and 2 x 2 max-pooling if `pooled`.
  func convolve(
    _ image: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>,
    pooled: Bool, to output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    pad(image, to: scratch)
    let transformed = scratch + paddedCount
    forEachRun { start, shape in
      let products = transformed + 16 * shape.tiles * inputChannels
      kernels.winogradInput(scratch + 2 * start * rowStep, transformed, shape)
      for place in 0..<16 {
        kernels.multiply(
          MatrixTask(
            a: transformed + place * shape.tiles * inputChannels, aRow: inputChannels, aInner: 1,
            b: weights + place * inputChannels * outputChannels, bInner: outputChannels,
            c: products + place * shape.tiles * outputChannels, cRow: outputChannels,
            rows: shape.tiles, columns: outputChannels, inner: inputChannels))
      }
      if pooled {
        kernels.winogradOutputPooled(
          products, bias, output + start * tileColumns * outputChannels, shape)
      } else {
        kernels.winogradOutput(
          products, bias, output + 2 * start * width * outputChannels, shape,
          height - 2 * start, width)
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
    forEachRun { start, shape in
      let slopes = transformed + 16 * shape.tiles * inputChannels
      kernels.winogradInput(scratch + 2 * start * rowStep, transformed, shape)
      kernels.winogradGradient(
        gradient + 2 * start * width * outputChannels, slopes, shape, height - 2 * start, width)
      for place in 0..<16 {
        var task = MatrixTask(
          a: slopes + place * shape.tiles * outputChannels, aRow: 1, aInner: outputChannels,
          b: transformed + place * shape.tiles * inputChannels, bInner: inputChannels,
          c: sums + place * outputChannels * inputChannels, cRow: inputChannels,
          rows: outputChannels, columns: inputChannels, inner: shape.tiles)
        task.accumulates = start > 0
        kernels.multiply(task)
      }
    }
    kernels.winogradWeightGradient(sums, weights, outputChannels, inputChannels)
  }

  private func forEachRun(_ body: (_ start: Int, _ shape: WinogradShape) -> Void) {
    for start in stride(from: 0, to: tileRows, by: rowsPerRun) {
      body(
        start,
        WinogradShape(
          tileRows: min(rowsPerRun, tileRows - start), tileColumns: tileColumns,
          inputChannels: inputChannels, outputChannels: outputChannels, inputRow: rowStep))
    }
  }
}
