import KernelTable

/// The weight gradient of a linear layer over a whole mini-batch, for a few rows of its weights:
///
/// `d weight[i][o] = Σ_n input[n][i] gradient[n][o]`
///
/// The result lies as `[strip][row][16]`.
final class WeightGradient: Sendable {
  let linear: LinearOperation
  let rows: Range<Int>
  private let kernels: KernelTable

  /// Images whose gradients stay in the first cache together: a line each, and many lines share few places.
  private static let imagesPerRun = 64

  init(_ linear: LinearOperation, rows: Range<Int>, kernels: KernelTable) {
    self.linear = linear
    self.rows = rows
    self.kernels = kernels
  }

  /// Numbers of the result.
  var count: Int { rows.count * linear.output.step }

  /// Scratch numbers for a mini-batch.
  func scratchCount(batchSize: Int) -> Int {
    let dense = padded(rows.count * batchSize)
    return linear.background == nil ? dense : 2 * dense + padded(rows.count) + linear.output.step
  }

  func compute(
    _ images: Int, input: ShardStrip, kept: ShardStrip, gradient: ShardStrip,
    to result: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
  ) {
    if let background = linear.background {
      let inked = (0..<images).map { InkList(kept[$0], size: linear.input.count) }
      let total = inked.reduce(0) { $0 + $1.entries(rows).count }
      if InkList.isSparse(total, of: images * rows.count) {
        return computeSparse(inked, gradient, background, to: result, scratch)
      }
    }
    // Packed, so that the product reads one stream instead of a line of every image.
    for image in 0..<images {
      (scratch + image * rows.count).update(
        from: input[image] + rows.lowerBound, count: rows.count)
    }
    for strip in 0..<linear.strips {
      for first in stride(from: 0, to: images, by: Self.imagesPerRun) {
        var task = MatrixTask(
          a: scratch + first * rows.count, aRow: 1, aInner: rows.count,
          b: gradient[first] + 16 * strip, bInner: gradient.imageStep,
          c: result + 16 * strip * rows.count, cRow: 16,
          rows: rows.count, columns: 16, inner: min(Self.imagesPerRun, images - first))
        task.accumulates = first > 0
        kernels.multiply(task)
      }
    }
  }

  /// d weight[i][o] = background_i Σ_n gradient[n][o] + Σ_(n inked at i) difference gradient[n][o]
  private func computeSparse(
    _ inked: [InkList], _ gradient: ShardStrip, _ background: [Float],
    to result: UnsafeMutablePointer<Float>, _ scratch: UnsafeMutablePointer<Float>
  ) {
    // For each row a list of the images that are inked there.
    let room = padded(rows.count * inked.count)
    let values = scratch + room
    let sum = values + room
    let offsets = UnsafeMutableRawPointer(scratch).bindMemory(to: Int32.self, capacity: room)
    let counts = UnsafeMutableRawPointer(sum + linear.output.step).bindMemory(
      to: Int32.self, capacity: padded(rows.count))
    counts.update(repeating: 0, count: rows.count)
    for (image, ink) in inked.enumerated() {
      let offset = Int32(truncatingIfNeeded: image * gradient.imageStep)
      for entry in ink.entries(rows) {
        let row = Int(ink.offsets[entry]) / 16 - rows.lowerBound
        let end = row * inked.count + Int(counts[row])
        offsets[end] = offset
        values[end] = ink.differences[entry]
        counts[row] += 1
      }
    }
    sum.update(repeating: 0, count: linear.output.step)
    kernels.addRows(gradient.base, inked.count, linear.output.step, sum)
    for row in 0..<rows.count {
      let first = row * inked.count
      kernels.gather(
        GatherTask(
          count: Int(counts[row]), offsets: offsets + first, values: values + first,
          source: gradient.base, sourceStrip: 16, start: sum,
          startFactor: background[rows.lowerBound + row], target: result + 16 * row,
          targetStrip: 16 * rows.count, strips: linear.strips))
    }
  }
}
