import KernelTable
import Networks

/// An image's channels, each with a row and a column of its ground before it and two behind it: any place in the image or
/// outside of it, moved to the frame, is between four pixels.
struct Frame {
  private let pixels: Writing
  private let shape: ImageShape
  /// Where there are pixels that differ from the ground; `nil` without any.
  let ink: ImageChange.Box?

  private static func plane(_ shape: ImageShape) -> Int { (shape.height + 3) * (shape.width + 3) }

  /// Numbers that a frame takes.
  static func size(_ shape: ImageShape) -> Int { shape.channels * plane(shape) }

  /// Writes a frame into `pixels`, which has room for it.
  init(_ image: Reading, _ shape: ImageShape, ground: [Float], in pixels: Writing) {
    self.pixels = pixels
    self.shape = shape
    let (height, width) = (shape.height, shape.width)
    var (top, bottom) = (height, 0)
    ink = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: width) { columns in
      columns.initialize(repeating: 0)
      for channel in 0..<shape.channels {
        let plane = pixels + channel * Self.plane(shape)
        plane.initialize(repeating: ground[channel], count: Self.plane(shape))
        let blank = ground[channel].bitPattern
        for y in 0..<height {
          let source = image + (channel * height + y) * width
          let target = plane + (y + 1) * (width + 3) + 1
          var row: UInt32 = 0
          for x in 0..<width {
            let difference = source[x].bitPattern ^ blank
            target[x] = source[x]
            columns[x] |= difference
            row |= difference
          }
          if row != 0 { (top, bottom) = (min(top, y), max(bottom, y + 1)) }
        }
      }
      guard let left = columns.firstIndex(where: { $0 != 0 }),
        let right = columns.lastIndex(where: { $0 != 0 })
      else { return nil }
      return ImageChange.Box(rows: top..<bottom, columns: left..<right + 1)
    }
  }

  /// The first pixel of a channel, and how far it is from one row to the next.
  func picture(_ channel: Int) -> (Reading, rowStep: Int) {
    let step = shape.width + 3
    return (Reading(pixels + channel * Self.plane(shape) + step + 1), step)
  }
}
