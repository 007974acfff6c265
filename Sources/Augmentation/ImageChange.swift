package import Networks
import Randomness

/// What happens to one image: moves, then light, noise and erasing.
public struct ImageChange: Sendable {
  /// Of the image.
  package let shape: ImageShape
  /// What lies around it, one number a channel.
  package let ground: [Float]
  var map = AffineMap()
  /// How far each place is moved on: rows of x, then rows of y; empty if none is.
  var field: [Float] = []
  /// True if the image goes on mirrored at its edges, false if its ground does.
  var isReflected = false
  var light: [Light] = []
  var erased: [Box] = []

  enum Light: Sendable {
    case brightness(Float)
    case contrast(Float)
    case noise(Float, seed: UInt64)
  }

  /// Rows and columns.
  struct Box: Sendable {
    let rows: Range<Int>
    let columns: Range<Int>
  }

  /// Nothing yet.
  package init(_ shape: ImageShape, ground: [Float]) {
    precondition(
      ground.count == shape.channels, "ImageChange: \(ground.count) grounds for \(shape)")
    self.shape = shape
    self.ground = ground
  }

  // MARK: Steps

  /// Moves the image right and down, in pixels.
  package mutating func shift(_ x: Float, _ y: Float) { map.follow(.shift(x, y)) }
  /// Turns it about its middle, clockwise.
  package mutating func turn(degrees: Float) { map.follow(.rotation(degrees: degrees)) }
  /// Makes it larger about its middle.
  package mutating func grow(_ factor: Float) { map.follow(.scale(factor)) }
  /// Slants it.
  package mutating func shear(degrees: Float) { map.follow(.shear(degrees: degrees)) }
  /// Exchanges left and right.
  package mutating func mirror() { map.follow(.mirror) }
  /// Lets the image go on mirrored at its edges, in place of its ground.
  package mutating func reflect() { isReflected = true }
  /// Multiplies every pixel.
  package mutating func brighten(_ factor: Float) { light.append(.brightness(factor)) }
  /// Multiplies every pixel's difference from the image's mean.
  package mutating func stretch(_ factor: Float) { light.append(.contrast(factor)) }

  /// Changes an image's pixels in [0, 1], in the order channel, row, column.
  public func apply(to pixels: inout MutableSpan<Float>) {
    precondition(
      pixels.count == shape.count, "ImageChange: \(pixels.count) pixels for an image of \(shape)")
    pixels.withUnsafeMutableBufferPointer { pixels in
      guard let pixels = pixels.baseAddress else { return }
      if map != AffineMap() || !field.isEmpty { move(pixels) }
      for light in light { shine(light, on: pixels) }
      for box in erased { erase(box, on: pixels) }
    }
  }

  /// The share of an image's ink that its moves push over the edge, from 0 to 1; ink is what differs from the ground.
  public func lostInk(_ pixels: [Float]) -> Float {
    if isReflected { return 0 }
    let (plane, w, h) = (shape.height * shape.width, shape.width, shape.height)
    var (inside, outside): (Float, Float) = (0, 0)
    pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      for channel in 0..<shape.channels {
        let source = base + channel * plane
        for y in -h..<2 * h {
          for x in -w..<2 * w {
            let (sx, sy) = place(x, y)
            let ink = abs(sample(source, sx, sy, ground[channel]) - ground[channel])
            if (0..<h).contains(y), (0..<w).contains(x) { inside += ink } else { outside += ink }
          }
        }
      }
    }
    return inside + outside > 0 ? outside / (inside + outside) : 0
  }

  // MARK: Moves

  private func move(_ pixels: UnsafeMutablePointer<Float>) {
    let plane = shape.height * shape.width
    withUnsafeTemporaryAllocation(of: Float.self, capacity: shape.count) { copy in
      guard let copy = copy.baseAddress else { return }
      copy.update(from: pixels, count: shape.count)
      for y in 0..<shape.height {
        for x in 0..<shape.width {
          let (sx, sy) = place(x, y)
          for channel in 0..<shape.channels {
            pixels[channel * plane + y * shape.width + x] = sample(
              copy + channel * plane, sx, sy, ground[channel])
          }
        }
      }
    }
  }

  /// Where a place of the output comes from.
  @inline(__always) private func place(_ x: Int, _ y: Int) -> (Float, Float) {
    let (middleX, middleY) = (Float(shape.width - 1) / 2, Float(shape.height - 1) / 2)
    let (u, v) = (Float(x) - middleX, Float(y) - middleY)
    var sx = map.a * u + map.b * v + map.x0 + middleX
    var sy = map.c * u + map.d * v + map.y0 + middleY
    if !field.isEmpty, (0..<shape.width).contains(x), (0..<shape.height).contains(y) {
      sx += field[y * shape.width + x]
      sy += field[(shape.height + y) * shape.width + x]
    }
    return (sx, sy)
  }

  /// Between four neighbours.
  @inline(__always) private func sample(
    _ source: UnsafePointer<Float>, _ x: Float, _ y: Float, _ ground: Float
  ) -> Float {
    // Far outside there is nothing but ground; nothing is converted that does not fit.
    guard x > -1e6, x < 1e6, y > -1e6, y < 1e6 else { return ground }
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (column, row) = (Int(left), Int(top))
    let (fx, fy) = (x - left, y - top)
    if column >= 0, row >= 0, column + 1 < shape.width, row + 1 < shape.height {
      let at = source + row * shape.width + column
      let upper = at[0] + fx * (at[1] - at[0])
      let lower = at[shape.width] + fx * (at[shape.width + 1] - at[shape.width])
      return upper + fy * (lower - upper)
    }
    if !isReflected, column < -1 || row < -1 || column >= shape.width || row >= shape.height {
      return ground
    }
    let upper =
      (1 - fx) * pixel(source, row, column, ground) + fx * pixel(source, row, column + 1, ground)
    let lower =
      (1 - fx) * pixel(source, row + 1, column, ground)
      + fx * pixel(source, row + 1, column + 1, ground)
    return (1 - fy) * upper + fy * lower
  }

  private func pixel(
    _ source: UnsafePointer<Float>, _ row: Int, _ column: Int, _ ground: Float
  ) -> Float {
    if isReflected {
      return source[
        Self.reflected(row, shape.height) * shape.width + Self.reflected(column, shape.width)]
    }
    guard (0..<shape.height).contains(row), (0..<shape.width).contains(column) else {
      return ground
    }
    return source[row * shape.width + column]
  }

  /// Mirrored at the edges, which are not repeated.
  private static func reflected(_ place: Int, _ count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let rest = ((place % period) + period) % period
    return rest < count ? rest : period - rest
  }

  // MARK: Light

  private func shine(_ light: Light, on pixels: UnsafeMutablePointer<Float>) {
    switch light {
    case .brightness(let factor):
      for i in 0..<shape.count { pixels[i] = min(max(pixels[i] * factor, 0), 1) }
    case .contrast(let factor):
      let mean = grey(pixels)
      for i in 0..<shape.count {
        pixels[i] = min(max(mean + factor * (pixels[i] - mean), 0), 1)
      }
    case .noise(let deviation, let seed):
      var generator = SplitMix64(seed: seed)
      for i in 0..<shape.count {
        pixels[i] = min(max(pixels[i] + deviation * generator.normal(), 0), 1)
      }
    }
  }

  /// The mean of the image as grey, by the weights of ITU-R 601 where it is coloured.
  private func grey(_ pixels: UnsafePointer<Float>) -> Float {
    let plane = shape.height * shape.width
    let weights: [Float] =
      shape.channels == 3
      ? [0.2989, 0.587, 0.114]
      : [Float](repeating: 1 / Float(shape.channels), count: shape.channels)
    var mean: Float = 0
    for channel in 0..<shape.channels {
      var sum: Float = 0
      for i in 0..<plane { sum += pixels[channel * plane + i] }
      mean += weights[channel] * sum / Float(plane)
    }
    return mean
  }

  private func erase(_ box: Box, on pixels: UnsafeMutablePointer<Float>) {
    for channel in 0..<shape.channels {
      for row in box.rows {
        let start = (channel * shape.height + row) * shape.width
        for column in box.columns { pixels[start + column] = ground[channel] }
      }
    }
  }
}
