import KernelTable
import Networks

/// An affine map of every place of a sequence by the same weights: `output[t] = bias + Σ_i input[t][i] weight[i]`.
///
/// Weights lie as `[input][output]`, both padded, the bias behind them; derived are the weights turned, `[output][input]`.
struct Projection: Sendable {
  /// Features of a place, padded.
  let inputs: Int
  /// Results of a place, padded.
  let outputs: Int

  private var weightCount: Int { inputs * outputs }
  /// Weights and bias.
  var parameterCount: Int { weightCount + outputs }
  /// The weights turned.
  var derivedCount: Int { weightCount }

  /// Its tensors in memory, from an offset on.
  ///
  /// - Parameters:
  ///   - weight: the tensor of the weights `[output][input]`.
  ///   - bias: that of the bias; `nil` for none.
  ///   - offset: where its parameters begin.
  ///   - rows: for each input in memory its number, or -1 for padding.
  ///   - columns: the same for each output.
  /// - Returns: the weights' block and the bias's.
  func blocks(
    weight: Int, bias: Int?, at offset: Int, rows: [Int32], columns: [Int32]
  ) -> [ParameterBlock] {
    let features = Int32(rows.count { $0 >= 0 })
    let order = rows.flatMap { row in
      columns.map { $0 >= 0 && row >= 0 ? $0 * features + row : -1 }
    }
    return [
      ParameterBlock(
        tensor: weight, offset: offset, count: order.count, order: order, padding: 0,
        isLearned: true),
      ParameterBlock(
        tensor: bias, offset: offset + weightCount, count: outputs, order: columns, padding: 0,
        isLearned: bias != nil),
    ]
  }

  /// Numbers one after the other, then padding.
  static func plain(_ count: Int) -> [Int32] {
    (0..<padded(count)).map { $0 < count ? Int32($0) : -1 }
  }

  func derive(_ parameters: UnsafePointer<Float>, to derived: UnsafeMutablePointer<Float>) {
    for i in 0..<inputs {
      for o in 0..<outputs { derived[o * inputs + i] = parameters[i * outputs + o] }
    }
  }

  func forward(
    _ input: UnsafePointer<Float>, places: Int, _ parameters: UnsafePointer<Float>,
    to result: UnsafeMutablePointer<Float>, _ kernels: KernelTable
  ) {
    kernels.multiply(
      MatrixTask(
        a: input, aRow: inputs, aInner: 1, b: parameters, bInner: outputs, c: result,
        cRow: outputs, start: parameters + weightCount, rows: places, columns: outputs,
        inner: inputs))
  }

  /// What the way back through a projection reads.
  struct Slopes {
    let input: UnsafePointer<Float>
    let outputGradient: UnsafePointer<Float>
    let places: Int
  }

  /// Adds to the gradient of weights and bias.
  func addGradient(
    _ slopes: Slopes, to gradient: UnsafeMutablePointer<Float>, _ kernels: KernelTable
  ) {
    var task = MatrixTask(
      a: slopes.input, aRow: 1, aInner: inputs, b: slopes.outputGradient, bInner: outputs,
      c: gradient, cRow: outputs, rows: inputs, columns: outputs, inner: slopes.places)
    task.accumulates = true
    kernels.multiply(task)
    kernels.addRows(slopes.outputGradient, slopes.places, outputs, gradient + weightCount)
  }

  /// The gradient of what it read.
  func inputGradient(
    _ slopes: Slopes, derived: UnsafePointer<Float>, to result: UnsafeMutablePointer<Float>,
    _ kernels: KernelTable
  ) {
    kernels.multiply(
      MatrixTask(
        a: slopes.outputGradient, aRow: outputs, aInner: 1, b: derived, bInner: inputs, c: result,
        cRow: inputs, rows: slopes.places, columns: inputs, inner: outputs))
  }
}

/// A linear layer on a sequence.
struct PlaceLinearOperation: Operation {
  let output: Layout
  let parameters: [ParameterBlock]
  let updatedCount: Int
  private let projection: Projection

  init(_ layer: Linear, input: Layout, firstTensor: Int) {
    output = Layout(length: input.width, width: layer.units)
    projection = Projection(inputs: input.step, outputs: output.step)
    parameters = projection.blocks(
      weight: firstTensor, bias: layer.hasBias ? firstTensor + 1 : nil, at: 0,
      rows: Projection.plain(input.channels), columns: Projection.plain(layer.units))
    updatedCount = projection.parameterCount - (layer.hasBias ? 0 : output.step)
  }

  var readsOutput: Bool { false }
  var collectedCount: Int { projection.parameterCount }
  var derivedCount: Int { projection.derivedCount }

  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) { projection.derive(parameters, to: derived) }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      projection.forward(
        pass.input[image], places: output.positions, pass.parameters, to: pass.output[image],
        pass.kernels)
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let slopes = Projection.Slopes(
        input: pass.input[image], outputGradient: pass.outputGradient[image],
        places: output.positions)
      if let gradient = pass.parameterGradient {
        projection.addGradient(slopes, to: gradient, pass.kernels)
      }
      if let inputGradient = pass.inputGradient {
        projection.inputGradient(
          slopes, derived: pass.derived, to: inputGradient[image], pass.kernels)
      }
    }
  }
}
