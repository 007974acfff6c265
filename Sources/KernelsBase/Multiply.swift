import KernelTable

// C[q][m][n] = start + Σ_o Σ_k A[q][o][m][k] B[q][o][k][n], strides as MatrixTask has them.
// A tile of C stays in registers through both sums; each step loads one row of B (one to three
// vectors) and multiplies it by one number of A per row of the tile.

func multiply(_ task: MatrixTask) {
  // What is read again soonest stays in the first cache: a strip of B, or A if each repeat has a B of its own.
  if task.bRepeat == 0 {
    fillRepeats(task, 0..<task.repeats)
  } else {
    for q in 0..<task.repeats { fillRepeats(task, q..<q + 1) }
  }
}

/// All columns of some repeats, strip by strip.
private func fillRepeats(_ task: MatrixTask, _ repeats: Range<Int>) {
  var n = 0
  #if KERNELS_V4
    // One vector alone uses the registers poorly.
    if task.columns % TwoVectors.width == OneVector.width, task.columns >= ThreeVectors.width {
      fillColumns(task, repeats, n, ThreeVectors.self)
      n += ThreeVectors.width
    }
    while task.columns - n >= TwoVectors.width {
      fillColumns(task, repeats, n, TwoVectors.self)
      n += TwoVectors.width
    }
  #endif
  while n < task.columns {
    fillColumns(task, repeats, n, OneVector.self)
    n += OneVector.width
  }
}

/// One strip of columns, some repeats and all rows, in the tallest tiles that the registers hold:
/// 16 x 16, 14 x 32 or 8 x 48 with AVX-512's 32 registers, 6 x 16 with AVX2's 16, 2 x 16 with SSE2's, 6 x 16 with NEON's.
@inline(__always)
private func fillColumns<L: Lanes>(
  _ task: MatrixTask, _ repeats: Range<Int>, _ n: Int, _: L.Type
) {
  for q in repeats {
    var m = 0
    @inline(__always) func fill<T: Tile>(_: T.Type) where T.Columns == L {
      fillTile(task, q, m, n, T.self)
      m += T.rows
    }
    #if KERNELS_V4
      // One vector leaves room for so many sums that none waits for the one before it.
      if L.width == OneVector.width { while task.rows - m >= 16 { fill(Rows16<L>.self) } }
      // Rows in eights leave no remainder when there is a multiple of eight.
      if task.rows % 8 != 0, L.width < ThreeVectors.width {
        while task.rows - m >= 14 { fill(Rows14<L>.self) }
      }
      while task.rows - m >= 8 { fill(Rows8<L>.self) }
      while task.rows - m >= 7 { fill(Rows7<L>.self) }
      while task.rows - m >= 4 { fill(Rows4<L>.self) }
      while task.rows - m >= 2 { fill(Rows2<L>.self) }
      if task.rows > m { fill(Row<L>.self) }
    #elseif KERNELS_V3 || arch(arm64)
      // Tiles of nearly equal height: 49 rows are better done as 5 and 6 than as 6 and 1.
      let tiles = max(1, (task.rows + 5) / 6)
      let (height, taller) = task.rows.quotientAndRemainder(dividingBy: tiles)
      for tile in 0..<tiles {
        switch tile < taller ? height + 1 : height {
        case 6: fill(Rows6<L>.self)
        case 5: fill(Rows5<L>.self)
        case 4: fill(Rows4<L>.self)
        case 3: fill(Rows3<L>.self)
        case 2: fill(Rows2<L>.self)
        default: fill(Row<L>.self)
        }
      }
    #else
      while task.rows - m >= 2 { fill(Rows2<L>.self) }
      if task.rows > m { fill(Row<L>.self) }
    #endif
  }
}

@inline(__always)
private func fillTile<T: Tile>(_ task: MatrixTask, _ q: Int, _ m: Int, _ n: Int, _: T.Type) {
  let c = task.c + q * task.cRepeat + m * task.cRow + n
  var tile: T
  if task.accumulates {
    tile = T(Reading(c), step: task.cRow)
  } else if let start = task.start {
    tile = T(repeating: start + n)
  } else {
    tile = T()
  }
  let rowStep = task.aRow
  for o in 0..<task.outer {
    var a = task.a + q * task.aRepeat + o * task.aOuter + m * rowStep
    var b = task.b + q * task.bRepeat + o * task.bOuter + n
    for _ in 0..<task.inner {
      tile.add(a, step: rowStep, times: T.Columns(b))
      a += task.aInner
      b += task.bInner
    }
  }
  tile.write(c, step: task.cRow)
}

// sum[c] += Σ_r values[r][c]
func addRows(_ values: Reading, _ rows: Int, _ columns: Int, _ sum: Writing) {
  var c = 0
  while columns - c >= 16 {
    var total = load(sum + c)
    for r in 0..<rows { total += load(values + r * columns + c) }
    store(total, sum + c)
    c += 16
  }
  while c < columns {
    for r in 0..<rows { sum[c] += values[r * columns + c] }
    c += 1
  }
}
