import KernelTable

// One image, [row][column][channel]: output[y][x][c] = max over the window of
// input[y * stride + r][x * stride + s][c].
func maxPool(_ input: Reading, _ output: Writing, _ shape: PoolShape) {
  forEachWindow(shape) { window, position in
    let channels = shape.channels
    var c = 0
    while channels - c >= 16 {
      var largest = load(input + window.first + c)
      for r in 0..<window.rows {
        for s in 0..<window.columns {
          let i = window.first + (r * shape.width + s) * channels + c
          largest = maximum(largest, load(input + i))
        }
      }
      store(largest, output + position + c)
      c += 16
    }
    while c < channels {
      var largest = input[window.first + c]
      for r in 0..<window.rows {
        for s in 0..<window.columns {
          let value = input[window.first + (r * shape.width + s) * channels + c]
          if value > largest { largest = value }
        }
      }
      output[position + c] = largest
      c += 1
    }
  }
}

// The gradient goes to the first input of the window that equals its maximum, as in PyTorch.
// `taken` has all bits set in the lanes that have found theirs.
func maxPoolBackward(
  _ input: Reading, _ output: Reading, _ outputGradient: Reading, _ inputGradient: Writing,
  _ shape: PoolShape
) {
  forEachWindow(shape) { window, position in
    let channels = shape.channels
    var c = 0
    while channels - c >= 16 {
      let largest = load(output + position + c)
      let gradient = load(outputGradient + position + c)
      var rest = gradient
      for r in 0..<window.rows {
        for s in 0..<window.columns {
          let i = window.first + (r * shape.width + s) * channels + c
          let here = Vector.zero.replacing(with: rest, where: load(input + i) .== largest)
          rest -= here
          store(load(inputGradient + i) + here, inputGradient + i)
        }
      }
      c += 16
    }
    while c < channels {
      var found = false
      for r in 0..<window.rows {
        for s in 0..<window.columns where !found {
          let i = window.first + (r * shape.width + s) * channels + c
          if input[i] == output[position + c] {
            inputGradient[i] += outputGradient[position + c]
            found = true
          }
        }
      }
      c += 1
    }
  }
}

// output = mean over the window
func averagePool(_ input: Reading, _ output: Writing, _ shape: PoolShape) {
  forEachWindow(shape) { window, position in
    let channels = shape.channels
    for c in 0..<channels { output[position + c] = 0 }
    for r in 0..<window.rows {
      for s in 0..<window.columns {
        let i = window.first + (r * shape.width + s) * channels
        for c in 0..<channels { output[position + c] += input[i + c] }
      }
    }
    for c in 0..<channels { output[position + c] *= window.share }
  }
}

func averagePoolBackward(
  _ outputGradient: Reading, _ inputGradient: Writing, _ shape: PoolShape
) {
  forEachWindow(shape) { window, position in
    let channels = shape.channels
    for r in 0..<window.rows {
      for s in 0..<window.columns {
        let i = window.first + (r * shape.width + s) * channels
        for c in 0..<channels {
          inputGradient[i + c] += outputGradient[position + c] * window.share
        }
      }
    }
  }
}

/// The part of a window that lies in the input.
private struct Window {
  /// The offset of its first place.
  let first: Int
  let rows: Int
  let columns: Int
  /// What each of its places gives to a mean.
  let share: Float
}

/// Calls `body` with each window and the offset of its place in the output.
@inline(__always)
private func forEachWindow(_ shape: PoolShape, _ body: (_ window: Window, _ position: Int) -> Void)
{
  for y in 0..<shape.outputHeight {
    let (top, rows, high) = part(y, of: shape.height, shape)
    for x in 0..<shape.outputWidth {
      let (left, columns, wide) = part(x, of: shape.width, shape)
      let counted = shape.countsPadding ? high * wide : rows * columns
      body(
        Window(
          first: (top * shape.width + left) * shape.channels, rows: rows, columns: columns,
          share: 1 / Float(counted)),
        (y * shape.outputWidth + x) * shape.channels)
    }
  }
}

/// Along one axis, a window's first place in the input, how many it has there, and with the padding.
@inline(__always)
private func part(
  _ window: Int, of size: Int, _ shape: PoolShape
) -> (first: Int, count: Int, counted: Int) {
  let start = window * shape.stride - shape.padding
  let first = start < 0 ? 0 : start
  let end = start + shape.kernel
  let last = end < size ? end : size
  let paddedEnd = end < size + shape.padding ? end : size + shape.padding
  return (first, last - first, paddedEnd - start)
}
