import KernelTable
import Networks

/// Self-attention of one image's places.
///
/// Each head's features are padded to whole vectors. For each image are kept: queries, keys and values, `[place][3][head]
/// [feature]`; for each head the weights of the places among each other, `[place][place]`; and the heads' means,
/// `[place][head][feature]`.
struct AttentionOperation: InnerOperation {
  let output: Layout
  let parameters: [ParameterBlock]
  private let heads: Int
  /// A head's features, padded.
  private let size: Int
  private let scale: Float
  private let entry: Projection
  private let exit: Projection

  init(_ layer: Attention, input: Layout, firstTensor: Int) {
    output = input
    heads = layer.heads
    let features = input.channels / layer.heads
    size = padded(features)
    scale = 1 / Float(features).squareRoot()
    let width = layer.heads * size
    entry = Projection(inputs: input.step, outputs: 3 * width)
    exit = Projection(inputs: width, outputs: input.step)
    // A head's features stand together, and padding behind them.
    let spread = (0..<3 * width).map { place in
      let (head, feature) = place.quotientAndRemainder(dividingBy: padded(features))
      return feature < features ? Int32(head * features + feature) : -1
    }
    let plain = Projection.plain(input.channels)
    parameters =
      entry.blocks(
        weight: firstTensor, bias: firstTensor + 1, at: 0, rows: plain, columns: spread)
      + exit.blocks(
        weight: firstTensor + 2, bias: firstTensor + 3, at: entry.parameterCount,
        rows: Array(spread.prefix(width)), columns: plain)
  }

  var readsOutput: Bool { false }
  var collectedCount: Int { entry.parameterCount + exit.parameterCount }
  var derivedCount: Int { entry.derivedCount + exit.derivedCount }
  var keptCount: Int { places * entry.outputs + heads * weightCount + places * width }
  var scratchCount: Int { places * (entry.outputs + width) + weightCount + size * row }

  private var places: Int { output.positions }
  private var width: Int { heads * size }
  /// Numbers of a row of weights, padded.
  private var row: Int { padded(places) }
  /// Weights of one head.
  private var weightCount: Int { places * row }

  func derive(
    parameters: UnsafeMutablePointer<Float>, derived: UnsafeMutablePointer<Float>,
    kernels: KernelTable
  ) {
    entry.derive(parameters, to: derived)
    exit.derive(parameters + entry.parameterCount, to: derived + entry.derivedCount)
  }

  /// What is kept of an image.
  private struct Kept {
    let queries, keys, values, weights, means: UnsafeMutablePointer<Float>
  }

  private func kept(_ image: Int, _ pass: Pass) -> Kept {
    let queries = pass.kept[image]
    let weights = queries + places * entry.outputs
    return Kept(
      queries: queries, keys: queries + width, values: queries + 2 * width, weights: weights,
      means: weights + heads * weightCount)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let kept = kept(image, pass)
      entry.forward(
        pass.input[image], places: places, pass.parameters, to: kept.queries, pass.kernels)
      for head in 0..<heads {
        let (first, weights) = (head * size, kept.weights + head * weightCount)
        turn(kept.keys + first, to: pass.scratch)
        pass.kernels.multiply(
          MatrixTask(
            a: kept.queries + first, aRow: entry.outputs, aInner: 1, b: pass.scratch, bInner: row,
            c: weights, cRow: row, rows: places, columns: row, inner: size))
        pass.kernels.softmaxRows(weights, scale, places, places, row)
        pass.kernels.multiply(
          MatrixTask(
            a: weights, aRow: row, aInner: 1, b: kept.values + first, bInner: entry.outputs,
            c: kept.means + first, cRow: width, rows: places, columns: size, inner: places))
      }
      exit.forward(
        kept.means, places: places, pass.parameters + entry.parameterCount, to: pass.output[image],
        pass.kernels)
    }
  }

  /// A head's features of every place as `[feature][place]`.
  private func turn(_ source: UnsafePointer<Float>, to result: UnsafeMutablePointer<Float>) {
    for feature in 0..<size {
      let line = result + feature * row
      for place in 0..<places { line[place] = source[place * entry.outputs + feature] }
      (line + places).update(repeating: 0, count: row - places)
    }
  }

  var innerCount: Int { heads * places * places }

  func copyInner(of image: Int, _ pass: Pass, to result: UnsafeMutablePointer<Float>) {
    let weights = kept(image, pass).weights
    for line in 0..<heads * places {
      (result + line * places).update(from: weights + line * row, count: places)
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    let dEntry = pass.scratch
    let dMeans = dEntry + places * entry.outputs
    let dWeights = dMeans + places * width
    let turned = dWeights + weightCount
    for image in images {
      let kept = kept(image, pass)
      let last = Projection.Slopes(
        input: kept.means, outputGradient: pass.outputGradient[image], places: places)
      exit.inputGradient(last, derived: pass.derived + entry.derivedCount, to: dMeans, pass.kernels)
      for head in 0..<heads {
        let first = head * size
        let weights = kept.weights + head * weightCount
        func mix(
          _ a: UnsafePointer<Float>, turned isTurned: Bool, _ b: UnsafePointer<Float>,
          _ bInner: Int,
          to part: Int
        ) {
          pass.kernels.multiply(
            MatrixTask(
              a: a, aRow: isTurned ? 1 : row, aInner: isTurned ? row : 1, b: b + first,
              bInner: bInner, c: dEntry + part * width + first, cRow: entry.outputs, rows: places,
              columns: size, inner: places))
        }
        mix(weights, turned: true, dMeans, width, to: 2)
        turn(kept.values + first, to: turned)
        pass.kernels.multiply(
          MatrixTask(
            a: dMeans + first, aRow: width, aInner: 1, b: turned, bInner: row, c: dWeights,
            cRow: row, rows: places, columns: row, inner: size))
        pass.kernels.softmaxRowsBackward(weights, dWeights, scale, places, row)
        mix(dWeights, turned: false, kept.keys, entry.outputs, to: 0)
        mix(dWeights, turned: true, kept.queries, entry.outputs, to: 1)
      }
      let slopes = Projection.Slopes(
        input: pass.input[image], outputGradient: dEntry, places: places)
      if let gradient = pass.parameterGradient {
        entry.addGradient(slopes, to: gradient, pass.kernels)
        exit.addGradient(last, to: gradient + entry.parameterCount, pass.kernels)
      }
      if let inputGradient = pass.inputGradient {
        entry.inputGradient(slopes, derived: pass.derived, to: inputGradient[image], pass.kernels)
      }
    }
  }
}

extension Attention: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (AttentionOperation(self, input: site.input, firstTensor: site.firstTensor), 1)
  }
}
