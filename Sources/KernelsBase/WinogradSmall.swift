import KernelTable

// Winograd's minimal filtering F(2x2, 3x3) (Lavin & Gray 2015, arXiv:1509.09308), for a convolution with ReLU and 2 x 2
// max-pooling, whose windows are the tiles, and for one that is looked at: where the input is constant the output is as
// well, to the last bit, so that of equal numbers the first is the largest. 2 x 2 outputs Y take 16 products instead of 36,
//
//   Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A
//
// with g the filter and d the 4 x 4 inputs under the tile. The sums over input channels, one for each of the
// 16 places, are products of matrices, which `multiply` does between the two functions here.
//
// Layouts: input [row][column][channel]; transformed input [16][tile][channel]; products [16][tile][filter]; channels
// and filters are multiples of 16.

// Bᵀ d B of every tile.
func winogradInputSmall(_ input: Reading, _ transformed: Writing, _ run: WinogradRun) {
  let channels = run.shape.inputChannels
  let place = run.placeStep(channels)
  forEachPatch(input, run) { tile, c, d in
    @inline(__always) func put(_ r: Int, _ v: Vector, _ w: Vector, _ x: Vector, _ y: Vector) {
      let target = transformed + 4 * r * place + tile * channels + c
      store(v - x, target)
      store(w + x, target + place)
      store(x - w, target + 2 * place)
      store(w - y, target + 3 * place)
    }
    put(0, d(0, 0) - d(2, 0), d(0, 1) - d(2, 1), d(0, 2) - d(2, 2), d(0, 3) - d(2, 3))
    put(1, d(1, 0) + d(2, 0), d(1, 1) + d(2, 1), d(1, 2) + d(2, 2), d(1, 3) + d(2, 3))
    put(2, d(2, 0) - d(1, 0), d(2, 1) - d(1, 1), d(2, 2) - d(1, 2), d(2, 3) - d(1, 3))
    put(3, d(1, 0) - d(3, 0), d(1, 1) - d(3, 1), d(1, 2) - d(3, 2), d(1, 3) - d(3, 3))
  }
}

// Aᵀ M A + bias of every tile, then ReLU and the maximum of the tile, its place coded as in Pooled.swift:
// output [row of tiles][column][filter].
func winogradOutputPooled(
  _ products: Reading, _ bias: Reading, _ output: Writing, _ run: WinogradRun
) {
  let filters = run.shape.outputChannels
  forEachOutput(products, bias, run) { image, row, column, k, a, b, c, d in
    let place = row * run.shape.tileColumns + column
    store(codedMaximum(a, b, c, d), output + image * run.outputStep + place * filters + k)
  }
}

// Aᵀ M A + bias of every tile: output [row][column][filter]. Where the output's height or width is odd, the last
// tile's second row or column is left out.
func winogradOutputSmall(
  _ products: Reading, _ bias: Reading, _ output: Writing, _ run: WinogradRun
) {
  let shape = run.shape
  let (filters, line) = (shape.outputChannels, shape.width * shape.outputChannels)
  forEachOutput(products, bias, run) { image, row, column, k, a, b, c, d in
    let target = output + image * run.outputStep + 2 * row * line + 2 * column * filters + k
    let hasRight = 2 * column + 1 < shape.width
    store(a, target)
    if hasRight { store(b, target + filters) }
    guard 2 * row + 1 < shape.height else { return }
    store(c, target + line)
    if hasRight { store(d, target + line + filters) }
  }
}

@inline(__always)
private func forEachOutput(
  _ products: Reading, _ bias: Reading, _ run: WinogradRun,
  _ body: (
    _ image: Int, _ row: Int, _ column: Int, _ k: Int, _ a: Vector, _ b: Vector, _ c: Vector,
    _ d: Vector
  ) -> Void
) {
  let filters = run.shape.outputChannels
  let place = run.placeStep(filters)
  for tile in 0..<run.count {
    let (image, row, column) = position(tile, run)
    for k in stride(from: 0, to: filters, by: 16) {
      let first = products + tile * filters + k
      let start = load(bias + k)
      @inline(__always) func m(_ r: Int, _ s: Int) -> Vector { load(first + (4 * r + s) * place) }
      @inline(__always) func upper(_ s: Int) -> Vector { m(0, s) + m(1, s) + m(2, s) }
      @inline(__always) func lower(_ s: Int) -> Vector { m(1, s) - m(2, s) - m(3, s) }
      let (u0, u1, u2, u3) = (upper(0), upper(1), upper(2), upper(3))
      let (v0, v1, v2, v3) = (lower(0), lower(1), lower(2), lower(3))
      body(
        image, row, column, k, u0 + u1 + u2 + start, u1 - u2 - u3 + start, v0 + v1 + v2 + start,
        v1 - v2 - v3 + start)
    }
  }
}

// G g Gᵀ of every filter and channel: weights [filter][tap][channel] to [16][channel][filter]. With `turned`
// the filter is turned by half a circle and the result is [16][filter][channel], as the input's gradient needs.
func winogradWeightsSmall(
  _ weights: Reading, _ transformed: Writing, _ filters: Int, _ channels: Int, _ turned: Bool
) {
  let place = filters * channels
  for k in 0..<filters {
    for c in stride(from: 0, to: channels, by: 16) {
      @inline(__always) func g(_ r: Int, _ s: Int) -> Vector {
        let tap = turned ? 8 - (3 * r + s) : 3 * r + s
        return load(weights + (9 * k + tap) * channels + c)
      }
      @inline(__always) func put(_ r: Int, _ a: Vector, _ b: Vector, _ d: Vector) {
        write(4 * r, a)
        write(4 * r + 1, (a + b + d) * 0.5)
        write(4 * r + 2, (a - b + d) * 0.5)
        write(4 * r + 3, d)
      }
      @inline(__always) func write(_ e: Int, _ v: Vector) {
        if turned {
          store(v, transformed + e * place + k * channels + c)
        } else {
          let target = transformed + e * place + c * filters + k
          for lane in 0..<16 { target[lane * filters] = v[lane] }
        }
      }
      @inline(__always) func sum(_ s: Int) -> Vector { (g(0, s) + g(1, s) + g(2, s)) * 0.5 }
      @inline(__always) func difference(_ s: Int) -> Vector {
        (g(0, s) - g(1, s) + g(2, s)) * 0.5
      }
      put(0, g(0, 0), g(0, 1), g(0, 2))
      put(1, sum(0), sum(1), sum(2))
      put(2, difference(0), difference(1), difference(2))
      put(3, g(2, 0), g(2, 1), g(2, 2))
    }
  }
}
