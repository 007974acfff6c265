/// Sorts the live places of a 2 x 2 max-pooled convolution into lists, for `SparseTask`.
///
/// A gradient passes a pooled ReLU at one of four places, or nowhere: the convolution's weights and inputs get
/// theirs from those alone.
package struct LiveTask {
  /// The pooled output `[row][column][filter]`, its places coded as `reluPool` does.
  package var output: Reading
  /// Its gradient.
  package var gradient: Reading
  /// Pooled rows.
  package var rows: Int
  /// Pooled columns.
  package var columns: Int
  /// Filters, as they stand in memory.
  package var filters: Int
  /// Step of the convolution's input, margins included, from one row to the next.
  package var inputRow: Int
  /// Step of the convolution's input from one column to the next.
  package var inputColumn: Int
  /// Step from the weights of one filter to those of the next.
  package var filterStep: Int

  /// Lists of one kind: counts, and offsets and values with `capacity` entries a list.
  package struct Lists {
    /// Length of each list.
    package var counts: UnsafeMutablePointer<Int32>
    /// Where each entry's source begins.
    package var offsets: UnsafeMutablePointer<Int32>
    /// Each entry's gradient.
    package var values: Writing
    /// Room of a list.
    package var capacity: Int

    /// Lists in given memory.
    package init(
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
  package var wantsFilters: Bool
  /// For each filter, the input patches under its live outputs; room for all pooled places.
  package var byFilter: Lists
  /// For each pooled place and each of its four outputs, the live filters; room for all filters.
  package var byPlace: Lists

  /// All of it.
  package init(
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
