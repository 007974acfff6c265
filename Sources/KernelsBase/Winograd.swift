import KernelTable

// Winograd's minimal filtering F(4x4, 3x3) (Lavin & Gray 2015, arXiv:1509.09308): a tile of 4 x 4 outputs Y of a
// 3 x 3 convolution takes 36 products instead of 144,
//
//   Y = Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A
//
// with g the filter and d the 6 x 6 inputs under the tile. The sums over input channels, one for each of the
// 36 places, are products of matrices, which `multiply` does between the two functions here.
// The filters' gradient turns the same sums around: with Y's gradient dY,
//
//   dg = Gᵀ (Σ (Bᵀ d B) ⊙ (A dY Aᵀ)) G
//
// The polynomials are interpolated at 0, ±√½, ±√2 and infinity. Pairs of reciprocals keep the powers small (Alam,
// Anderson, Barabasz & Gregg 2022, arXiv:2201.10369). For 16 channels of normal numbers the outputs' relative error is
// 5.3e-7, and that of 200 tiles' filter gradients 1.3e-6: half of what 0, ±1, ±2 and infinity give, and three times that of
// F(2x2, 3x3).
//
// Layouts: input [row][column][channel]; transformed input [36][tile][channel]; products [36][tile][filter]; channels
// and filters are multiples of 16. A matrix is applied to the columns of a tile, then to its rows.

private let near: Float = 0.707_106_78
private let far: Float = 1.414_213_56

@inline(__always)
private func scaled(_ a: Vector, _ factor: Float, plus b: Vector) -> Vector {
  multiplyAdd(b, a, Vector(repeating: factor))
}

private typealias Three = (Vector, Vector, Vector)
private typealias Four = (Vector, Vector, Vector, Vector)
private typealias Six = (Vector, Vector, Vector, Vector, Vector, Vector)

// MARK: The matrices

// Bᵀ d
@inline(__always)
private func fromInput(_ d: (Int) -> Vector) -> Six {
  let (d1, d2, d3, d4) = (d(1), d(2), d(3), d(4))
  let (even, odd) = (scaled(d2, -2, plus: d4), scaled(d1, -2, plus: d3) * near)
  let (evenFar, oddFar) = (scaled(d2, -0.5, plus: d4), scaled(d1, -0.5, plus: d3) * far)
  return (
    scaled(d2, -2.5, plus: d(0) + d4), even + odd, even - odd, evenFar + oddFar,
    evenFar - oddFar, scaled(d3, -2.5, plus: d1 + d(5))
  )
}

// Aᵀ m
@inline(__always)
private func toOutput(_ m: (Int) -> Vector) -> Four {
  let (m1, m2, m3, m4) = (m(1), m(2), m(3), m(4))
  let (even, odd) = (m1 + m2, (m1 - m2) * near)
  let (evenFar, oddFar) = (m3 + m4, (m3 - m4) * far)
  return (
    m(0) + even + evenFar, odd + oddFar, scaled(even, 0.5, plus: evenFar + evenFar),
    scaled(odd, 0.5, plus: scaled(oddFar, 2, plus: m(5)))
  )
}

// A y
@inline(__always)
private func fromGradient(_ y0: Vector, _ y1: Vector, _ y2: Vector, _ y3: Vector) -> Six {
  let (even, odd) = (scaled(y2, 0.5, plus: y0), scaled(y3, 0.5, plus: y1) * near)
  let (evenFar, oddFar) = (scaled(y2, 2, plus: y0), scaled(y3, 2, plus: y1) * far)
  return (y0, even + odd, even - odd, evenFar + oddFar, evenFar - oddFar, y3)
}

// G g
@inline(__always)
private func fromWeights(_ g: (Int) -> Vector) -> Six {
  let (g0, g1, g2) = (g(0), g(1), g(2))
  let (even, odd) = (scaled(g2, 0.5, plus: g0) * (-2 / 3), g1 * (-2 / 3 * near))
  let (evenFar, oddFar) = (scaled(g2, 2, plus: g0) * (1 / 6), g1 * (far / 6))
  return (g0, even + odd, even - odd, evenFar + oddFar, evenFar - oddFar, g2)
}

// Gᵀ s
@inline(__always)
private func toWeights(_ s: (Int) -> Vector) -> Three {
  let (s1, s2, s3, s4) = (s(1), s(2), s(3), s(4))
  let (even, odd) = ((s1 + s2) * (-2 / 3), (s1 - s2) * (-2 / 3 * near))
  let (evenFar, oddFar) = ((s3 + s4) * (1 / 6), (s3 - s4) * (far / 6))
  return (
    s(0) + even + evenFar, odd + oddFar, scaled(even, 0.5, plus: scaled(evenFar, 2, plus: s(5)))
  )
}

// MARK: The kernels

// Bᵀ d B of every tile.
func winogradInput(_ input: Reading, _ result: Writing, _ run: WinogradRun) {
  let channels = run.shape.inputChannels
  let place = run.placeStep(channels)
  withTile { half in
    forEachPatch(input, run) { tile, c, d in
      for s in 0..<6 {
        let column = fromInput { d($0, s) }
        put(column, half + s, step: 6)
      }
      let target = result + tile * channels + c
      for r in 0..<6 {
        let row = fromInput { half[6 * r + $0] }
        put(row, target + 6 * r * place, step: place)
      }
    }
  }
}

@inline(__always)
private func put(_ v: Six, _ target: UnsafeMutablePointer<Vector>, step: Int) {
  target[0] = v.0
  target[step] = v.1
  target[2 * step] = v.2
  target[3 * step] = v.3
  target[4 * step] = v.4
  target[5 * step] = v.5
}

@inline(__always)
private func put(_ v: Six, _ target: Writing, step: Int) {
  store(v.0, target)
  store(v.1, target + step)
  store(v.2, target + 2 * step)
  store(v.3, target + 3 * step)
  store(v.4, target + 4 * step)
  store(v.5, target + 5 * step)
}

/// Calls `body` for every tile of a run and sixteen of its filters, with how far into the outputs its first number lies and how
/// many of its rows and columns do not hang over.
@inline(__always)
private func forEachTile(
  _ run: WinogradRun,
  _ body: (_ tile: Int, _ k: Int, _ corner: Int, _ rows: Int, _ columns: Int) -> Void
) {
  let shape = run.shape
  let filters = shape.outputChannels
  for tile in 0..<run.count {
    let (image, row, column) = position(tile, run)
    let corner = image * run.outputStep + (4 * row * shape.width + 4 * column) * filters
    let rows = min(4, shape.height - 4 * row)
    let columns = min(4, shape.width - 4 * column)
    for k in stride(from: 0, to: filters, by: 16) { body(tile, k, corner + k, rows, columns) }
  }
}

// Aᵀ M A + bias of every tile: output [row][column][filter]. What of the last tiles hangs over is left out.
func winogradOutput(_ products: Reading, _ bias: Reading, _ output: Writing, _ run: WinogradRun) {
  let filters = run.shape.outputChannels
  let (line, place) = (run.shape.width * filters, run.placeStep(filters))
  withTile { half in
    forEachTile(run) { tile, k, corner, rows, columns in
      let first = products + tile * filters + k
      let start = load(bias + k)
      for s in 0..<6 {
        let column = toOutput { load(first + (6 * $0 + s) * place) }
        half[s] = column.0
        half[6 + s] = column.1
        half[12 + s] = column.2
        half[18 + s] = column.3
      }
      for r in 0..<rows {
        let y = toOutput { half[6 * r + $0] }
        let target = output + corner + r * line
        store(y.0 + start, target)
        if columns > 1 { store(y.1 + start, target + filters) }
        if columns > 2 { store(y.2 + start, target + 2 * filters) }
        if columns > 3 { store(y.3 + start, target + 3 * filters) }
      }
    }
  }
}

// G g Gᵀ of every filter and channel: weights [filter][tap][channel] to [36][channel][filter]. With `turned`
// the filter is turned by half a circle and the result is [36][filter][channel], as the input's gradient needs.
func winogradWeights(
  _ weights: Reading, _ result: Writing, _ filters: Int, _ channels: Int, _ turned: Bool
) {
  let place = filters * channels
  withTile { half in
    for k in 0..<filters {
      for c in stride(from: 0, to: channels, by: 16) {
        for s in 0..<3 {
          let column = fromWeights({ r in
            let tap = turned ? 8 - (3 * r + s) : 3 * r + s
            return load(weights + (9 * k + tap) * channels + c)
          })
          put(column, half + s, step: 3)
        }
        for r in 0..<6 {
          let row = fromWeights { half[3 * r + $0] }
          if turned {
            put(row, result + 6 * r * place + k * channels + c, step: place)
          } else {
            put(row, half + 18, step: 1)
            let target = result + 6 * r * place + c * filters + k
            for s in 0..<6 {
              for lane in 0..<16 { target[s * place + lane * filters] = half[18 + s][lane] }
            }
          }
        }
      }
    }
  }
}

// A dY Aᵀ of every tile: gradient [row][column][filter] to [36][tile][filter]; zero beyond the last row and column.
// The gradient's sum is added to the bias's.
func winogradGradient(
  _ gradient: Reading, _ result: Writing, _ bias: Writing, _ run: WinogradRun
) {
  let filters = run.shape.outputChannels
  let (line, place) = (run.shape.width * filters, run.placeStep(filters))
  withTile { half in
    forEachTile(run) { tile, k, corner, rows, columns in
      var sum = load(bias + k)
      for s in 0..<4 {
        @inline(__always) func y(_ r: Int) -> Vector {
          r < rows && s < columns ? load(gradient + corner + r * line + s * filters) : .zero
        }
        let (y0, y1, y2, y3) = (y(0), y(1), y(2), y(3))
        sum += (y0 + y1) + (y2 + y3)
        put(fromGradient(y0, y1, y2, y3), half + s, step: 4)
      }
      store(sum, bias + k)
      for r in 0..<6 {
        let y = half + 4 * r
        let row = fromGradient(y[0], y[1], y[2], y[3])
        put(row, result + 6 * r * place + tile * filters + k, step: place)
      }
    }
  }
}

// weights [filter][tap][channel] += Gᵀ S G of the sums S, [36][filter][channel].
func winogradWeightGradient(_ sums: Reading, _ weights: Writing, _ filters: Int, _ channels: Int) {
  let place = filters * channels
  withTile { half in
    for k in 0..<filters {
      for c in stride(from: 0, to: channels, by: 16) {
        for s in 0..<6 {
          let column = toWeights { load(sums + (6 * $0 + s) * place + k * channels + c) }
          half[s] = column.0
          half[6 + s] = column.1
          half[12 + s] = column.2
        }
        for r in 0..<3 {
          let row = toWeights { half[6 * r + $0] }
          let target = weights + (9 * k + 3 * r) * channels + c
          store(load(target) + row.0, target)
          store(load(target + channels) + row.1, target + channels)
          store(load(target + 2 * channels) + row.2, target + 2 * channels)
        }
      }
    }
  }
}
