import KernelTable

/// The lists of live places of one pooled 3 x 3 convolution, and the sums over them.
struct LiveLists: Sendable {
  let rows: Int
  let columns: Int
  let filters: Int
  let inputRow: Int
  let inputColumn: Int
  /// Where each filter's weights lie, and each place's patch of the input: the targets of the sums.
  private let filterTargets: [Int32]
  private let placeTargets: [Int32]

  init(rows: Int, columns: Int, filters: Int, inputRow: Int, inputColumn: Int) {
    self.rows = rows
    self.columns = columns
    self.filters = filters
    self.inputRow = inputRow
    self.inputColumn = inputColumn
    filterTargets = (0..<filters).map { Int32($0 * 9 * inputColumn) }
    placeTargets = (0..<4 * rows * columns).map { index in
      let (place, quarter) = index.quotientAndRemainder(dividingBy: 4)
      let y = 2 * (place / columns) + quarter / 2
      let x = 2 * (place % columns) + quarter % 2
      return Int32(y * inputRow + x * inputColumn)
    }
  }

  private var places: Int { rows * columns }
  /// Numbers of memory that the lists take.
  var count: Int { 10 * places * filters + padded(filters) + padded(4 * places) }

  /// The lists of one image.
  struct Live {
    var byFilter: LiveTask.Lists
    var byPlace: LiveTask.Lists
  }

  func sort(
    output: UnsafePointer<Float>, gradient: UnsafePointer<Float>, filterStep: Int,
    wantsFilters: Bool, memory: UnsafeMutablePointer<Float>, kernels: KernelTable
  ) -> Live {
    var next = memory
    func take(_ count: Int) -> UnsafeMutablePointer<Float> {
      defer { next += count }
      return next
    }
    // Counts and offsets are integers of the same size as the numbers that the memory is made for.
    func takeIntegers(_ count: Int) -> UnsafeMutablePointer<Int32> {
      UnsafeMutableRawPointer(take(count)).bindMemory(to: Int32.self, capacity: count)
    }
    let live = Live(
      byFilter: LiveTask.Lists(
        counts: takeIntegers(padded(filters)), offsets: takeIntegers(places * filters),
        values: take(places * filters), capacity: places),
      byPlace: LiveTask.Lists(
        counts: takeIntegers(padded(4 * places)), offsets: takeIntegers(4 * places * filters),
        values: take(4 * places * filters), capacity: filters))
    kernels.sortLive(
      LiveTask(
        output: output, gradient: gradient, rows: rows, columns: columns, filters: filters,
        inputRow: inputRow, inputColumn: inputColumn, filterStep: filterStep,
        wantsFilters: wantsFilters, byFilter: live.byFilter, byPlace: live.byPlace))
    return live
  }

  /// d weight[o][r][s][i] += Σ_(y, x live for o) gradient · input[y + r][x + s][i]
  func addWeightGradient(
    _ live: Live, input: UnsafePointer<Float>, inputRow: Int, channels: Int,
    to result: UnsafeMutablePointer<Float>, kernels: KernelTable
  ) {
    filterTargets.withUnsafeBufferPointer { targets in
      guard let targets = targets.baseAddress else { return }
      kernels.accumulateSparse(
        SparseTask(
          lists: filters, counts: live.byFilter.counts, capacity: live.byFilter.capacity,
          offsets: live.byFilter.offsets, values: live.byFilter.values,
          source: input, sourceRow: inputRow, sourceColumn: channels,
          target: result, targets: targets, targetRow: 3 * channels, targetColumn: channels,
          channels: channels))
    }
  }

  /// d bias[o] += Σ gradient
  func addBiasGradient(_ live: Live, to result: UnsafeMutablePointer<Float>) {
    for filter in 0..<filters {
      var sum: Float = 0
      let values = live.byFilter.values + filter * live.byFilter.capacity
      for entry in 0..<Int(live.byFilter.counts[filter]) { sum += values[entry] }
      result[filter] += sum
    }
  }

  /// d input[y + r][x + s][i] += Σ_(o live at y, x) gradient · weight[o][r][s][i]
  func addInputGradient(
    _ live: Live, weights: UnsafePointer<Float>, inputRow: Int, channels: Int,
    to result: UnsafeMutablePointer<Float>, kernels: KernelTable
  ) {
    placeTargets.withUnsafeBufferPointer { targets in
      guard let targets = targets.baseAddress else { return }
      kernels.accumulateSparse(
        SparseTask(
          lists: 4 * places, counts: live.byPlace.counts, capacity: live.byPlace.capacity,
          offsets: live.byPlace.offsets, values: live.byPlace.values,
          source: weights, sourceRow: 3 * channels, sourceColumn: channels,
          target: result, targets: targets, targetRow: inputRow, targetColumn: channels,
          channels: channels))
    }
  }
}
