import Networks

/// Pixels in [0, 1], ordered channel, row, column, brought into the network's input memory and back.
struct PixelInput: Sendable {
  let layout: Layout
  let mean: [Float]
  let standardDeviation: [Float]

  init(_ network: Network) {
    layout = Layout(input: network.architecture.inputShape)
    mean = network.normalization.mean
    standardDeviation = network.normalization.standardDeviation
  }

  /// (pixel - mean) / deviation, for each channel.
  func load(_ pixels: UnsafePointer<Float>, to memory: UnsafeMutablePointer<Float>) {
    for channel in 0..<layout.channels {
      let (center, deviation) = (mean[channel], standardDeviation[channel])
      let source = pixels + channel * layout.positions
      for position in 0..<layout.positions {
        memory[position * layout.step + channel] = (source[position] - center) / deviation
      }
    }
  }

  /// The gradient with respect to the pixels: that of the normalised input, divided by the deviation.
  func unload(
    gradient memory: UnsafePointer<Float>, to pixels: UnsafeMutablePointer<Float>
  ) {
    for channel in 0..<layout.channels {
      let target = pixels + channel * layout.positions
      for position in 0..<layout.positions {
        target[position] = memory[position * layout.step + channel] / standardDeviation[channel]
      }
    }
  }
}
