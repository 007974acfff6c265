import KernelTable
import Networks

/// Batch normalisation with its running statistics: a scale and a shift of each channel.
///
/// In training the statistics are those of the mini-batch, which is where shards meet: see
/// `BatchStatistics`, which fills this operation's derived numbers before forward and backward run.
struct NormOperation: Operation {
  let layer: BatchNorm
  let output: Layout
  let parameters: [ParameterBlock]
  /// Rows and channels of one image as the kernels see them: a flat input has a channel for every number.
  let rows: Int
  let channels: Int

  /// Derived numbers, each a row of `width`: scale, shift, mean, and the three factors of the
  /// backward pass.
  enum Row: Int {
    case scale, shift, mean, gradientFactor, inputFactor, offset
  }

  var width: Int { padded(channels) }
  var meetsShards: Bool { true }
  var readsOutput: Bool { false }
  var collectedCount: Int { 2 * width }
  var updatedCount: Int { layer.isScaled ? collectedCount : 0 }
  var derivedCount: Int { 6 * width }

  init(_ layer: BatchNorm, input: Layout, isFlat: Bool, firstTensor: Int) {
    self.layer = layer
    output = input
    rows = isFlat ? 1 : input.positions
    channels = isFlat ? input.count : input.step
    var order = [Int32](repeating: -1, count: padded(channels))
    if isFlat {
      for feature in 0..<input.positions * input.channels {
        order[input.offset(of: feature)] = Int32(feature)
      }
    } else {
      for channel in 0..<input.channels { order[channel] = Int32(channel) }
    }
    // Channels of padding have weight 0, so that they stay zero.
    let paddings: [Float] = [0, 0, 0, 1]
    parameters = (0..<4).map { index in
      let tensor = layer.isScaled ? index : index - 2
      return ParameterBlock(
        tensor: tensor < 0 ? nil : firstTensor + tensor, offset: index * order.count,
        count: order.count, order: order, padding: paddings[index],
        isLearned: layer.isScaled && index < 2, constant: index == 0 ? 1 : 0)
    }
  }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    NormOperation(layer, input: crop, isFlat: false, firstTensor: 0)
  }

  static func row(
    _ row: Row, _ derived: UnsafeMutablePointer<Float>, width: Int
  ) -> UnsafeMutablePointer<Float> {
    derived + row.rawValue * width
  }

  /// The running statistics as a scale and a shift.
  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    setStatistics(
      mean: { parameters[2 * width + $0] }, variance: { parameters[3 * width + $0] },
      parameters: parameters, derived: derived)
  }

  /// Sets scale and shift, and the backward factors of statistics that do not depend on the input.
  func setStatistics(
    mean: (Int) -> Float, variance: (Int) -> Float, parameters: UnsafeMutablePointer<Float>,
    derived: UnsafeMutablePointer<Float>
  ) {
    for c in 0..<width {
      let scale = parameters[c] / (variance(c) + BatchNorm.epsilon).squareRoot()
      derived[Row.scale.rawValue * width + c] = scale
      derived[Row.shift.rawValue * width + c] = parameters[width + c] - mean(c) * scale
      derived[Row.mean.rawValue * width + c] = mean(c)
      derived[Row.gradientFactor.rawValue * width + c] = scale
      derived[Row.inputFactor.rawValue * width + c] = 0
      derived[Row.offset.rawValue * width + c] = 0
    }
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      pass.kernels.scaleShift(
        pass.input[image], Self.row(.scale, pass.derived, width: width),
        Self.row(.shift, pass.derived, width: width), pass.output[image], rows, channels)
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    func row(_ row: Row) -> UnsafePointer<Float> {
      UnsafePointer(Self.row(row, pass.derived, width: width))
    }
    for image in images {
      pass.kernels.normBackward(
        pass.outputGradient[image], pass.input[image], row(.mean), row(.gradientFactor),
        row(.inputFactor), row(.offset), inputGradient[image], rows, channels)
    }
  }
}

extension BatchNorm: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    let operation = NormOperation(
      self, input: site.input, isFlat: site.isFlat, firstTensor: site.firstTensor)
    return (operation, 1)
  }
}
