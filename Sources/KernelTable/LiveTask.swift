/// Sorts the live places of a 2 x 2 max-pooled convolution into lists, for `SparseTask`.
///
/// A gradient passes a pooled ReLU at one of four places, or nowhere: the convolution's weights and inputs get
/// theirs from those alone.
public struct LiveTask {
  /// The pooled output `[row][column][filter]`, its places coded as `reluPool` does.
  public var output: Reading
  /// Its gradient.
  public var gradient: Reading
  /// Pooled rows.
  public var rows: Int
  /// Pooled columns.
  public var columns: Int
  /// Filters, as they stand in memory.
  public var filters: Int
  /// Step of the convolution's input, margins included, from one row to the next.
  public var inputRow: Int
  /// Step of the convolution's input from one column to the next.
  public var inputColumn: Int
  /// Step from the weights of one filter to those of the next.
  public var filterStep: Int

  /// Lists of one kind: counts, and offsets and values with `capacity` entries a list.
  public struct Lists {
    /// Length of each list.
    public var counts: UnsafeMutablePointer<Int32>
    /// Where each entry's source begins.
    public var offsets: UnsafeMutablePointer<Int32>
    /// Each entry's gradient.
    public var values: Writing
    /// Room of a list.
    public var capacity: Int

    /// Lists in given memory.
    public init(
      counts: UnsafeMutablePointer<Int32>, offsets: UnsafeMutablePointer<Int32>, values: Writing,
      capacity: Int
    ) {
      self.counts = counts
      self.offsets = offsets
      self.values = values
      self.capacity = capacity
    }
  }

  /// Whether `byFilter` is wanted, which only the weights' gradient needs.
  public var wantsFilters: Bool
  /// For each filter, the input patches under its live outputs; room for all pooled places.
  public var byFilter: Lists
  /// For each pooled place and each of its four outputs, the live filters; room for all filters.
  public var byPlace: Lists

  /// All of it.
  public init(
    output: Reading, gradient: Reading, rows: Int, columns: Int, filters: Int, inputRow: Int,
    inputColumn: Int, filterStep: Int, wantsFilters: Bool, byFilter: Lists, byPlace: Lists
  ) {
    self.output = output
    self.gradient = gradient
    self.rows = rows
    self.columns = columns
    self.filters = filters
    self.inputRow = inputRow
    self.inputColumn = inputColumn
    self.filterStep = filterStep
    self.wantsFilters = wantsFilters
    self.byFilter = byFilter
    self.byPlace = byPlace
  }
}
