/// Many small sums of 3 x 3 patches: for every list, tap (r, s) and channel c,
///
/// `target[r][s][c] += Σ_entry value * source[offset + r, s][c]`
///
/// A list is what stands against one target: for a weight gradient the live outputs of one filter, for an
/// input gradient the live filters at one output position.
public struct SparseTask {
  /// Number of lists.
  public var lists: Int
  /// Length of each list.
  public var counts: UnsafePointer<Int32>
  /// Room of each list.
  public var capacity: Int
  /// For each entry, where its source patch begins.
  public var offsets: UnsafePointer<Int32>
  /// For each entry, its factor.
  public var values: Reading

  /// First number of the sources.
  public var source: Reading
  /// Step from a row of a source patch to the next.
  public var sourceRow: Int
  /// Step from a column of a source patch to the next.
  public var sourceColumn: Int

  /// First number of the targets.
  public var target: Writing
  /// For each list, where its target patch begins.
  public var targets: UnsafePointer<Int32>
  /// Step from a row of a target patch to the next.
  public var targetRow: Int
  /// Step from a column of a target patch to the next.
  public var targetColumn: Int

  /// Channels: a multiple of 16.
  public var channels: Int

  /// All of it.
  public init(
    lists: Int, counts: UnsafePointer<Int32>, capacity: Int, offsets: UnsafePointer<Int32>,
    values: Reading, source: Reading, sourceRow: Int, sourceColumn: Int,
    target: Writing, targets: UnsafePointer<Int32>, targetRow: Int, targetColumn: Int,
    channels: Int
  ) {
    self.lists = lists
    self.counts = counts
    self.capacity = capacity
    self.offsets = offsets
    self.values = values
    self.source = source
    self.sourceRow = sourceRow
    self.sourceColumn = sourceColumn
    self.target = target
    self.targets = targets
    self.targetRow = targetRow
    self.targetColumn = targetColumn
    self.channels = channels
  }
}
