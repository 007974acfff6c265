import Networks

/// Notes which channels of each ReLU layer were above zero on any image.
final class UnitWatcher: @unchecked Sendable {
  private let plan: Plan
  private let watched: [Int]
  /// Where each watched layer's flags start, and how many flags there are.
  private var offsets: [Int] = []
  private var total = 0
  /// For each worker, one flag a channel: not zero once it was active.
  private let flags: Memory

  init(_ plan: Plan, workers: Int) {
    self.plan = plan
    watched = plan.operations.indices.filter { plan.operations[$0] is ReLUOperation }
    for index in watched {
      offsets.append(total)
      total += plan.architecture.entries[index].outputShape.channels
    }
    flags = Memory(count: total * workers)
  }

  var silentUnits: [String: Int] {
    var result: [String: Int] = [:]
    for (index, offset) in zip(watched, offsets) {
      let entry = plan.architecture.entries[index]
      result[entry.name] = (0..<entry.outputShape.channels).count { channel in
        !stride(from: offset + channel, to: flags.count, by: max(1, total))
          .contains { flags.base[$0] != 0 }
      }
    }
    return result
  }

  /// Forward, stopping after each watched layer to look: a later layer may write over its output.
  func forward(_ runner: ShardRunner, _ walk: ShardRunner.Walk) {
    var start = 0
    for (index, offset) in zip(watched, offsets) {
      runner.forward(start..<index + 1, walk)
      note(
        runner.activation(index + 1, walk), index, images: walk.images,
        flags: flags.base + walk.worker * total + offset)
      start = index + 1
    }
    runner.forward(start..<plan.operations.count, walk)
  }

  private func note(
    _ output: ShardStrip, _ index: Int, images: Int, flags: UnsafeMutablePointer<Float>
  ) {
    let layout = plan.layouts[index + 1]
    let isFlat = plan.architecture.entries[index].outputShape.dimensions.count == 1
    for image in 0..<images {
      let values = output[image]
      if isFlat {
        for unit in 0..<layout.positions * layout.channels where values[layout.offset(of: unit)] > 0
        {
          flags[unit] = 1
        }
      } else {
        for position in 0..<layout.positions {
          let row = values + position * layout.step
          for channel in 0..<layout.channels where row[channel] > 0 { flags[channel] = 1 }
        }
      }
    }
  }
}
