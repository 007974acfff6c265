import Networks

/// How one image's activation lies in memory: `[row][column][channel]`, the channels padded so that
/// vectors fit. Flattening changes the shape but not the memory. A sequence is one row whose columns are its places.
struct Layout: Equatable {
  let height: Int
  let width: Int
  let channels: Int
  /// Numbers from one position to the next: the channels, padded.
  let step: Int
  /// True for a sequence, where PyTorch's order is place, feature and not channel, row, column.
  var isSequence = false

  /// Numbers in memory, padding included.
  var count: Int { height * width * step }
  var positions: Int { height * width }

  /// The images themselves come unpadded.
  init(input: ImageShape) {
    height = input.height
    width = input.width
    channels = input.channels
    step = input.channels
  }

  /// The output of a layer that works in vectors: channels padded to a multiple of 16.
  init(height: Int, width: Int, channels: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    step = padded(channels)
  }

  init(height: Int, width: Int, channels: Int, step: Int) {
    self.height = height
    self.width = width
    self.channels = channels
    self.step = step
  }

  /// A sequence's places, each of so many features.
  init(length: Int, width: Int) {
    self.init(height: 1, width: length, channels: width)
    isSequence = true
  }

  /// Where PyTorch's number `index` lies.
  func offset(of index: Int) -> Int {
    if isSequence {
      let (position, channel) = index.quotientAndRemainder(dividingBy: channels)
      return position * step + channel
    }
    if positions == 1 { return index }
    let (channel, position) = index.quotientAndRemainder(dividingBy: positions)
    return position * step + channel
  }

  /// Copies from memory to PyTorch's order.
  func unpack(_ source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>) {
    if positions == 1 { return destination.update(from: source, count: channels) }
    if isSequence {
      for position in 0..<positions {
        (destination + position * channels).update(from: source + position * step, count: channels)
      }
      return
    }
    for channel in 0..<channels {
      for position in 0..<positions {
        destination[channel * positions + position] = source[position * step + channel]
      }
    }
  }

  /// Sets what pads the channels to zero.
  func clearPadding(_ values: UnsafeMutablePointer<Float>) {
    guard step > channels else { return }
    for position in 0..<positions {
      (values + position * step + channels).update(repeating: 0, count: step - channels)
    }
  }

  /// Copies a part of an image, zeros where the part goes beyond it.
  func copy(
    _ source: UnsafePointer<Float>, fromRow top: Int, column left: Int,
    to destination: UnsafeMutablePointer<Float>, _ part: Layout
  ) {
    let rows = (0..<height).clamped(to: top..<top + part.height)
    let columns = (0..<width).clamped(to: left..<left + part.width)
    if rows.count < part.height || columns.count < part.width {
      destination.update(repeating: 0, count: part.count)
    }
    if columns.isEmpty { return }
    for row in rows {
      (destination + ((row - top) * part.width + columns.lowerBound - left) * step)
        .update(
          from: source + (row * width + columns.lowerBound) * step, count: columns.count * step)
    }
  }

  /// Copies from PyTorch's order to memory; padding is left as it is.
  func pack(_ source: UnsafePointer<Float>, to destination: UnsafeMutablePointer<Float>) {
    if positions == 1 { return destination.update(from: source, count: channels) }
    if isSequence {
      for position in 0..<positions {
        (destination + position * step).update(from: source + position * channels, count: channels)
      }
      return
    }
    for channel in 0..<channels {
      for position in 0..<positions {
        destination[position * step + channel] = source[channel * positions + position]
      }
    }
  }
}

/// The next multiple of sixteen, the number of lanes.
func padded(_ count: Int) -> Int { (count + 15) / 16 * 16 }
