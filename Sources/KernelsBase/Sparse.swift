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
      for k in 0..<task.filters {
        let bits = output[k].bitPattern
        guard bits > 3 else { continue }
        let quarter = 3 - Int(bits & 3)
        let (row, column) = (quarter >> 1, quarter & 1)
        if wantsFilters {
          let f = k * byFilter.capacity + Int(byFilter.counts[k])
          byFilter.offsets[f] = Int32(
            truncatingIfNeeded: patch + row * task.inputRow + column * task.inputColumn)
          byFilter.values[f] = gradient[k]
          byFilter.counts[k] &+= 1
        }
        let p = (4 * place + quarter) * byPlace.capacity + Int(counts[quarter])
        byPlace.offsets[p] = Int32(truncatingIfNeeded: k * task.filterStep)
        byPlace.values[p] = gradient[k]
        counts[quarter] &+= 1
      }
    }
  }
}

// target[list][r][s][c] += Σ_entry value source[offset][r][s][c], 3 x 3 taps, as SparseTask has it. The nine
// sums of one block of channels stay in registers while a list is read: one register each.

#if KERNELS_V4
  private typealias Block = SIMD16<Float>
#elseif KERNELS_V3
  private typealias Block = SIMD8<Float>
#else
  private typealias Block = SIMD4<Float>
#endif

/// Numbers in one register: the channels of a block.
let lanes = Block.scalarCount

@inline(__always) private func block(_ pointer: Reading) -> Block {
  UnsafeRawPointer(pointer).loadUnaligned(as: Block.self)
}

@inline(__always) private func put(_ value: Block, _ pointer: Writing) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: Block.self)
}

@inline(__always) private func add(_ sum: inout Block, _ a: Block, _ pointer: Reading) {
  #if KERNELS_V3 || KERNELS_V4 || arch(arm64)
    sum = sum.addingProduct(a, block(pointer))
  #else
    sum += a * block(pointer)
  #endif
}

func accumulateSparse(_ task: SparseTask) {
  let (sr, sc) = (task.sourceRow, task.sourceColumn)
  let (tr, tc) = (task.targetRow, task.targetColumn)
  for b in 0..<task.channels / lanes {
    let source = task.source + b * task.sourceBlock
    for list in 0..<task.lists where task.counts[list] > 0 {
      let t = task.target + Int(task.targets[list]) + b * lanes
      var (a0, a1, a2) = (block(t), block(t + tc), block(t + 2 * tc))
      var (b0, b1, b2) = (block(t + tr), block(t + tr + tc), block(t + tr + 2 * tc))
      var (c0, c1, c2) = (block(t + 2 * tr), block(t + 2 * tr + tc), block(t + 2 * tr + 2 * tc))
      let offsets = task.offsets + list * task.capacity
      let values = task.values + list * task.capacity
      for entry in 0..<Int(task.counts[list]) {
        let p = source + Int(offsets[entry])
        let value = Block(repeating: values[entry])
        add(&a0, value, p)
        add(&a1, value, p + sc)
        add(&a2, value, p + 2 * sc)
        add(&b0, value, p + sr)
        add(&b1, value, p + sr + sc)
        add(&b2, value, p + sr + 2 * sc)
        add(&c0, value, p + 2 * sr)
        add(&c1, value, p + 2 * sr + sc)
        add(&c2, value, p + 2 * sr + 2 * sc)
      }
      put(a0, t)
      put(a1, t + tc)
      put(a2, t + 2 * tc)
      put(b0, t + tr)
      put(b1, t + tr + tc)
      put(b2, t + tr + 2 * tc)
      put(c0, t + 2 * tr)
      put(c1, t + 2 * tr + tc)
      put(c2, t + 2 * tr + 2 * tc)
    }
  }
}
