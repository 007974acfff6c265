import KernelTable

// What both sizes of Winograd's tiles do: find a tile's place, and the inputs under it.

/// Which image a tile of the run belongs to, and the row and column of tiles where it stands there.
@inline(__always)
func position(_ tile: Int, _ run: WinogradRun) -> (image: Int, row: Int, column: Int) {
  let number = if let list = run.list { Int(list[tile]) } else { run.first + tile }
  let (rows, column) = number.quotientAndRemainder(dividingBy: run.shape.tileColumns)
  let (image, row) = rows.quotientAndRemainder(dividingBy: run.shape.tileRows)
  return (image, row, column)
}

/// Calls `body` for every tile and sixteen of its channels, with what reads the number at a row and column under the
/// tile: zero beyond the input.
@inline(__always)
func forEachPatch(
  _ input: Reading, _ run: WinogradRun,
  _ body: (_ tile: Int, _ c: Int, _ d: (_ r: Int, _ s: Int) -> Vector) -> Void
) {
  let shape = run.shape
  let channels = shape.inputChannels
  let line = shape.inputWidth * channels
  let size = shape.side + 2
  for tile in 0..<run.count {
    let (image, row, column) = position(tile, run)
    let (top, left) = (shape.side * row - shape.margin, shape.side * column - shape.margin)
    let corner = input + image * run.inputStep + top * line + left * channels
    let isInside =
      top >= 0 && left >= 0 && top + size <= shape.inputHeight && left + size <= shape.inputWidth
    for c in stride(from: 0, to: channels, by: 16) {
      if isInside {
        body(tile, c) { r, s in load(corner + r * line + s * channels + c) }
      } else {
        body(tile, c) { r, s in
          UInt(bitPattern: top + r) < UInt(bitPattern: shape.inputHeight)
            && UInt(bitPattern: left + s) < UInt(bitPattern: shape.inputWidth)
            ? load(corner + r * line + s * channels + c) : .zero
        }
      }
    }
  }
}
