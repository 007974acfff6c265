import KernelTable

// Rows of numbers, each padded to a multiple of sixteen.

extension Vector {
  /// The sum of the lanes, in a fixed order.
  @inline(__always) fileprivate var total: Float {
    let eight = lowHalf + highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// The largest of the lanes.
  @inline(__always) fileprivate var largest: Float {
    let eight = lowHalf.replacing(with: highHalf, where: highHalf .> lowHalf)
    let four = eight.lowHalf.replacing(with: eight.highHalf, where: eight.highHalf .> eight.lowHalf)
    let two = four.lowHalf.replacing(with: four.highHalf, where: four.highHalf .> four.lowHalf)
    return Swift.max(two.x, two.y)
  }

  /// These numbers, another in the lanes that lie behind a row's end.
  @inline(__always) fileprivate func bounded(from place: Int, by count: Int, _ other: Float)
    -> Vector
  {
    if place + 16 <= count { return self }
    let lanes = SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
    return replacing(
      with: Vector(repeating: other), where: lanes .>= Int32(truncatingIfNeeded: count - place))
  }
}

// values[r][c] = exp(scale (values[r][c] - max)) / Σ
func softmaxRows(_ values: Writing, _ scale: Float, _ rows: Int, _ count: Int, _ step: Int) {
  for r in 0..<rows {
    let row = values + r * step
    // Behind the end stands what the exponential makes nothing of, so that no lane has to be asked.
    (row + count).update(repeating: -Float.greatestFiniteMagnitude, count: step - count)
    var most = load(row)
    for c in stride(from: 16, to: step, by: 16) { most = maximum(most, load(row + c)) }
    let largest = Vector(repeating: most.largest)
    var sum = Vector.zero
    for c in stride(from: 0, to: step, by: 16) {
      let power = power((load(row + c) - largest) * scale)
      sum += power
      store(power, row + c)
    }
    let factor = 1 / sum.total
    for c in stride(from: 0, to: step, by: 16) { store(load(row + c) * factor, row + c) }
    (row + count).update(repeating: 0, count: step - count)
  }
}

/// A function of its own: as a property it is called, and not put in place, from within loops.
@inline(__always) private func power(_ x: Vector) -> Vector { x.exponential }

// gradient[r][c] = scale p[r][c] (gradient[r][c] - Σ p[r][k] gradient[r][k])
func softmaxRowsBackward(
  _ probabilities: Reading, _ gradient: Writing, _ scale: Float, _ rows: Int, _ step: Int
) {
  for r in 0..<rows {
    let (p, g) = (probabilities + r * step, gradient + r * step)
    var products = Vector.zero
    for c in stride(from: 0, to: step, by: 16) {
      products = multiplyAdd(products, load(p + c), load(g + c))
    }
    let mean = products.total
    for c in stride(from: 0, to: step, by: 16) {
      store((load(g + c) - mean) * load(p + c) * scale, g + c)
    }
  }
}

/// A row's mean and the inverse of its deviation. No extension of the task: that would be a symbol of another module's.
@inline(__always) private func statistics(
  _ task: RowNormTask, _ row: Reading
) -> (mean: Float, inverse: Float) {
  var sum = Vector.zero
  for c in stride(from: 0, to: task.step, by: 16) {
    sum += load(row + c).bounded(from: c, by: task.count, 0)
  }
  let mean = sum.total / Float(task.count)
  var squares = Vector.zero
  for c in stride(from: 0, to: task.step, by: 16) {
    let difference = (load(row + c) - mean).bounded(from: c, by: task.count, 0)
    squares = multiplyAdd(squares, difference, difference)
  }
  return (mean, 1 / (squares.total / Float(task.count) + task.epsilon).squareRoot())
}

func normalizeRows(_ task: RowNormTask, _ output: Writing) {
  for r in 0..<task.rows {
    let (row, result) = (task.input + r * task.step, output + r * task.step)
    let (mean, inverse) = statistics(task, row)
    for c in stride(from: 0, to: task.step, by: 16) {
      let normalized = (load(row + c) - mean) * inverse
      store(multiplyAdd(load(task.shift + c), normalized, load(task.scale + c)), result + c)
    }
  }
}

// With x the normalised number and g its gradient times the scale: dx = (g - mean(g) - x mean(g x)) / σ
func normalizeRowsBackward(
  _ task: RowNormTask, _ outputGradient: Reading, _ scale: Writing?, _ shift: Writing?,
  _ inputGradient: Writing?
) {
  for r in 0..<task.rows {
    let (row, slopes) = (task.input + r * task.step, outputGradient + r * task.step)
    let (mean, inverse) = statistics(task, row)
    var (sum, products) = (Vector.zero, Vector.zero)
    for c in stride(from: 0, to: task.step, by: 16) {
      let normalized = (load(row + c) - mean) * inverse
      let slope = load(slopes + c)
      if let scale { store(multiplyAdd(load(scale + c), slope, normalized), scale + c) }
      if let shift { store(load(shift + c) + slope, shift + c) }
      // Zero in what pads the row, as the scale is.
      let scaled = slope * load(task.scale + c)
      sum += scaled
      products = multiplyAdd(products, scaled, normalized)
    }
    guard let inputGradient else { continue }
    let level = sum.total / Float(task.count)
    let slant = products.total / Float(task.count)
    for c in stride(from: 0, to: task.step, by: 16) {
      let normalized = (load(row + c) - mean) * inverse
      let scaled = load(slopes + c) * load(task.scale + c)
      let gradient = (multiplyAdd(scaled - level, normalized, Vector(repeating: -slant))) * inverse
      store(gradient.bounded(from: c, by: task.count, 0), inputGradient + r * task.step + c)
    }
  }
}
