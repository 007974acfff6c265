/// A block of float32 numbers, aligned to a cache line and zero at first.
final class Memory: @unchecked Sendable {
  let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) {
    self.count = count
    // A spare line, so that reading a whole vector at the end stays inside.
    let bytes = (count + 32) * MemoryLayout<Float>.stride
    base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Float.self, capacity: count + 32)
    base.initialize(repeating: 0, count: count + 32)
  }

  deinit { base.deallocate() }
}

/// Where the numbers of one layer boundary lie for every image.
struct Strip: Equatable {
  /// Position of the first number in the memory.
  var offset = 0
  /// Step from one worker to the next; 0 if all workers share.
  var workerStep = 0
  /// Step from one shard of 16 images to the next; 0 if each worker keeps only its own.
  var shardStep = 0
  /// Step from one image to the next; 0 if only one image is kept.
  var imageStep = 0
}

/// A strip seen by one worker at one shard.
struct ShardStrip {
  let base: UnsafeMutablePointer<Float>
  let imageStep: Int

  subscript(image: Int) -> UnsafeMutablePointer<Float> { base + image * imageStep }
}
