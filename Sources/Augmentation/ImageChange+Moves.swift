import Engine
import KernelTable
import Networks

extension ImageChange {
  /// True if a pixel may go elsewhere.
  var isMoved: Bool { map != AffineMap() || !field.isEmpty }

  /// The share of an image's ink that its moves push over the edge, from 0 to 1; ink is what differs from the ground.
  public func lostInk(_ pixels: [Float]) -> Float {
    if isReflected { return 0 }
    let (width, height) = (shape.width, shape.height)
    var (inside, outside): (Float, Float) = (0, 0)
    withFrame(of: pixels) { frame in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: width) { row in
        guard let target = row.baseAddress else { return }
        for channel in 0..<shape.channels {
          for y in -height..<2 * height {
            for x in [-width, 0, width] {
              sample(x..<x + width, of: y, channel, in: frame, to: target)
              let ink = row.reduce(0) { $0 + abs($1 - ground[channel]) }
              if x == 0, (0..<height).contains(y) { inside += ink } else { outside += ink }
            }
          }
        }
      }
    }
    return inside + outside > 0 ? outside / (inside + outside) : 0
  }

  /// Moves an image's pixels.
  func move(_ pixels: Writing) {
    let (width, plane) = (shape.width, shape.height * shape.width)
    withFrame(of: pixels) { frame in
      for channel in 0..<shape.channels {
        (pixels + channel * plane).update(repeating: ground[channel], count: plane)
      }
      guard let ink = frame.ink else { return }
      let window = isReflected ? nil : InkWindow(self, ink: ink)
      for y in 0..<shape.height {
        let columns = window?.columns(of: y) ?? 0..<width
        for channel in 0..<shape.channels where !columns.isEmpty {
          let row = pixels + channel * plane + y * width
          sample(columns, of: y, channel, in: frame, to: row + columns.lowerBound)
        }
      }
    }
  }

  private func withFrame(of pixels: Reading, _ body: (Frame) -> Void) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: Frame.size(shape)) { buffer in
      guard let base = buffer.baseAddress else { return }
      body(Frame(pixels, shape, ground: ground, in: base))
    }
  }

  /// Writes a channel's pixels of some columns of a row, all of them in the image or none: the field moves only the former.
  private func sample(
    _ columns: Range<Int>, of y: Int, _ channel: Int, in frame: Frame, to target: Writing
  ) {
    let (middleX, middleY) = (Float(shape.width - 1) / 2, Float(shape.height - 1) / 2)
    let (u, v) = (Float(columns.lowerBound) - middleX, Float(y) - middleY)
    let (picture, rowStep) = frame.picture(channel)
    var task = ResampleTask(
      picture: picture, rowStep: rowStep, width: shape.width, height: shape.height,
      x: map.a * u + map.b * v + map.x0 + middleX, y: map.c * u + map.d * v + map.y0 + middleY,
      xStep: map.a, yStep: map.c, isReflected: isReflected, target: target, count: columns.count)
    if !field.isEmpty, (0..<shape.height).contains(y),
      (0..<shape.width).contains(columns.lowerBound)
    {
      field.withUnsafeBufferPointer { field in
        let first = y * shape.width + columns.lowerBound
        task.xField = field.baseAddress.map { $0 + first }
        task.yField = field.baseAddress.map { $0 + shape.height * shape.width + first }
        InstructionSet.selected.resample(task)
      }
    } else {
      InstructionSet.selected.resample(task)
    }
  }
}
