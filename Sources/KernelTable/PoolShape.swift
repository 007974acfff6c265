/// The sizes of one pooling: square windows over one image.
package struct PoolShape: Sendable {
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

  /// Sizes of one pooling.
  package init(
    width: Int, outputHeight: Int, outputWidth: Int, channels: Int, kernel: Int, stride: Int
  ) {
    self.width = width
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
  }
}
