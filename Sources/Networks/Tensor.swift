/// Numbers with a name and a shape, as a checkpoint stores them.
public struct Tensor: Hashable, Sendable {
  /// The full name, such as `conv1.weight`.
  public var name: String
  /// Dimensions, slowest first.
  public var shape: [Int]
  /// The numbers in row-major order.
  public var values: [Float]

  /// A tensor; the number of values must be the product of the dimensions.
  public init(name: String, shape: [Int], values: [Float]) {
    precondition(
      shape.reduce(1, *) == values.count,
      "tensor \(name): shape \(shape) does not hold \(values.count) values")
    self.name = name
    self.shape = shape
    self.values = values
  }
}
