/// Sums of a few rows: for every strip of 16 columns,
///
/// `target[strip][column] = start[strip][column] * startFactor + Σ_entry value * source[strip][offset][column]`
public struct GatherTask {
  /// Number of entries.
  public var count: Int
  /// Where each entry's row begins.
  public var offsets: UnsafePointer<Int32>
  /// Each entry's factor.
  public var values: Reading
  /// First number of the rows.
  public var source: Reading
  /// Step of the source from one strip to the next.
  public var sourceStrip: Int
  /// What the sum starts from, strip after strip.
  public var start: Reading
  /// The start's factor.
  public var startFactor: Float
  /// First number of the result.
  public var target: Writing
  /// Step of the result from one strip to the next.
  public var targetStrip: Int
  /// Strips of 16 columns.
  public var strips: Int

  /// All of it.
  public init(
    count: Int, offsets: UnsafePointer<Int32>, values: Reading, source: Reading, sourceStrip: Int,
    start: Reading, startFactor: Float, target: Writing, targetStrip: Int, strips: Int
  ) {
    self.count = count
    self.offsets = offsets
    self.values = values
    self.source = source
    self.sourceStrip = sourceStrip
    self.start = start
    self.startFactor = startFactor
    self.target = target
    self.targetStrip = targetStrip
    self.strips = strips
  }
}
