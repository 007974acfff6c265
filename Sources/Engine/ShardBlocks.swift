/// How the shards of a mini-batch are divided among ranks: each has a block of a power of two of them, so that it holds a
/// subtree of `ShardTree`; the last has what is left, and where shards are few some have none.
struct ShardBlocks {
  let shards: Int
  let ranks: Int
  /// Shards of a full block.
  let size: Int

  init(_ shards: Int, ranks: Int) {
    self.shards = shards
    self.ranks = ranks
    var size = 1
    while size * ranks < shards { size *= 2 }
    self.size = size
  }

  /// The shards of a rank.
  subscript(rank: Int) -> Range<Int> {
    min(shards, rank * size)..<min(shards, (rank + 1) * size)
  }

  /// The shards of every rank.
  var all: [Range<Int>] { (0..<ranks).map { self[$0] } }

  /// Ranks that have shards.
  var holders: Int { (shards + size - 1) / size }
}
