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
  package private(set) var isReflected = false
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
      if isMoved { move(pixels) }
      for light in light { shine(light, on: pixels) }
      for box in erased { erase(box, on: pixels) }
    }
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
