/// The sizes of a 3 x 3 convolution of stride 1 that is done by Winograd's tiles of `side` x `side` outputs.
package struct WinogradShape: Sendable {
  /// Rows of the input.
  package let inputHeight: Int
  /// Columns of the input.
  package let inputWidth: Int
  /// Input channels, a multiple of 16.
  package let inputChannels: Int
  /// Rows of the output.
  package let height: Int
  /// Columns of the output.
  package let width: Int
  /// Output channels, a multiple of 16.
  package let outputChannels: Int
  /// Zeros before the first row and column of the input.
  package let margin: Int
  /// Rows and columns of a tile.
  package let side: Int
  /// Rows of tiles, of which the last may hang over.
  package let tileRows: Int
  /// Tiles in a row.
  package let tileColumns: Int

  /// Sizes of one convolution.
  package init(
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
package struct WinogradRun {
  /// The sizes of the convolution.
  package let shape: WinogradShape
  /// The run's tiles; `nil` for those from `first` on.
  package let list: UnsafePointer<Int32>?
  /// The run's first tile, if there is no list.
  package let first: Int
  /// How many tiles there are.
  package let count: Int
  /// Step from one image of the input to the next.
  package let inputStep: Int
  /// Step from one image of the output to the next.
  package let outputStep: Int

  /// A run of tiles.
  package init(
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
  package func placeStep(_ channels: Int) -> Int { count * channels + 16 }
}
