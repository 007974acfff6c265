import Networks

/// Pixels in [0, 1], ordered channel, row, column, brought into the network's input memory and back.
struct PixelInput: Sendable {
  let layout: Layout
  let mean: [Float]
  /// 1 / standard deviation of each channel.
  let scale: [Float]

  init(_ inputShape: ImageShape, _ normalization: Normalization) {
    layout = Layout(input: inputShape)
    mean = normalization.mean
    scale = normalization.standardDeviation.map { 1 / $0 }
  }

  /// What blank pixels become, number by number as in memory.
  var background: [Float] {
    (0..<layout.count).map { (0 - mean[$0 % layout.channels]) * scale[$0 % layout.channels] }
  }

  /// (pixel - mean) · scale, for each channel.
  func load(_ pixels: UnsafePointer<Float>, to memory: UnsafeMutablePointer<Float>) {
    for channel in 0..<layout.channels {
      let (center, scale) = (mean[channel], scale[channel])
      let source = pixels + channel * layout.positions
      // Of one channel, a loop over neighbours is a loop over vectors.
      if layout.step == 1 {
        for position in 0..<layout.positions {
          memory[position] = (source[position] - center) * scale
        }
        continue
      }
      for position in 0..<layout.positions {
        memory[position * layout.step + channel] = (source[position] - center) * scale
      }
    }
  }

  /// The same for a square of pixels, `[C][side][side]`.
  func load(_ pixels: [Float], side: Int, to memory: UnsafeMutablePointer<Float>) {
    for channel in 0..<layout.channels {
      for position in 0..<side * side {
        memory[position * layout.step + channel] =
          (pixels[channel * side * side + position] - mean[channel]) * scale[channel]
      }
    }
  }

  /// The gradient with respect to the pixels: that of the normalised input, scaled.
  func unload(
    gradient memory: UnsafePointer<Float>, to pixels: UnsafeMutablePointer<Float>
  ) {
    for channel in 0..<layout.channels {
      let target = pixels + channel * layout.positions
      let scale = scale[channel]
      for position in 0..<layout.positions {
        target[position] = memory[position * layout.step + channel] * scale
      }
    }
  }
}
