/// A rectangle of numbers, row by row from the top.
public struct FloatPlane: Hashable, Sendable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The numbers.
  public let values: [Float]

  /// A rectangle of numbers.
  ///
  /// - Precondition: there are `width * height` numbers.
  public init(width: Int, height: Int, values: [Float]) {
    precondition(
      values.count == width * height,
      "FloatPlane: \(values.count) values for \(width) x \(height)")
    self.width = width
    self.height = height
    self.values = values
  }
}
