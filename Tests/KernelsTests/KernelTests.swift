import Engine
import KernelTable
import TestSupport
import Testing

/// The kernels of every level that this machine has, against the formula written out.
@Suite struct KernelTests {
  static let levels = InstructionSet.available.map(\.name)

  private func table(_ name: String) throws -> KernelTable {
    try #require(InstructionSet.available.first { $0.name == name })
  }

  private struct Case {
    var rows, columns, inner, outer, repeats: Int
  }

  @Test(arguments: levels)
  func `the product equals its sum, whatever the strides`(level: String) throws {
    let kernels = try table(level)
    let cases = [1, 2, 3, 5, 6, 7, 8, 9, 11, 13, 14, 15, 16, 20, 25, 28, 31, 40].map {
      Case(
        rows: $0, columns: 16 * (1 + $0 % 7), inner: 1 + $0 % 5, outer: 1 + $0 % 3,
        repeats: 1 + $0 % 3)
    }
    for (index, item) in cases.enumerated() {
      let a = hashed(20_000, UInt64(index)).map { $0 - 0.5 }
      let b = hashed(20_000, UInt64(100 + index)).map { $0 - 0.5 }
      let start = hashed(item.columns, 300)
      let bRepeat = index % 2 == 0 ? 0 : 1500
      let cCount = item.repeats * (item.rows + 1) * item.columns
      for mode in 0..<3 {
        var c = hashed(cCount, 400)
        let before = c
        a.withUnsafeBufferPointer { a in
          b.withUnsafeBufferPointer { b in
            start.withUnsafeBufferPointer { start in
              c.withUnsafeMutableBufferPointer { c in
                guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else {
                  return
                }
                var task = MatrixTask(
                  a: a, aRow: 7, aInner: 3, b: b, bInner: item.columns + 16, c: c,
                  cRow: item.columns, start: mode == 1 ? start.baseAddress : nil,
                  rows: item.rows, columns: item.columns, inner: item.inner)
                task.accumulates = mode == 2
                (task.outer, task.aOuter, task.bOuter) = (item.outer, 101, 640)
                (task.repeats, task.aRepeat) = (item.repeats, 1009)
                task.bRepeat = bRepeat
                task.cRepeat = (item.rows + 1) * item.columns
                kernels.multiply(task)
              }
            }
          }
        }
        for q in 0..<item.repeats {
          for m in 0...item.rows {
            for n in 0..<item.columns {
              let place = (q * (item.rows + 1) + m) * item.columns + n
              guard m < item.rows else {
                #expect(c[place] == before[place], "a row behind the last was touched")
                continue
              }
              var sum = mode == 0 ? 0 : Double(mode == 1 ? start[n] : before[place])
              for o in 0..<item.outer {
                for k in 0..<item.inner {
                  sum +=
                    Double(a[q * 1009 + o * 101 + m * 7 + k * 3])
                    * Double(b[q * bRepeat + o * 640 + k * (item.columns + 16) + n])
                }
              }
              #expect(abs(Double(c[place]) - sum) < 1e-5)
            }
          }
        }
      }
    }
  }

  @Test(arguments: levels, [1, 15, 16, 33])
  func `rectifier and dropout, with tails`(level: String, count: Int) throws {
    let kernels = try table(level)
    let x = hashed(count, 1).map { $0 - 0.5 }
    let g = hashed(count, 2)
    var y = x
    var d = [Float](repeating: 9, count: count)
    kernels.relu(x, &y, count)
    #expect(y == x.map { max($0, 0) })
    kernels.reluBackward(y, g, &d, count)
    #expect(d == zip(y, g).map { $0 > 0 ? $1 : 0 })
    var (first, second) = (d, d)
    kernels.dropout(g, &first, count, 0.5, 77)
    kernels.dropout(g, &second, count, 0.5, 77)
    #expect(first == second)
    #expect(zip(first, g).allSatisfy { $0 == 0 || $0 == $1 * 2 })
  }

  @Test(arguments: levels, [5, 16, 37])
  func `sums down the channels are added to what is there`(level: String, channels: Int) throws {
    let kernels = try table(level)
    let rows = 7
    let input = signed(rows * channels, 20)
    let gradient = signed(rows * channels, 21)
    let center = signed(channels, 22)
    var (deviations, squares, products, sums) = (center, center, center, center)
    kernels.addDeviations(input, center, rows, channels, &deviations, &squares)
    kernels.addProducts(gradient, input, center, rows, channels, &products, &sums)
    for c in 0..<channels {
      func sum(_ term: (_ place: Int, _ deviation: Float) -> Float) -> Float {
        (0..<rows).reduce(center[c]) {
          let place = $1 * channels + c
          return $0 + term(place, input[place] - center[c])
        }
      }
      #expect(abs(deviations[c] - sum { $1 }) < 1e-5)
      #expect(abs(squares[c] - sum { $1 * $1 }) < 1e-5)
      #expect(abs(products[c] - sum { gradient[$0] * $1 }) < 1e-5)
      #expect(abs(sums[c] - sum { place, _ in gradient[place] }) < 1e-5)
    }
  }

  @Test(arguments: levels)
  func `levels with fused multiply-add give the same bits`(level: String) throws {
    guard level != "baseline", level != "avx2" else { return }
    let (one, two) = (try table("avx2"), try table(level))
    let a = hashed(4096, 1), b = hashed(4096, 2)
    var results: [[Float]] = []
    for kernels in [one, two] {
      var c = [Float](repeating: 0, count: 33 * 48)
      a.withUnsafeBufferPointer { a in
        b.withUnsafeBufferPointer { b in
          c.withUnsafeMutableBufferPointer { c in
            guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress else {
              return
            }
            kernels.multiply(
              MatrixTask(
                a: a, aRow: 80, aInner: 1, b: b, bInner: 48, c: c, cRow: 48, rows: 33,
                columns: 48, inner: 80))
          }
        }
      }
      results.append(c)
    }
    #expect(results[0] == results[1])
  }

  @Test(arguments: levels, [3, 16, 21])
  func `pooling sends the gradient to the first largest`(level: String, channels: Int) throws {
    let kernels = try table(level)
    let shape = PoolShape(
      height: 5, width: 5, outputHeight: 2, outputWidth: 2, channels: channels, kernel: 3,
      stride: 2)
    // Few different values, so that windows have ties.
    let x = hashed(25 * channels, 5).map { ($0 * 4).rounded(.down) }
    let g = hashed(4 * channels, 6)
    var y = [Float](repeating: 0, count: 4 * channels)
    var d = [Float](repeating: 0, count: 25 * channels)
    kernels.maxPool(x, &y, shape)
    kernels.maxPoolBackward(x, y, g, &d, shape)
    var expected = [Float](repeating: 0, count: 25 * channels)
    for c in 0..<channels {
      for (place, corner) in [0, 2, 10, 12].enumerated() {
        var best = corner
        for r in 0..<3 {
          for s in 0..<3 where x[(corner + r * 5 + s) * channels + c] > x[best * channels + c] {
            best = corner + r * 5 + s
          }
        }
        #expect(y[place * channels + c] == x[best * channels + c])
        expected[best * channels + c] += g[place * channels + c]
      }
    }
    for (value, right) in try paired(d, expected) { #expect(abs(value - right) < 1e-6) }
  }

  @Test(arguments: levels)
  func `the optimizers' formulas, and the sum of squares`(level: String) throws {
    let kernels = try table(level)
    let count = 32
    let g = hashed(count, 3).map { $0 - 0.5 }
    let formulas: [UpdateTask.Formula] = [
      .momentum(rate: 0.1, momentum: 0.9), .nesterov(rate: 0.1, momentum: 0.9),
      .adam(rate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, rootScale: 1.5),
    ]
    for formula in formulas {
      var p = hashed(count, 4), m = hashed(count, 5), v = hashed(count, 6)
      let (p0, m0, v0) = (p, m, v)
      var squares = 0.0
      p.withUnsafeMutableBufferPointer { p in
        m.withUnsafeMutableBufferPointer { m in
          v.withUnsafeMutableBufferPointer { v in
            g.withUnsafeBufferPointer { g in
              guard let p = p.baseAddress, let m = m.baseAddress, let v = v.baseAddress,
                let g = g.baseAddress
              else { return }
              squares = kernels.update(
                UpdateTask(
                  parameters: p, gradient: g, first: m, second: v, count: count,
                  coupledDecay: 0.01, shrink: 0.99, formula: formula))
            }
          }
        }
      }
      #expect(abs(squares - g.reduce(0.0) { $0 + Double($1 * $1) }) < 1e-5)
      for i in 0..<count {
        let gradient = g[i] + 0.01 * p0[i]
        switch formula {
        case .momentum(let rate, let momentum):
          let moment = momentum * m0[i] + gradient
          #expect(abs(p[i] - (p0[i] * 0.99 - rate * moment)) < 1e-6)
        case .nesterov(let rate, let momentum):
          let moment = momentum * m0[i] + gradient
          let ahead = gradient + momentum * moment
          #expect(abs(p[i] - (p0[i] * 0.99 - rate * ahead)) < 1e-6)
          #expect(abs(m[i] - moment) < 1e-6)
        case .adam(let rate, let beta1, let beta2, let epsilon, let rootScale):
          let moment = beta1 * m0[i] + (1 - beta1) * gradient
          let square = beta2 * v0[i] + (1 - beta2) * gradient * gradient
          let expected = p0[i] * 0.99 - rate * moment / (square.squareRoot() * rootScale + epsilon)
          #expect(abs(p[i] - expected) < 1e-6)
          #expect(abs(m[i] - moment) < 1e-6 && abs(v[i] - square) < 1e-6)
        }
      }
    }
  }
}
