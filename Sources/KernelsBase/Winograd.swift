import KernelTable

// Winograd's minimal filtering F(2x2, 3x3) (Lavin & Gray 2016, arXiv:1509.09308): a tile of 2 x 2 outputs Y of a
// 3 x 3 convolution takes 16 products instead of 36,
//
//   Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A
//
// with g the filter and d the 4 x 4 inputs under the tile. The sums over input channels, one for each of the
// 16 places, are products of matrices, which `multiply` does between the two functions here.
// The filters' gradient turns the same sums around: with Y's gradient dY,
//
//   dg = Gᵀ (Σ (Bᵀ d B) ⊙ (A dY Aᵀ)) G
//
// Layouts: input [row][column][channel] with its margins; transformed input [16][tile][channel]; products
// [16][tile][filter]; channels and filters are multiples of 16. Tiles are those of a run: any of the output's.

/// Row and column of a tile of the run.
@inline(__always)
private func position(_ tile: Int, _ shape: WinogradShape) -> (row: Int, column: Int) {
  let (row, column) = Int(shape.list[tile]).quotientAndRemainder(dividingBy: shape.tileColumns)
  return (row, column)
}

// Bᵀ d B of every tile.
func winogradInput(_ input: Reading, _ transformed: Writing, _ shape: WinogradShape) {
  let channels = shape.inputChannels
  let row = shape.inputRow
  let place = shape.tiles * channels
  for tile in 0..<shape.tiles {
    let (y, x) = position(tile, shape)
    let corner = input + 2 * y * row + 2 * x * channels
    for c in stride(from: 0, to: channels, by: 16) {
      @inline(__always) func d(_ r: Int, _ s: Int) -> Vector {
        load(corner + r * row + s * channels + c)
      }
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
}

// Aᵀ M A + bias of every tile, then ReLU and the maximum of the tile, its place coded as in Pooled.swift:
// output [row of tiles][column][filter].
func winogradOutputPooled(
  _ products: Reading, _ bias: Reading, _ output: Writing, _ shape: WinogradShape
) {
  forEachOutput(products, bias, shape) { tile, k, a, b, c, d in
    store(codedMaximum(a, b, c, d), output + Int(shape.list[tile]) * shape.outputChannels + k)
  }
}

// Aᵀ M A + bias of every tile: output [row][column][filter]. Where the output's height or width is odd, the last
// tile's second row or column is left out.
func winogradOutput(
  _ products: Reading, _ bias: Reading, _ output: Writing, _ shape: WinogradShape, _ height: Int,
  _ width: Int
) {
  let filters = shape.outputChannels
  forEachOutput(products, bias, shape) { tile, k, a, b, c, d in
    let (y, x) = position(tile, shape)
    let target = output + (2 * y * width + 2 * x) * filters + k
    let hasRight = 2 * x + 1 < width
    store(a, target)
    if hasRight { store(b, target + filters) }
    guard 2 * y + 1 < height else { return }
    store(c, target + width * filters)
    if hasRight { store(d, target + (width + 1) * filters) }
  }
}

@inline(__always)
private func forEachOutput(
  _ products: Reading, _ bias: Reading, _ shape: WinogradShape,
  _ body: (_ tile: Int, _ k: Int, _ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> Void
) {
  let filters = shape.outputChannels
  let place = shape.tiles * filters
  for tile in 0..<shape.tiles {
    for k in stride(from: 0, to: filters, by: 16) {
      let first = products + tile * filters + k
      let start = load(bias + k)
      @inline(__always) func m(_ r: Int, _ s: Int) -> Vector { load(first + (4 * r + s) * place) }
      @inline(__always) func upper(_ s: Int) -> Vector { m(0, s) + m(1, s) + m(2, s) }
      @inline(__always) func lower(_ s: Int) -> Vector { m(1, s) - m(2, s) - m(3, s) }
      let (u0, u1, u2, u3) = (upper(0), upper(1), upper(2), upper(3))
      let (v0, v1, v2, v3) = (lower(0), lower(1), lower(2), lower(3))
      body(
        tile, k, u0 + u1 + u2 + start, u1 - u2 - u3 + start, v0 + v1 + v2 + start,
        v1 - v2 - v3 + start)
    }
  }
}

// G g Gᵀ of every filter and channel: weights [filter][tap][channel] to [16][channel][filter]. With `turned`
// the filter is turned by half a circle and the result is [16][filter][channel], as the input's gradient needs.
func winogradWeights(
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

// A dY Aᵀ of every tile: gradient [row][column][filter] to [16][tile][filter]; zero beyond the last row and column.
func winogradGradient(
  _ gradient: Reading, _ transformed: Writing, _ shape: WinogradShape, _ height: Int, _ width: Int
) {
  let filters = shape.outputChannels
  let place = shape.tiles * filters
  for tile in 0..<shape.tiles {
    let (y, x) = position(tile, shape)
    let corner = gradient + (2 * y * width + 2 * x) * filters
    let (hasRight, hasLower) = (2 * x + 1 < width, 2 * y + 1 < height)
    for k in stride(from: 0, to: filters, by: 16) {
      @inline(__always) func put(_ r: Int, _ p: Vector, _ q: Vector) {
        let target = transformed + 4 * r * place + tile * filters + k
        store(p, target)
        store(p + q, target + place)
        store(p - q, target + 2 * place)
        store(Vector.zero - q, target + 3 * place)
      }
      let a = load(corner + k)
      let b = hasRight ? load(corner + filters + k) : .zero
      let c = hasLower ? load(corner + width * filters + k) : .zero
      let d = hasRight && hasLower ? load(corner + (width + 1) * filters + k) : .zero
      put(0, a, b)
      put(1, a + c, b + d)
      put(2, a - c, b - d)
      put(3, Vector.zero - c, Vector.zero - d)
    }
  }
}

// weights [filter][tap][channel] += Gᵀ S G of the sums S, [16][filter][channel].
func winogradWeightGradient(_ sums: Reading, _ weights: Writing, _ filters: Int, _ channels: Int) {
  let place = filters * channels
  for k in 0..<filters {
    for c in stride(from: 0, to: channels, by: 16) {
      @inline(__always) func row(_ r: Int) -> (Vector, Vector, Vector) {
        let first = sums + 4 * r * place + k * channels + c
        return back(
          load(first), load(first + place), load(first + 2 * place), load(first + 3 * place))
      }
      @inline(__always)
      func back(_ a: Vector, _ b: Vector, _ c: Vector, _ d: Vector) -> (Vector, Vector, Vector) {
        let half = (b + c) * 0.5
        return (a + half, (b - c) * 0.5, half + d)
      }
      @inline(__always) func add(_ s: Int, _ column: (Vector, Vector, Vector)) {
        let target = weights + (9 * k + s) * channels + c
        store(load(target) + column.0, target)
        store(load(target + 3 * channels) + column.1, target + 3 * channels)
        store(load(target + 6 * channels) + column.2, target + 6 * channels)
      }
      let (r0, r1, r2, r3) = (row(0), row(1), row(2), row(3))
      add(0, back(r0.0, r1.0, r2.0, r3.0))
      add(1, back(r0.1, r1.1, r2.1, r3.1))
      add(2, back(r0.2, r1.2, r2.2, r3.2))
    }
  }
}
