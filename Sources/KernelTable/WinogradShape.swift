/// The sizes of a run of Winograd tiles: 2 x 2 outputs of a 3 x 3 convolution each.
public struct WinogradShape {
  /// The tiles of the run, counted row by row over the whole output.
  public var list: UnsafePointer<Int32>
  /// Tiles of the run.
  public var tiles: Int
  /// Tiles in a row.
  public let tileColumns: Int
  /// Input channels, a multiple of 16.
  public let inputChannels: Int
  /// Output channels, a multiple of 16.
  public let outputChannels: Int
  /// Step from one row of the input, margins included, to the next.
  public let inputRow: Int

  /// Sizes of one run of tiles.
  public init(
    list: UnsafePointer<Int32>, tiles: Int, tileColumns: Int, inputChannels: Int,
    outputChannels: Int, inputRow: Int
  ) {
    self.list = list
    self.tiles = tiles
    self.tileColumns = tileColumns
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.inputRow = inputRow
  }
}
