/// The sizes of one pooling: square windows over one image.
public struct PoolShape: Sendable {
  /// Columns of the input.
  public let width: Int
  /// Rows of the output.
  public let outputHeight: Int
  /// Columns of the output.
  public let outputWidth: Int
  /// Channels, as they stand in memory.
  public let channels: Int
  /// Side of a window.
  public let kernel: Int
  /// Step from one window to the next.
  public let stride: Int

  /// Sizes of one pooling.
  public init(
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
