import KernelTable

// The backward pass of a 3 x 3 convolution that ends in ReLU and 2 x 2 max-pooling: at most one in four places
// of its output has a gradient, so that sums over those alone are exact and short.

// Lists of the live places; a place lives if its bits, as an integer, exceed 3 (see Pooled.swift).
func sortLive(_ task: LiveTask) {
  if task.wantsFilters {
    sortLive(task, wantsFilters: true)
  } else {
    sortLive(task, wantsFilters: false)
  }
}

@inline(__always)
private func sortLive(_ task: LiveTask, wantsFilters: Bool) {
  let (byFilter, byPlace) = (task.byFilter, task.byPlace)
  for k in 0..<task.filters { byFilter.counts[k] = 0 }
  for y in 0..<task.rows {
    for x in 0..<task.columns {
      let place = y * task.columns + x
      let output = task.output + place * task.filters
      let gradient = task.gradient + place * task.filters
      let patch = 2 * y * task.inputRow + 2 * x * task.inputColumn
      let counts = byPlace.counts + 4 * place
      for quarter in 0..<4 { counts[quarter] = 0 }
      for k in stride(from: 0, to: task.filters, by: 16) {
        let codes = unsafeBitCast(load(output + k), to: SIMD16<Int32>.self)
        forEachBit(where: codes .> SIMD16(repeating: 3)) { lane in
          let k = k + lane
          let slope = gradient[k]
          let quarter = 3 - Int(output[k].bitPattern & 3)
          let (row, column) = (quarter >> 1, quarter & 1)
          if wantsFilters {
            let f = k * byFilter.capacity + Int(byFilter.counts[k])
            byFilter.offsets[f] = Int32(
              truncatingIfNeeded: patch + row * task.inputRow + column * task.inputColumn)
            byFilter.values[f] = slope
            byFilter.counts[k] &+= 1
          }
          let p = (4 * place + quarter) * byPlace.capacity + Int(counts[quarter])
          byPlace.offsets[p] = Int32(truncatingIfNeeded: k * task.filterStep)
          byPlace.values[p] = slope
          counts[quarter] &+= 1
        }
      }
    }
  }
}

// target[list][r][s][c] += Σ_entry value source[offset][r][s][c], 3 x 3 taps, as SparseTask has it. The sums of one
// row of taps stay in registers while a list is read: two vectors of channels each where there are as many, which
// keeps the adders busy. With AVX-512 there is room for all nine taps.
func accumulateSparse(_ task: SparseTask) {
  #if KERNELS_V4
    for c in stride(from: 0, to: task.channels, by: OneVector.width) {
      for list in 0..<task.lists { addTaps(task, list, channel: c) }
    }
  #else
    for row in 0..<3 {
      var c = 0
      #if KERNELS_V3 || arch(arm64)
        while task.channels - c >= TwoVectors.width {
          for list in 0..<task.lists { addRow(task, list, row, channel: c, TwoVectors.self) }
          c += TwoVectors.width
        }
      #endif
      while c < task.channels {
        for list in 0..<task.lists { addRow(task, list, row, channel: c, OneVector.self) }
        c += OneVector.width
      }
    }
  #endif
}

@inline(__always)
private func addRow<L: Lanes>(
  _ task: SparseTask, _ list: Int, _ row: Int, channel c: Int, _: L.Type
) {
  let count = Int(task.counts[list])
  if count == 0 { return }
  let target = task.target + Int(task.targets[list]) + row * task.targetRow + c
  let source = task.source + row * task.sourceRow + c
  var sums = ThreeTaps<L>(target, step: task.targetColumn)
  for entry in list * task.capacity..<list * task.capacity + count {
    sums.add(
      task.values[entry], source + Int(task.offsets[entry]), step: task.sourceColumn)
  }
  sums.write(target, step: task.targetColumn)
}

#if KERNELS_V4
  @inline(__always)
  private func addTaps(_ task: SparseTask, _ list: Int, channel c: Int) {
    let count = Int(task.counts[list])
    if count == 0 { return }
    let target = task.target + Int(task.targets[list]) + c
    let row = task.targetRow
    var first = ThreeTaps<OneVector>(target, step: task.targetColumn)
    var second = ThreeTaps<OneVector>(target + row, step: task.targetColumn)
    var third = ThreeTaps<OneVector>(target + 2 * row, step: task.targetColumn)
    for entry in list * task.capacity..<list * task.capacity + count {
      let value = task.values[entry]
      let source = task.source + Int(task.offsets[entry]) + c
      first.add(value, source, step: task.sourceColumn)
      second.add(value, source + task.sourceRow, step: task.sourceColumn)
      third.add(value, source + 2 * task.sourceRow, step: task.sourceColumn)
    }
    first.write(target, step: task.targetColumn)
    second.write(target + row, step: task.targetColumn)
    third.write(target + 2 * row, step: task.targetColumn)
  }
#endif

/// The sums of a row of taps.
private struct ThreeTaps<L: Lanes> {
  var left: L
  var middle: L
  var right: L
  @inline(__always) init(_ pointer: Writing, step: Int) {
    left = L(pointer)
    middle = L(pointer + step)
    right = L(pointer + 2 * step)
  }
  @inline(__always) mutating func add(_ value: Float, _ source: Reading, step: Int) {
    left.add(value, times: L(source))
    middle.add(value, times: L(source + step))
    right.add(value, times: L(source + 2 * step))
  }
  @inline(__always) func write(_ pointer: Writing, step: Int) {
    left.write(pointer)
    middle.write(pointer + step)
    right.write(pointer + 2 * step)
  }
}
