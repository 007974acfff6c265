import KernelTable

// One image, [row][column][channel]: output[y][x][c] = max over the window of
// input[y * stride + r][x * stride + s][c].
func maxPool(_ input: Reading, _ output: Writing, _ shape: PoolShape) {
  forEachWindow(shape) { corner, position in
    let channels = shape.channels
    var c = 0
    while channels - c >= 16 {
      var largest = load(input + corner + c)
      for r in 0..<shape.kernel {
        for s in 0..<shape.kernel {
          largest = maximum(largest, load(input + corner + (r * shape.width + s) * channels + c))
        }
      }
      store(largest, output + position + c)
      c += 16
    }
    while c < channels {
      var largest = input[corner + c]
      for r in 0..<shape.kernel {
        for s in 0..<shape.kernel {
          let value = input[corner + (r * shape.width + s) * channels + c]
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
  forEachWindow(shape) { corner, position in
    let channels = shape.channels
    var c = 0
    while channels - c >= 16 {
      let largest = load(output + position + c)
      let gradient = load(outputGradient + position + c)
      var rest = gradient
      for r in 0..<shape.kernel {
        for s in 0..<shape.kernel {
          let i = corner + (r * shape.width + s) * channels + c
          let here = Vector.zero.replacing(with: rest, where: load(input + i) .== largest)
          rest -= here
          store(load(inputGradient + i) + here, inputGradient + i)
        }
      }
      c += 16
    }
    while c < channels {
      var found = false
      for r in 0..<shape.kernel {
        for s in 0..<shape.kernel where !found {
          let i = corner + (r * shape.width + s) * channels + c
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
  let share = 1 / Float(shape.kernel * shape.kernel)
  forEachWindow(shape) { corner, position in
    let channels = shape.channels
    for c in 0..<channels { output[position + c] = 0 }
    for r in 0..<shape.kernel {
      for s in 0..<shape.kernel {
        let i = corner + (r * shape.width + s) * channels
        for c in 0..<channels { output[position + c] += input[i + c] }
      }
    }
    for c in 0..<channels { output[position + c] *= share }
  }
}

func averagePoolBackward(
  _ outputGradient: Reading, _ inputGradient: Writing, _ shape: PoolShape
) {
  let share = 1 / Float(shape.kernel * shape.kernel)
  forEachWindow(shape) { corner, position in
    let channels = shape.channels
    for r in 0..<shape.kernel {
      for s in 0..<shape.kernel {
        let i = corner + (r * shape.width + s) * channels
        for c in 0..<channels { inputGradient[i + c] += outputGradient[position + c] * share }
      }
    }
  }
}

/// Calls `body` with the offset of each window's corner in the input and of its place in the output.
@inline(__always)
private func forEachWindow(_ shape: PoolShape, _ body: (_ corner: Int, _ position: Int) -> Void) {
  for y in 0..<shape.outputHeight {
    for x in 0..<shape.outputWidth {
      body(
        (y * shape.stride * shape.width + x * shape.stride) * shape.channels,
        (y * shape.outputWidth + x) * shape.channels)
    }
  }
}
