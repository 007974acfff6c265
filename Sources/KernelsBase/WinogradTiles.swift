import CProcessor
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
  withTile { framed in
    for tile in 0..<run.count {
      let (image, row, column) = position(tile, run)
      let (top, left) = (shape.side * row - shape.margin, shape.side * column - shape.margin)
      let corner = input + image * run.inputStep + top * line + left * channels
      let rows = max(0, -top)..<min(size, shape.inputHeight - top)
      let columns = max(0, -left)..<min(size, shape.inputWidth - left)
      // What the tile below adds comes from far when a whole batch is kept: it is asked for a row of tiles before it is read.
      let below = corner + size * line
      for r in 0..<shape.side {
        for n in stride(from: 0, to: shape.side * channels, by: 16) {
          processor_prefetch(below + r * line + n)
        }
      }
      if rows.count == size && columns.count == size {
        for c in stride(from: 0, to: channels, by: 16) {
          body(tile, c) { r, s in load(corner + r * line + s * channels + c) }
        }
      } else {
        // At the edge the numbers are copied into a frame of zeros: asking for each whether it is there, the processor
        // would often guess wrongly.
        for place in 0..<size * size { framed[place] = .zero }
        for c in stride(from: 0, to: channels, by: 16) {
          for r in rows {
            for s in columns { framed[size * r + s] = load(corner + r * line + s * channels + c) }
          }
          body(tile, c) { r, s in framed[size * r + s] }
        }
      }
    }
  }
}

/// Room for 6 x 6 vectors on the stack: a patch, or what lies between the two halves of a transform.
@inline(__always)
func withTile(_ body: (UnsafeMutablePointer<Vector>) -> Void) {
  let row = (Vector.zero, Vector.zero, Vector.zero, Vector.zero, Vector.zero, Vector.zero)
  var tile = (row, row, row, row, row, row)
  withUnsafeMutableBytes(of: &tile) { bytes in
    if let first = bytes.baseAddress { body(first.assumingMemoryBound(to: Vector.self)) }
  }
}
