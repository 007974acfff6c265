/// Rows whose numbers are brought to mean 0 and variance 1 each, then scaled and shifted:
/// `output[c] = scale[c] (input[c] - mean) / √(variance + epsilon) + shift[c]`.
package struct RowNormTask {
  /// First number of the rows.
  package let input: Reading
  /// A factor for each number of a row; zero for padding.
  package let scale: Reading
  /// What is added to each; zero for padding.
  package let shift: Reading
  /// Number of rows.
  package let rows: Int
  /// Numbers of a row.
  package let count: Int
  /// From one row to the next: a multiple of 16.
  package let step: Int
  /// Added to the variance.
  package let epsilon: Float

  /// A task.
  package init(
    input: Reading, scale: Reading, shift: Reading, rows: Int, count: Int, step: Int, epsilon: Float
  ) {
    self.input = input
    self.scale = scale
    self.shift = shift
    self.rows = rows
    self.count = count
    self.step = step
    self.epsilon = epsilon
  }
}
