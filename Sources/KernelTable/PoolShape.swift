/// The sizes of one pooling: square windows over one image.
package struct PoolShape: Sendable {
  /// Rows of the input.
  package let height: Int
  /// Columns of the input.
  package let width: Int
  /// Rows of the output.
  package let outputHeight: Int
  /// Columns of the output.
  package let outputWidth: Int
  /// Channels, as they stand in memory.
  package let channels: Int
  /// Side of a window.
  package let kernel: Int
  /// Step from one window to the next.
  package let stride: Int
  /// Rows and columns around the input that windows reach into, and in which nothing stands.
  package let padding: Int
  /// True if a mean counts them as zeros.
  package let countsPadding: Bool

  /// Sizes of one pooling.
  package init(
    height: Int, width: Int, outputHeight: Int, outputWidth: Int, channels: Int, kernel: Int,
    stride: Int, padding: Int = 0, countsPadding: Bool = true
  ) {
    self.height = height
    self.width = width
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.countsPadding = countsPadding
  }
}
