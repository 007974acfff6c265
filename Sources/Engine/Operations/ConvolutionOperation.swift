import KernelTable
import Networks

/// Convolution of any kernel, stride and padding by the general product, one image at a time; with ReLU and
/// 2 x 2 max-pooling in the same operation if `pooled`, two rows at a time while they are in the cache.
///
/// Weights lie as `[row][column][input channel][filter]`, so that a window's row of numbers and its
/// weights are both contiguous. The input's gradient is the same product over the output's gradient with the window
/// turned around, once for each of the stride's phases: rows and columns of the input that the same taps read. For images, whose few channels would leave
/// most of a vector empty, it is a product over the filters that gives all taps at once, or all numbers under a
/// pooled place, which are then added where they belong.
struct ConvolutionOperation: Operation {
  let layer: Conv2D
  let input: Layout
  let output: Layout
  let parameters: [ParameterBlock]
  let pooled: Bool
  /// Height and width of the convolution itself.
  private let height: Int
  private let width: Int
  private let filters: Int
  private let reach: InkReach?
  /// Of rows, and of columns.
  private let phases: [StridePhase]

  /// `result` is the height and width before any pooling; both are even if `pooled`. `reach` is that of the
  /// images' ink into the output.
  init(
    _ layer: Conv2D, input: Layout, result: (height: Int, width: Int), pooled: Bool,
    reach: InkReach? = nil, firstTensor: Int
  ) {
    self.reach = reach
    self.layer = layer
    self.input = input
    self.pooled = pooled
    (height, width) = result
    filters = padded(layer.filters)
    phases = StridePhase.all(layer)
    output = Layout(
      height: pooled ? height / 2 : height, width: pooled ? width / 2 : width,
      channels: layer.filters)
    let (k, c, f) = (layer.kernel, input.channels, layer.filters)
    var order: [Int32] = []
    for r in 0..<k {
      for s in 0..<k {
        for i in 0..<input.step {
          for o in 0..<filters {
            order.append(i < c && o < f ? Int32(((o * c + i) * k + r) * k + s) : -1)
          }
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

  var readsOutput: Bool { pooled }
  var collectedCount: Int { weightCount + filters }
  var updatedCount: Int { layer.hasBias ? collectedCount : weightCount }

  private var weightCount: Int { layer.kernel * layer.kernel * input.step * filters }
  private var before: Int { layer.margins.before }
  private var paddedWidth: Int { input.width + before + layer.margins.after }
  private var paddedHeight: Int { input.height + before + layer.margins.after }
  private var paddedCount: Int { paddedHeight * paddedWidth * input.step }
  // The output's gradient with margins, so that the turned window fits at every input position.
  private var spreadHeight: Int { spreadSize(input.height) }
  private var spreadWidth: Int { spreadSize(input.width) }
  private var spreadCount: Int { isImage ? 0 : spreadHeight * spreadWidth * filters }
  /// Zeros before its first row and column.
  private var spreadMargin: Int { phases.reduce(0) { max($0, -$1.first) } }

  private func spreadSize(_ size: Int) -> Int {
    phases.reduce(spreadMargin) { max($0, spreadMargin + $1.end(of: size)) }
  }

  /// True if the channels are not padded: only images come so.
  private var isImage: Bool { input.step != padded(input.channels) }
  private var taps: Int { layer.kernel * layer.kernel * input.step }
  private var tapCount: Int {
    guard isImage else { return 0 }
    return pooled ? filters + output.width * patchCount : height * width * padded(taps)
  }
  /// Side of the square of the input under a pooled place.
  private var patchSide: Int { layer.kernel + layer.stride }
  private var patchCount: Int { padded(patchSide * patchSide * input.step) }
  /// Rows that are worked on together.
  private var rowsPerRun: Int { pooled ? 2 : height }
  private var runCount: Int { pooled ? 2 * width * filters : 0 }

  var derivedCount: Int {
    guard isImage else { return filters * taps }
    return filters * (pooled ? 4 * patchCount : padded(taps))
  }
  // The padded image, and its gradient; then what either way of computing the gradient needs.
  var scratchCount: Int { 2 * paddedCount + spreadCount + tapCount + runCount }

  /// turned[phase of rows][phase of columns][last tap to first][filter][channel] = weight[r][s][channel][filter], for images
  /// turned[filter][r][s][channel] = weight[r][s][channel][filter], and if pooled as well the same in each of the four
  /// places of a patch, in the order of `reluPool`'s codes.
  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    let (k, c, f) = (layer.kernel, input.step, filters)
    if isImage, pooled {
      derived.update(repeating: 0, count: derivedCount)
      for code in 0..<4 {
        let corner = layer.stride * ((3 - code) / 2 * patchSide + (3 - code) % 2) * c
        for tap in 0..<taps {
          let place = corner + tap / (k * c) * patchSide * c + tap % (k * c)
          for o in 0..<f {
            derived[(4 * o + code) * patchCount + place] = parameters[tap * f + o]
          }
        }
      }
      return
    }
    if isImage {
      for tap in 0..<taps {
        for o in 0..<f { derived[o * padded(taps) + tap] = parameters[tap * f + o] }
      }
      return
    }
    var turned = derived
    for rows in phases {
      for columns in phases {
        for r in rows.taps {
          for s in columns.taps {
            let weight = parameters + (r * k + s) * c * f
            for i in 0..<c {
              for o in 0..<f { turned[o * c + i] = weight[i * f + o] }
            }
            turned += f * c
          }
        }
      }
    }
  }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    let step = pooled ? 2 : 1
    return ConvolutionOperation(
      layer.withoutMargins, input: crop, result: (step * height, step * width), pooled: pooled,
      firstTensor: 0)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let x = withMargins(pass.input[image], pass.scratch)
      guard pooled else {
        convolve(x, rows: 0..<height, columns: 0..<width, to: pass.output[image], pass)
        continue
      }
      guard let reach, let blank = pass.blank else {
        for y in 0..<output.height { pool(x, y, 0..<output.width, image, pass) }
        continue
      }
      reach.withRows(of: blank.pixels[image], kernels: pass.kernels) { rows in
        for y in 0..<output.height {
          // From the first place that reads ink to the last.
          let columns =
            rows[y] == 0 ? 0..<0 : rows[y].trailingZeroBitCount..<64 - rows[y].leadingZeroBitCount
          for rest in [0..<columns.lowerBound, columns.upperBound..<output.width] {
            let first = (y * output.width + rest.lowerBound) * filters
            (pass.output[image] + first).update(
              from: blank.output + first, count: rest.count * filters)
          }
          if !columns.isEmpty { pool(x, y, columns, image, pass) }
        }
      }
    }
  }

  /// Some columns of a row of the pooled output.
  private func pool(
    _ x: UnsafePointer<Float>, _ y: Int, _ columns: Range<Int>, _ image: Int, _ pass: Pass
  ) {
    let pair = pass.scratch + paddedCount
    convolve(
      x, rows: 2 * y..<2 * y + 2, columns: 2 * columns.lowerBound..<2 * columns.upperBound,
      to: pair, pass)
    pass.kernels.reluPool(
      pair, pass.output[image] + (y * output.width + columns.lowerBound) * filters,
      2 * columns.count, filters)
  }

  private func convolve(
    _ x: UnsafePointer<Float>, rows: Range<Int>, columns: Range<Int>,
    to result: UnsafeMutablePointer<Float>, _ pass: Pass
  ) {
    let k = layer.kernel
    let rowStep = layer.stride * paddedWidth * input.step
    let columnStep = layer.stride * input.step
    var task = MatrixTask(
      a: x + rows.lowerBound * rowStep + columns.lowerBound * columnStep, aRow: columnStep,
      aInner: 1,
      b: pass.parameters, bInner: filters,
      c: result, cRow: filters, start: pass.parameters + weightCount,
      rows: columns.count, columns: filters, inner: k * input.step)
    task.outer = k
    task.aOuter = paddedWidth * input.step
    task.bOuter = k * input.step * filters
    task.repeats = rows.count
    task.aRepeat = rowStep
    task.cRepeat = columns.count * filters
    pass.kernels.multiply(task)
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let x = pass.parameterGradient.map { _ in withMargins(pass.input[image], pass.scratch) }
      let dx = pass.scratch + paddedCount
      let spread = dx + paddedCount
      let pair = spread + spreadCount + tapCount
      if pass.inputGradient != nil {
        dx.update(repeating: 0, count: isImage ? paddedCount : 0)
        spread.update(repeating: 0, count: spreadCount)
        if isImage, pooled { addPatches(image, to: dx, scratch: spread, pass) }
      }
      let isDone = x == nil && isImage && pooled
      for start in stride(from: 0, to: isDone ? 0 : height, by: rowsPerRun) {
        let rows = start..<start + rowsPerRun
        let gradient: UnsafePointer<Float>
        if pooled {
          let row = start / 2 * output.width * filters
          pass.kernels.reluPoolBackward(
            pass.output[image] + row, pass.outputGradient[image] + row, pair, width, filters)
          gradient = UnsafePointer(pair)
        } else {
          gradient = UnsafePointer(pass.outputGradient[image])
        }
        if let x, let result = pass.parameterGradient {
          addWeightGradient(x, gradient, rows: rows, to: result, pass)
        }
        if pass.inputGradient == nil { continue }
        if isImage {
          if !pooled { addTaps(gradient, to: dx, taps: spread, pass) }
        } else {
          spreadGradient(gradient, rows: rows, to: spread)
        }
      }
      guard let inputGradient = pass.inputGradient else { continue }
      if isImage {
        withoutMargins(dx, inputGradient[image])
      } else {
        computeInputGradient(spread, to: inputGradient[image], pass)
      }
    }
  }

  /// d weight[r][s][i][o] += Σ_y Σ_x padded[y·stride + r][x·stride + s][i] gradient[y][x][o]
  private func addWeightGradient(
    _ x: UnsafePointer<Float>, _ gradient: UnsafePointer<Float>, rows: Range<Int>,
    to result: UnsafeMutablePointer<Float>, _ pass: Pass
  ) {
    let k = layer.kernel
    let rowStep = layer.stride * paddedWidth * input.step
    var task = MatrixTask(
      a: x + rows.lowerBound * rowStep, aRow: 1, aInner: layer.stride * input.step,
      b: gradient, bInner: filters,
      c: result, cRow: filters,
      rows: k * input.step, columns: filters, inner: width)
    task.accumulates = true
    task.outer = rows.count
    task.aOuter = rowStep
    task.bOuter = width * filters
    task.repeats = k
    task.aRepeat = paddedWidth * input.step
    task.cRepeat = k * input.step * filters
    pass.kernels.multiply(task)
    pass.kernels.addRows(gradient, rows.count * width, filters, result + weightCount)
  }

  /// d input[y][x][i] = Σ_r Σ_s Σ_o gradient[(y + before - r) / stride][(x + before - s) / stride][o] weight[r][s][i][o], over
  /// the taps r, s for which the divisions leave no remainder.
  private func computeInputGradient(
    _ spread: UnsafeMutablePointer<Float>, to result: UnsafeMutablePointer<Float>, _ pass: Pass
  ) {
    var weights = UnsafePointer(pass.derived)
    for rows in phases {
      for columns in phases {
        let place = rows.number * input.width + columns.number
        let corner =
          (spreadMargin + rows.first) * spreadWidth + spreadMargin + columns.first
        var task = MatrixTask(
          a: spread + corner * filters, aRow: filters, aInner: 1,
          b: weights, bInner: input.step,
          c: result + place * input.step, cRow: layer.stride * input.step,
          rows: columns.count(of: input.width), columns: input.step,
          inner: columns.taps.count * filters)
        task.outer = rows.taps.count
        task.aOuter = spreadWidth * filters
        task.bOuter = columns.taps.count * filters * input.step
        task.repeats = rows.count(of: input.height)
        task.aRepeat = spreadWidth * filters
        task.cRepeat = layer.stride * input.width * input.step
        pass.kernels.multiply(task)
        weights += rows.taps.count * columns.taps.count * filters * input.step
      }
    }
  }

  /// padded[y·stride + r][x·stride + s][i] += Σ_o gradient[y][x][o] weight[r][s][i][o]
  private func addTaps(
    _ gradient: UnsafePointer<Float>, to dx: UnsafeMutablePointer<Float>,
    taps product: UnsafeMutablePointer<Float>, _ pass: Pass
  ) {
    let step = padded(taps)
    pass.kernels.multiply(
      MatrixTask(
        a: gradient, aRow: filters, aInner: 1,
        b: pass.derived, bInner: step,
        c: product, cRow: step,
        rows: height * width, columns: step, inner: filters))
    for y in 0..<height {
      add(
        product + y * width * step, step: step, columns: width, side: layer.kernel,
        to: dx + y * layer.stride * paddedWidth * input.step, columnStep: layer.stride)
    }
  }

  /// padded[2·y·stride + r][2·x·stride + s][i] += Σ_o gradient[y][x][o] patch[o][code of y, x, o][r][s][i]
  private func addPatches(
    _ image: Int, to dx: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>,
    _ pass: Pass
  ) {
    let patches = scratch + filters
    for y in 0..<output.height {
      let row = y * output.width * filters
      pass.kernels.gatherPatches(
        pass.output[image] + row, pass.outputGradient[image] + row, pass.derived, scratch, patches,
        output.width, filters, patchCount)
      add(
        patches, step: patchCount, columns: output.width, side: patchSide,
        to: dx + 2 * y * layer.stride * paddedWidth * input.step, columnStep: 2 * layer.stride)
    }
  }

  /// Adds squares of the padded input, one beside the other, where they belong.
  private func add(
    _ squares: UnsafePointer<Float>, step: Int, columns: Int, side: Int,
    to dx: UnsafeMutablePointer<Float>, columnStep: Int
  ) {
    let (line, column) = (side * input.step, columnStep * input.step)
    // A number of all squares at a time: no sum waits for the one before it.
    for number in 0..<side * line {
      let target = dx + number / line * paddedWidth * input.step + number % line
      for x in 0..<columns { target[x * column] += squares[x * step + number] }
    }
  }

  /// The middle of a padded image.
  private func withoutMargins(
    _ padded: UnsafePointer<Float>, _ image: UnsafeMutablePointer<Float>
  ) {
    let row = input.width * input.step
    for y in 0..<input.height {
      (image + y * row).update(
        from: padded + ((y + before) * paddedWidth + before) * input.step, count: row)
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

  /// Copies rows of the output's gradient between their margins; what falls outside touches only the input's.
  private func spreadGradient(
    _ gradient: UnsafePointer<Float>, rows: Range<Int>, to spread: UnsafeMutablePointer<Float>
  ) {
    let columns = min(width, spreadWidth - spreadMargin)
    for (index, y) in rows.enumerated() where y + spreadMargin < spreadHeight {
      (spread + ((y + spreadMargin) * spreadWidth + spreadMargin) * filters)
        .update(from: gradient + index * width * filters, count: columns * filters)
    }
  }
}

/// The places of an input, along one axis, that the same taps of a window with a stride read: every `stride`-th.
private struct StridePhase {
  /// The first of these places.
  let number: Int
  private let stride: Int
  /// The taps that read them, last to first.
  let taps: [Int]
  /// The place of the output at which the last tap reads the first of these places; below zero within the margin.
  let first: Int

  static func all(_ layer: Conv2D) -> [StridePhase] {
    (0..<layer.stride).map { StridePhase($0, layer) }
  }

  private init(_ number: Int, _ layer: Conv2D) {
    self.number = number
    stride = layer.stride
    let start = (number + layer.margins.before) % layer.stride
    taps = Swift.stride(from: start, to: layer.kernel, by: layer.stride).reversed()
    first = (number + layer.margins.before - start) / layer.stride - max(0, taps.count - 1)
  }

  /// How many of `size` places are of the phase.
  func count(of size: Int) -> Int { max(0, (size - number + stride - 1) / stride) }

  /// Behind the last place of the output that is read for an input of `size` places.
  func end(of size: Int) -> Int { first + taps.count + max(0, count(of: size) - 1) }
}

extension Conv2D: ExecutableLayer {
  /// By Winograd's tiles where that can be done; with a ReLU and a 2 x 2 max-pooling that leaves no row or column out.
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    let result = site.result
    guard groups == 1 else {
      let operation = GroupedConvolutionOperation(
        self, input: site.input, result: result, firstTensor: site.firstTensor)
      return (operation, 1)
    }
    var pooled = false
    if site.following.count > 1, site.following[0] is ReLU,
      let pool = site.following[1] as? Pool2D
    {
      pooled =
        pool.kind == .maximum && pool.kernel == 2 && pool.stride == 2 && !pool.reachesBeyond
        && result.height % 2 == 0 && result.width % 2 == 0
    }
    let layers = pooled ? 3 : 1
    let reach = site.reach(layers)
    if WinogradOperation.fits(self, input: site.input) {
      let operation = WinogradOperation(
        self, input: site.input, result: result, pooled: pooled,
        side: pooled || !site.fuses ? 2 : 4,
        reach: reach, firstTensor: site.firstTensor)
      return (operation, layers)
    }
    let operation = ConvolutionOperation(
      self, input: site.input, result: result, pooled: pooled, reach: reach,
      firstTensor: site.firstTensor)
    return (operation, layers)
  }

  /// The same convolution of a crop that brings its margins along.
  var withoutMargins: Conv2D {
    Conv2D(
      filters, kernel: kernel, stride: stride, padding: .exactly(0), groups: groups,
      hasBias: hasBias)
  }
}
