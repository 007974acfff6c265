import Engine
import KernelTable
import TestSupport
import Testing

/// The kernels of the fast paths, at every level that this machine has, against their formulas written out.
@Suite struct FastPathTests {
  static let levels = InstructionSet.available.map(\.name)

  private func table(_ name: String) throws -> KernelTable {
    try #require(InstructionSet.available.first { $0.name == name })
  }

  @Test(arguments: levels)
  func `pooled rows name the place of their maximum, the first of equals`(level: String) throws {
    let kernels = try table(level)
    let (width, channels) = (6, 32)
    var input = signed(2 * width * channels, 5)
    // Ties, blank windows and negative ones.
    for c in 0..<8 {
      for r in 0..<2 { for x in 0..<2 { input[(r * width + x) * channels + c] = 0.5 } }
    }
    for c in 8..<12 {
      for r in 0..<2 { for x in 0..<2 { input[(r * width + x) * channels + c] = 0 } }
    }
    for c in 12..<16 {
      for r in 0..<2 { for x in 0..<2 { input[(r * width + x) * channels + c] = -1 } }
    }
    let gradient = signed(width / 2 * channels, 6)
    var output = [Float](repeating: 9, count: width / 2 * channels)
    var rows = [Float](repeating: 9, count: input.count)
    kernels.reluPool(input, &output, width, channels)
    kernels.reluPoolBackward(output, gradient, &rows, width, channels)
    for x in 0..<width / 2 {
      for c in 0..<channels {
        let places = [0, 1, width, width + 1].map { ($0 + 2 * x) * channels + c }
        let largest = max(0, places.map { input[$0] }.max() ?? 0)
        let first = largest > 0 ? places.first { input[$0] == largest } : nil
        #expect(abs(output[x * channels + c] - largest) <= 4 * largest.ulp)
        if largest == 0 { #expect(output[x * channels + c].bitPattern == 0) }
        for place in places {
          #expect(rows[place] == (place == first ? gradient[x * channels + c] : 0))
        }
      }
    }
  }

  @Test(arguments: levels)
  func `patches under pooled places are the sums of what their codes name`(level: String) throws {
    let kernels = try table(level)
    let (places, filters, count) = (3, 32, 32)
    let rows = signed(4 * places * filters, 11)
    let gradient = signed(places * filters, 12)
    let patches = signed(4 * filters * count, 13)
    var output = [Float](repeating: 9, count: places * filters)
    var live = [Float](repeating: 9, count: filters)
    var result = [Float](repeating: 9, count: places * count)
    kernels.reluPool(rows, &output, 2 * places, filters)
    kernels.gatherPatches(output, gradient, patches, &live, &result, places, filters, count)
    for place in 0..<places {
      for i in 0..<count {
        let wanted = (0..<filters).reduce(0.0) { sum, k in
          let bits = output[place * filters + k].bitPattern
          guard bits > 3 else { return sum }
          let patch = patches[(4 * k + Int(bits & 3)) * count + i]
          return sum + Double(gradient[place * filters + k]) * Double(patch)
        }
        #expect(abs(Double(result[place * count + i]) - wanted) < 1e-5)
      }
    }
  }

  @Test(arguments: levels, [16, 48])
  func `sums over live places equal those over all`(level: String, channels: Int) throws {
    let kernels = try table(level)
    let (rows, columns, filters) = (2, 3, 32)
    let (height, width) = (2 * rows, 2 * columns)
    let inputRow = (width + 2) * channels
    let input = signed((height + 2) * inputRow, 7)
    let weights = signed(9 * filters * channels, 8)
    let gradient = signed(rows * columns * filters, 9)
    var output = [Float](repeating: 0, count: rows * columns * filters)
    var dense = [Float](repeating: 0, count: height * width * filters)
    let before = signed(height * width * filters, 10)
    for y in 0..<rows {
      let pair = Array(before[2 * y * width * filters..<(2 * y + 2) * width * filters])
      var line = [Float](repeating: 0, count: columns * filters)
      var back = pair
      kernels.reluPool(pair, &line, width, filters)
      let slope = Array(gradient[y * columns * filters..<(y + 1) * columns * filters])
      kernels.reluPoolBackward(line, slope, &back, width, filters)
      output.replaceSubrange(y * columns * filters..<(y + 1) * columns * filters, with: line)
      dense.replaceSubrange(2 * y * width * filters..<(2 * y + 2) * width * filters, with: back)
    }
    let places = rows * columns
    func lists(_ count: Int, _ capacity: Int) -> LiveTask.Lists {
      LiveTask.Lists(
        counts: .allocate(capacity: count), offsets: .allocate(capacity: count * capacity),
        values: .allocate(capacity: count * capacity), capacity: capacity)
    }
    let byFilter = lists(filters, places)
    let byPlace = lists(4 * places, filters)
    defer {
      for list in [byFilter, byPlace] {
        list.counts.deallocate()
        list.offsets.deallocate()
        list.values.deallocate()
      }
    }
    output.withUnsafeBufferPointer { output in
      gradient.withUnsafeBufferPointer { gradient in
        guard let output = output.baseAddress, let gradient = gradient.baseAddress else { return }
        kernels.sortLive(
          LiveTask(
            output: output, gradient: gradient, rows: rows, columns: columns, filters: filters,
            inputRow: inputRow, inputColumn: channels, filterStep: 9 * channels,
            wantsFilters: true, byFilter: byFilter, byPlace: byPlace))
      }
    }
    func sum(
      _ list: LiveTask.Lists, _ count: Int, source: [Float], sourceRow: Int, size: Int,
      targets: [Int32], row: Int
    ) -> [Float] {
      var result = [Float](repeating: 0, count: size)
      source.withUnsafeBufferPointer { source in
        targets.withUnsafeBufferPointer { targets in
          result.withUnsafeMutableBufferPointer { result in
            guard let source = source.baseAddress, let targets = targets.baseAddress,
              let result = result.baseAddress
            else { return }
            kernels.accumulateSparse(
              SparseTask(
                lists: count, counts: list.counts, capacity: list.capacity, offsets: list.offsets,
                values: list.values, source: source, sourceRow: sourceRow,
                sourceColumn: channels, target: result, targets: targets, targetRow: row,
                targetColumn: channels, channels: channels))
          }
        }
      }
      return result
    }
    let weightGradient = sum(
      byFilter, filters, source: input, sourceRow: inputRow,
      size: 9 * filters * channels, targets: (0..<filters).map { Int32($0 * 9 * channels) },
      row: 3 * channels)
    let inputGradient = sum(
      byPlace, 4 * places, source: weights, sourceRow: 3 * channels,
      size: input.count,
      targets: (0..<4 * places).map {
        let (place, quarter) = $0.quotientAndRemainder(dividingBy: 4)
        let y = 2 * (place / columns) + quarter / 2
        return Int32(y * inputRow + (2 * (place % columns) + quarter % 2) * channels)
      }, row: inputRow)
    var exactWeights = [Double](repeating: 0, count: weightGradient.count)
    var exactInput = [Double](repeating: 0, count: inputGradient.count)
    for y in 0..<height {
      for x in 0..<width {
        for k in 0..<filters {
          let slope = Double(dense[(y * width + x) * filters + k])
          for tap in 0..<9 {
            for c in 0..<channels {
              let place = (y + tap / 3) * inputRow + (x + tap % 3) * channels + c
              let weight = (9 * k + tap) * channels + c
              exactWeights[weight] += slope * Double(input[place])
              exactInput[place] += slope * Double(weights[weight])
            }
          }
        }
      }
    }
    for (value, exact) in try paired(weightGradient, exactWeights) {
      #expect(abs(Double(value) - exact) < 1e-5)
    }
    for (value, exact) in try paired(inputGradient, exactInput) {
      #expect(abs(Double(value) - exact) < 1e-5)
    }
  }

  @Test(arguments: levels, [1, 15, 16, 28, 64])
  func `a bit stands for each inked column`(level: String, width: Int) throws {
    let kernels = try table(level)
    let (height, background) = (5, Float(-0.5))
    // What lies behind the picture must not be seen.
    let pixels =
      hashed(height * width, 15).map { $0 < 0.7 ? background : $0 }
      + [Float](repeating: 1, count: 15)
    var rows = [UInt64](repeating: 9, count: height)
    kernels.inkRows(pixels, background, height, width, &rows)
    for y in 0..<height {
      let bits = (0..<width).filter { pixels[y * width + $0] != background }
      #expect(rows[y] == bits.reduce(UInt64(0)) { $0 | 1 << UInt64($1) })
    }
  }

  @Test(arguments: levels, [1, 15, 16, 47, 80])
  func `inked places are found, and their rows summed`(level: String, count: Int) throws {
    let kernels = try table(level)
    let background = signed(count, 11)
    let keys = hashed(count, 12)
    let values = zip(background, zip(keys, signed(count, 13))).map { $1.0 < 0.3 ? $1.1 : $0 }
    let strips = 5
    let rows = signed(strips * count * 16, 14)
    let start = signed(strips * 16, 15)
    var starts = [Int32](repeating: -1, count: (count + 15) / 16 + 1)
    var offsets = [Int32](repeating: -1, count: count)
    var differences = [Float](repeating: 0, count: count)
    kernels.findInk(values, background, count, &starts, &offsets, &differences)
    let inked = (0..<count).filter { values[$0] != background[$0] }
    #expect(Int(try #require(starts.last)) == inked.count)
    #expect(offsets.prefix(inked.count).map { Int($0) } == inked.map { 16 * $0 })
    for (run, found) in starts.dropLast().enumerated() {
      #expect(Int(found) == inked.count { $0 < 16 * run })
    }
    var target = [Float](repeating: 9, count: strips * 16)
    offsets.withUnsafeBufferPointer { offsets in
      differences.withUnsafeBufferPointer { differences in
        rows.withUnsafeBufferPointer { rows in
          start.withUnsafeBufferPointer { start in
            target.withUnsafeMutableBufferPointer { target in
              guard let offsets = offsets.baseAddress, let differences = differences.baseAddress,
                let rows = rows.baseAddress, let start = start.baseAddress,
                let target = target.baseAddress
              else { return }
              kernels.gather(
                GatherTask(
                  count: inked.count, offsets: offsets, values: differences, source: rows,
                  sourceStrip: 16 * count, start: start, startFactor: 0.5, target: target,
                  targetStrip: 16, strips: strips))
            }
          }
        }
      }
    }
    for strip in 0..<strips {
      for column in 0..<16 {
        let exact = inked.reduce(0.5 * Double(start[16 * strip + column])) {
          $0 + Double(values[$1] - background[$1])
            * Double(rows[(strip * count + $1) * 16 + column])
        }
        #expect(abs(Double(target[16 * strip + column]) - exact) < 1e-5)
      }
    }
  }
}
