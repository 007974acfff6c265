import KernelTable

/// The sum of rows of numbers over all shards of a mini-batch that several ranks hold, in the order of `ShardTree`: to the
/// bit what one process would get.
struct RankSum {
  let ranks: any Ranks
  let blocks: ShardBlocks
  let kernels: KernelTable
  let pool: WorkerPool
  /// The shards' rows.
  let base: UnsafeMutablePointer<Float>
  /// Numbers in a row, a multiple of 16.
  let count: Int

  /// Numbers that a thread adds up at once.
  private static let pieceSize = 8192

  /// Adds up; the sum is in the first row then, at every rank.
  ///
  /// Each rank joins its own shards, then the blocks of all for its part of the numbers, so that nothing is sent that is
  /// not needed: two rows for each rank, however many there are.
  func compute() {
    let (own, holders) = (blocks[ranks.rank], blocks.holders)
    join(0..<count, rows: own.count) { row(own.lowerBound + $0) }
    let parts = ranks.parts(of: count / 16).map { 16 * $0.lowerBound..<16 * $0.upperBound }
    let part = parts[ranks.rank]
    ranks.exchange(
      sending: own.isEmpty
        ? [] : ranks.others.map { parcel($0, own.lowerBound, parts[$0]) },
      receiving: ranks.others.filter { $0 < holders }.map {
        parcel($0, blocks[$0].lowerBound, part)
      })
    join(part, rows: holders) { row(blocks[$0].lowerBound) }
    ranks.exchange(
      sending: ranks.others.map { parcel($0, 0, part) },
      receiving: ranks.others.map { parcel($0, 0, parts[$0]) })
  }

  private func row(_ shard: Int) -> UnsafeMutablePointer<Float> { base + shard * count }

  private func parcel(_ rank: Int, _ shard: Int, _ numbers: Range<Int>) -> Parcel {
    Parcel(
      rank: rank, bytes: Rows(row(shard) + numbers.lowerBound).bytes(0..<numbers.count))
  }

  /// Adds up some numbers of some rows, into the first.
  private func join(
    _ numbers: Range<Int>, rows: Int, _ row: (Int) -> UnsafeMutablePointer<Float>
  ) {
    guard rows > 1 else { return }
    pool.run((numbers.count + Self.pieceSize - 1) / Self.pieceSize) { piece, _ in
      let first = numbers.lowerBound + piece * Self.pieceSize
      let length = min(Self.pieceSize, numbers.upperBound - first)
      ShardTree.join(rows) { kernels.addRows(row($1) + first, 1, length, row($0) + first) }
    }
  }
}
