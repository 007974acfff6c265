/// An upright rectangle on a canvas, in pixels.
package struct Rectangle: Hashable, Sendable {
  /// The left edge.
  package var x: Double
  /// The top edge.
  package var y: Double
  /// The extent to the right.
  package var width: Double
  /// The extent downwards.
  package var height: Double

  /// A rectangle from its top left corner and its size.
  package init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The right edge.
  package var maxX: Double { x + width }
  /// The bottom edge.
  package var maxY: Double { y + height }
  /// The horizontal middle.
  package var midX: Double { x + width / 2 }
  /// The vertical middle.
  package var midY: Double { y + height / 2 }

  /// True if both have a point inside in common.
  package func overlaps(_ other: Rectangle) -> Bool {
    x < other.maxX && other.x < maxX && y < other.maxY && other.y < maxY
  }
}
