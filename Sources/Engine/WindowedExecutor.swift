import Networks

/// Logits of images that differ from known ones in a small window: the feature maps of the known images are kept,
/// and only what the window reaches is worked out anew; what comes after the maps runs as always.
///
/// The sums are those of `Executor`, in the same order up to the cut into tiles. The maps belong to the parameters that
/// the executor had when they were made.
package final class WindowedExecutor {
  /// A square of pixels in the place of others.
  package struct Window: Sendable {
    /// The number of the image.
    package let image: Int
    /// Its first row and column.
    package let top, left: Int
    /// The new pixels in [0, 1], `[C][side][side]`.
    package let pixels: [Float]

    /// A square of pixels at a place of an image.
    package init(image: Int, top: Int, left: Int, pixels: [Float]) {
      self.image = image
      self.top = top
      self.left = left
      self.pixels = pixels
    }
  }

  /// More numbers in maps than this are not kept: 1 GiB.
  private static let mostNumbers = 1 << 28

  private let executor: Executor
  private let side: Int
  private let stages: [WindowPlan.Stage]
  /// For each boundary, the maps of every image.
  private let maps: [Memory]
  /// For each boundary, the new part of each window's map, or after a swap the old one.
  private var regions: [Memory] = []
  private var windows: [Window] = []
  /// For each worker, the crop that an operation reads, and the operations' scratch.
  private let crops: Memory
  private let scratch: Memory

  private var runner: ShardRunner { executor.predictor }
  private var plan: Plan { runner.plan }

  /// Keeps the maps of some images, `[N][C][H][W]`, of which those numbered in `selection` will be asked for.
  ///
  /// `nil` if the network has no maps, if windows of `side` x `side` pixels reach so far that little is saved, or if the
  /// maps are too large.
  package init?(_ executor: Executor, images: [Float], selection: [Int], side: Int) {
    let runner = executor.predictor
    let count = images.count / runner.plan.architecture.inputShape.count
    guard !executor.watchesUnits, let windowPlan = WindowPlan(runner.plan, side: side),
      count * runner.plan.layouts[...windowPlan.stages.count].reduce(0, { $0 + $1.count })
        <= Self.mostNumbers
    else { return nil }
    self.executor = executor
    self.side = side
    stages = windowPlan.stages
    maps = runner.plan.layouts[...stages.count].map { Memory(count: $0.count * count) }
    let workers = executor.pool.threads
    crops = Memory(count: padded(stages.map(\.crop.count).max() ?? 0) * workers)
    scratch = Memory(
      count: padded(
        max(runner.plan.scratchCount, stages.map(\.operation.scratchCount).max() ?? 0)) * workers)
    images.withUnsafeBufferPointer { images in
      guard let images = images.baseAddress else { return }
      executor.pool.run(selection.count) { place, worker in
        let image = selection[place]
        executor.input.load(
          images + image * plan.architecture.inputShape.count, to: map(0, image))
        for index in stages.indices {
          plan.operations[index].forward(
            0..<1, pass(index, worker, from: map(index, image), to: map(index + 1, image)))
        }
      }
    }
  }

  /// The logits `[N][K]` of kept images, each with one window changed and at most once in the list; they count as queries.
  package func logits(_ windows: [Window]) -> [Float] {
    executor.queries += windows.count
    self.windows = windows
    reserveRegions()
    let classes = plan.architecture.outputs
    // The same work for every thread.
    let step = runner.purpose.shardSize * executor.pool.threads
    let shards = min(windows.count, (windows.count + step - 1) / step * executor.pool.threads)
    var logits = [Float](repeating: 0, count: windows.count * classes)
    logits.withUnsafeMutableBufferPointer { logits in
      guard let logits = logits.baseAddress else { return }
      executor.pool.run(shards) { shard, worker in
        let places = shard * windows.count / shards..<(shard + 1) * windows.count / shards
        let walk = ShardRunner.Walk(shard: 0, images: places.count, worker: worker)
        let features = runner.activation(stages.count, walk)
        for (row, place) in places.enumerated() {
          redo(place, worker)
          features[row].update(
            from: map(stages.count, windows[place].image), count: layout(stages.count).count)
          swap(place)
        }
        runner.forward(stages.count..<plan.operations.count, walk)
        let output = runner.activation(plan.operations.count, walk)
        for (row, place) in places.enumerated() {
          (logits + place * classes).update(from: output[row], count: classes)
        }
      }
    }
    return logits
  }

  /// Keeps some of the windows that were asked for last, given by their place in that list.
  package func accept(_ places: [Int]) {
    for place in places { swap(place) }
  }

  // MARK: Regions

  /// Works a window's regions out and puts them into its image's maps.
  private func redo(_ place: Int, _ worker: Int) {
    let window = windows[place]
    executor.input.load(window.pixels, side: side, to: region(0, place))
    swap(0, place, window.top, window.left)
    var (top, left) = (window.top, window.left)
    for (index, stage) in stages.enumerated() {
      (top, left) = (stage.rows.start(top), stage.columns.start(left))
      let crop = crops.base + worker * (crops.count / executor.pool.threads)
      layout(index).copy(
        map(index, window.image), fromRow: stage.rows.cropStart(top),
        column: stage.columns.cropStart(left), to: crop, stage.crop)
      stage.operation.forward(
        0..<1, pass(index, worker, from: crop, to: region(index + 1, place)))
      swap(index + 1, place, top, left)
    }
  }

  /// Exchanges a window's regions with what its image's maps hold.
  private func swap(_ place: Int) {
    var (top, left) = (windows[place].top, windows[place].left)
    swap(0, place, top, left)
    for (index, stage) in stages.enumerated() {
      (top, left) = (stage.rows.start(top), stage.columns.start(left))
      swap(index + 1, place, top, left)
    }
  }

  private func swap(_ boundary: Int, _ place: Int, _ top: Int, _ left: Int) {
    let (height, width) = regionSize(boundary)
    let layout = layout(boundary)
    var part = region(boundary, place)
    var row = map(boundary, windows[place].image) + (top * layout.width + left) * layout.step
    for _ in 0..<height {
      for i in 0..<width * layout.step { (part[i], row[i]) = (row[i], part[i]) }
      part += width * layout.step
      row += layout.width * layout.step
    }
  }

  private func reserveRegions() {
    let counts = maps.indices.map { regionCount($0) * windows.count }
    guard regions.isEmpty || zip(regions, counts).contains(where: { $0.count < $1 }) else { return }
    regions = counts.map { Memory(count: $0) }
  }

  // MARK: Memory

  private func layout(_ boundary: Int) -> Layout { plan.layouts[boundary] }

  private func regionSize(_ boundary: Int) -> (height: Int, width: Int) {
    guard boundary > 0 else { return (side, side) }
    return (stages[boundary - 1].rows.count, stages[boundary - 1].columns.count)
  }

  private func regionCount(_ boundary: Int) -> Int {
    let (height, width) = regionSize(boundary)
    return height * width * layout(boundary).step
  }

  private func map(_ boundary: Int, _ image: Int) -> UnsafeMutablePointer<Float> {
    maps[boundary].base + image * layout(boundary).count
  }

  private func region(_ boundary: Int, _ place: Int) -> UnsafeMutablePointer<Float> {
    regions[boundary].base + place * regionCount(boundary)
  }

  private func pass(
    _ index: Int, _ worker: Int, from input: UnsafeMutablePointer<Float>,
    to output: UnsafeMutablePointer<Float>
  ) -> Pass {
    Pass(
      kernels: plan.kernels, parameters: runner.parameters.base + plan.parameterOffsets[index],
      derived: runner.derived.base + plan.derivedOffsets[index],
      scratch: scratch.base + worker * (scratch.count / executor.pool.threads),
      kept: ShardStrip(base: output, imageStep: 0), input: ShardStrip(base: input, imageStep: 0),
      output: ShardStrip(base: output, imageStep: 0), inputGradient: nil,
      outputGradient: ShardStrip(base: output, imageStep: 0), parameterGradient: nil,
      randomness: nil)
  }
}
