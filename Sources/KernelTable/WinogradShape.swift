/// The sizes of a 3 x 3 convolution of stride 1 that is done by Winograd's tiles of `side` x `side` outputs.
public struct WinogradShape: Sendable {
  /// Rows of the input.
  public let inputHeight: Int
  /// Columns of the input.
  public let inputWidth: Int
  /// Input channels, a multiple of 16.
  public let inputChannels: Int
  /// Rows of the output.
  public let height: Int
  /// Columns of the output.
  public let width: Int
  /// Output channels, a multiple of 16.
  public let outputChannels: Int
  /// Zeros before the first row and column of the input.
  public let margin: Int
  /// Rows and columns of a tile.
  public let side: Int
  /// Rows of tiles, of which the last may hang over.
  public let tileRows: Int
  /// Tiles in a row.
  public let tileColumns: Int

  /// Sizes of one convolution.
  public init(
    inputHeight: Int, inputWidth: Int, inputChannels: Int, height: Int, width: Int,
    outputChannels: Int, margin: Int, side: Int
  ) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    self.inputChannels = inputChannels
    self.height = height
    self.width = width
    self.outputChannels = outputChannels
    self.margin = margin
    self.side = side
    tileRows = (height + side - 1) / side
    tileColumns = (width + side - 1) / side
  }
}

/// A run of Winograd's tiles that are transformed together. Tiles are numbered image by image, row by row.
public struct WinogradRun {
  /// The sizes of the convolution.
  public let shape: WinogradShape
  /// The run's tiles; `nil` for those from `first` on.
  public let list: UnsafePointer<Int32>?
  /// The run's first tile, if there is no list.
  public let first: Int
  /// How many tiles there are.
  public let count: Int
  /// Step from one image of the input to the next.
  public let inputStep: Int
  /// Step from one image of the output to the next.
  public let outputStep: Int

  /// A run of tiles.
  public init(
    shape: WinogradShape, list: UnsafePointer<Int32>?, first: Int, count: Int, inputStep: Int,
    outputStep: Int
  ) {
    self.shape = shape
    self.list = list
    self.first = first
    self.count = count
    self.inputStep = inputStep
    self.outputStep = outputStep
  }

  /// Step from one place's numbers to the next place's: a line more than they take, for at a power of two all places of
  /// a tile would share a few lines of the cache.
  public func placeStep(_ channels: Int) -> Int { count * channels + 16 }
}
