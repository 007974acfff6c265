/// A position on a canvas, in pixels from the top left corner.
public struct Point: Hashable, Sendable {
  /// The distance from the left edge.
  public var x: Double
  /// The distance from the top edge.
  public var y: Double

  /// A position from its distances to the left and top edges.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}
