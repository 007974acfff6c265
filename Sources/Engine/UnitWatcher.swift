import Networks

/// Notes which channels of each ReLU layer were above zero on any image. A ReLU that is fused with its pooling is
/// watched behind it: a channel's largest numbers are all zero if its numbers are.
final class UnitWatcher: @unchecked Sendable {
  private let plan: Plan
  /// The operations that end in a ReLU or have one inside, and the layer that it is.
  private let watched: [(operation: Int, layer: Int)]
  /// Where each watched layer's flags start, and how many flags there are.
  private var offsets: [Int] = []
  private var total = 0
  /// For each worker, one flag a channel: not zero once it was active.
  private let flags: Memory

  init(_ plan: Plan, workers: Int) {
    self.plan = plan
    watched = plan.layers.enumerated().flatMap { operation, layers in
      layers.filter { plan.architecture.entries[$0].layer.family.isRectifier }.map {
        (operation, $0)
      }
    }
    for (_, layer) in watched {
      offsets.append(total)
      total += plan.architecture.entries[layer].outputShape.channels
    }
    flags = Memory(count: total * workers)
  }

  var silentUnits: [String: Int] {
    var result: [String: Int] = [:]
    for (place, offset) in zip(watched, offsets) {
      let entry = plan.architecture.entries[place.layer]
      result[entry.name] = (0..<entry.outputShape.channels).count { channel in
        !stride(from: offset + channel, to: flags.count, by: max(1, total))
          .contains { flags.base[$0] != 0 }
      }
    }
    return result
  }

  /// Takes over what the watchers of other ranks have noted.
  func share(with ranks: any Ranks) {
    var noted = (0..<ranks.count * total).map { place in
      stride(from: place % total, to: flags.count, by: total).contains { flags.base[$0] != 0 }
    }
    ranks.gather(&noted, count: total, (0..<ranks.count).map { $0..<$0 + 1 })
    for place in noted.indices where noted[place] { flags.base[place % total] = 1 }
  }

  /// Forward, stopping after each watched layer to look: a later layer may write over its output.
  func forward(_ runner: ShardRunner, _ walk: ShardRunner.Walk) {
    var start = 0
    for (place, offset) in zip(watched, offsets) {
      let end = place.operation + 1
      runner.forward(start..<end, walk)
      note(
        runner.activation(end, walk), plan.layouts[end], isFlat: isFlat(place.layer),
        images: walk.images, flags: flags.base + walk.worker * total + offset)
      start = end
    }
    runner.forward(start..<plan.operations.count, walk)
  }

  private func isFlat(_ layer: Int) -> Bool {
    plan.architecture.entries[layer].outputShape.dimensions.count == 1
  }

  private func note(
    _ output: ShardStrip, _ layout: Layout, isFlat: Bool, images: Int,
    flags: UnsafeMutablePointer<Float>
  ) {
    let count = isFlat ? layout.positions * layout.channels : layout.channels
    // Most have been active before: only the others are looked for.
    for channel in 0..<count where flags[channel] == 0 {
      let isActive =
        isFlat
        ? (0..<images).contains { output[$0][layout.offset(of: channel)] > 0 }
        : (0..<images).contains { image in
          let values = output[image] + channel
          return (0..<layout.positions).contains { values[$0 * layout.step] > 0 }
        }
      if isActive { flags[channel] = 1 }
    }
  }
}
