/// A run of pixels that come from places of a picture in a straight line, each bilinear between the four around its place.
///
/// Places are counted from the picture's first pixel. Around the picture lies a frame that can be read: a row and a column
/// before it, and two behind it.
package struct ResampleTask {
  /// The picture's first pixel.
  package var picture: Reading
  /// Numbers from one row of the picture to the next.
  package var rowStep: Int
  /// The picture's columns and rows.
  package var width, height: Int
  /// Where the first pixel comes from, and how much further each next one does.
  package var x, y, xStep, yStep: Float
  /// What is added to each pixel's place, if anything.
  package var xField, yField: Reading?
  /// True if the picture goes on mirrored at its edges, which are not repeated; false if its frame does.
  package var isReflected: Bool
  /// The first pixel written.
  package var target: Writing
  /// How many pixels are written.
  package var count: Int

  /// A run; the fields, if there are any, have a number for each of its pixels.
  package init(
    picture: Reading, rowStep: Int, width: Int, height: Int, x: Float, y: Float, xStep: Float,
    yStep: Float, xField: Reading? = nil, yField: Reading? = nil, isReflected: Bool = false,
    target: Writing, count: Int
  ) {
    self.picture = picture
    self.rowStep = rowStep
    self.width = width
    self.height = height
    (self.x, self.y, self.xStep, self.yStep) = (x, y, xStep, yStep)
    (self.xField, self.yField) = (xField, yField)
    self.isReflected = isReflected
    self.target = target
    self.count = count
  }
}
