/// The order in which numbers of shards are added up: a binary tree over the shards' numbers.
///
/// Neighbours are joined, then neighbours of those, and so on; the last of an odd number waits for the next round.
/// Whoever holds 1, 2, 4, ... neighbouring shards holds a subtree, so several processes that exchange the sums of theirs
/// come to the same bits as one.
package enum ShardTree {
  /// Calls `body` for each pair to join, the second into the first; at the end shard 0 holds all.
  package static func join(_ shards: Int, _ body: (_ shard: Int, _ other: Int) -> Void) {
    var distance = 1
    while distance < shards {
      for shard in stride(from: 0, to: shards - distance, by: 2 * distance) {
        body(shard, shard + distance)
      }
      distance *= 2
    }
  }
}
