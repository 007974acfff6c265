import KernelTable

// All on [row][channel], a row being a position of an image. Sixteen channels go down all rows
// together; what is left of the channels goes one by one.

@inline(__always)
private func forEachChannel(
  _ channels: Int, vector: (_ c: Int) -> Void, single: (_ c: Int) -> Void
) {
  var c = 0
  while channels - c >= 16 {
    vector(c)
    c += 16
  }
  while c < channels {
    single(c)
    c += 1
  }
}

// output[r][c] = input[r][c] * scale[c] + shift[c]
func scaleShift(
  _ input: Reading, _ scale: Reading, _ shift: Reading, _ output: Writing, _ rows: Int,
  _ channels: Int
) {
  forEachChannel(channels) { c in
    let (a, b) = (load(scale + c), load(shift + c))
    for r in 0..<rows {
      let i = r * channels + c
      store(multiplyAdd(b, load(input + i), a), output + i)
    }
  } single: { c in
    for r in 0..<rows {
      let i = r * channels + c
      output[i] = multiplyAdd(shift[c], input[i], scale[c])
    }
  }
}

// sums[c] += Σ_r (input[r][c] - center[c]); squares[c] += Σ_r (input[r][c] - center[c])²
func addDeviations(
  _ input: Reading, _ center: Reading, _ rows: Int, _ channels: Int, _ sums: Writing,
  _ squares: Writing
) {
  forEachChannel(channels) { c in
    var (sum, square) = (load(sums + c), load(squares + c))
    let middle = load(center + c)
    for r in 0..<rows {
      let d = load(input + r * channels + c) - middle
      sum += d
      square = multiplyAdd(square, d, d)
    }
    store(sum, sums + c)
    store(square, squares + c)
  } single: { c in
    for r in 0..<rows {
      let d = input[r * channels + c] - center[c]
      sums[c] += d
      squares[c] = multiplyAdd(squares[c], d, d)
    }
  }
}

// products[c] += Σ_r gradient[r][c] (input[r][c] - mean[c]); sums[c] += Σ_r gradient[r][c]
func addProducts(
  _ gradient: Reading, _ input: Reading, _ mean: Reading, _ rows: Int, _ channels: Int,
  _ products: Writing, _ sums: Writing
) {
  forEachChannel(channels) { c in
    var (product, sum) = (load(products + c), load(sums + c))
    let center = load(mean + c)
    for r in 0..<rows {
      let i = r * channels + c
      let slope = load(gradient + i)
      product = multiplyAdd(product, slope, load(input + i) - center)
      sum += slope
    }
    store(product, products + c)
    store(sum, sums + c)
  } single: { c in
    for r in 0..<rows {
      let i = r * channels + c
      products[c] = multiplyAdd(products[c], gradient[i], input[i] - mean[c])
      sums[c] += gradient[i]
    }
  }
}

// output[r][c] = gradient[r][c] * a[c] + (input[r][c] - mean[c]) * b[c] + d[c]
func normBackward(
  _ gradient: Reading, _ input: Reading, _ mean: Reading, _ a: Reading, _ b: Reading,
  _ d: Reading, _ output: Writing, _ rows: Int, _ channels: Int
) {
  forEachChannel(channels) { c in
    let (center, ga, xb, shift) = (load(mean + c), load(a + c), load(b + c), load(d + c))
    for r in 0..<rows {
      let i = r * channels + c
      let x = multiplyAdd(shift, load(input + i) - center, xb)
      store(multiplyAdd(x, load(gradient + i), ga), output + i)
    }
  } single: { c in
    for r in 0..<rows {
      let i = r * channels + c
      let x = multiplyAdd(d[c], input[i] - mean[c], b[c])
      output[i] = multiplyAdd(x, gradient[i], a[c])
    }
  }
}
