public import Networks
package import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Another image of the mini-batch that becomes part of one, with a share of the label.
public struct ImageMix: Sendable {
  /// The other image's share of the label, in 0...1.
  public let share: Float
  /// Picks the other image, in 0..<1.
  private let pick: Float
  /// Where the other image's pixels stand; all over, as faint as its share, if `nil`.
  private let box: ImageChange.Box?

  init(share: Float, pick: Float, box: ImageChange.Box? = nil) {
    self.share = share
    self.pick = pick
    self.box = box
  }

  /// The other image's place among those of a mini-batch; it may be the image's own.
  public func partner(among count: Int) -> Int { min(count - 1, Int(pick * Float(count))) }

  /// Mixes the other image's pixels in; both are in the order channel, row, column.
  public func apply(_ other: Span<Float>, to pixels: inout MutableSpan<Float>, _ shape: ImageShape)
  {
    precondition(
      pixels.count == shape.count && other.count == shape.count,
      "ImageMix: \(pixels.count) and \(other.count) pixels for images of \(shape)")
    guard let box else {
      for i in 0..<pixels.count { pixels[i] += share * (other[i] - pixels[i]) }
      return
    }
    for channel in 0..<shape.channels {
      for row in box.rows {
        let start = (channel * shape.height + row) * shape.width
        for column in box.columns { pixels[start + column] = other[start + column] }
      }
    }
  }
}

/// A step that mixes images of a mini-batch with each other.
package protocol MixingStep: AugmentationStep {
  /// Draws what is mixed into one image.
  func mix(of shape: ImageShape, using generator: inout SplitMix64) -> ImageMix
}

extension MixingStep {
  /// Nothing: an image by itself stays as it is.
  package func draw(_ change: inout ImageChange, at sight: Sight, using generator: inout SplitMix64)
  {}
  /// None: they hang on the other image.
  package func extremes(_ size: ImageChange) -> [ImageChange] { [] }
}

extension WordArguments {
  /// Takes α of a symmetric beta distribution; 1, which is uniform, if there is none.
  mutating func concentration() throws(SpecificationError) -> Float {
    try number(default: 1, "alpha must be above 0 and at most 100") { $0 > 0 && $0 <= 100 }
  }
}

extension SplitMix64 {
  /// A number in 0...1 of the beta distribution with both parameters α.
  mutating func beta(_ alpha: Float) -> Float {
    let (a, b) = (gamma(alpha), gamma(alpha))
    // Both may be too small for a number; then either end is as likely.
    return a + b > 0 ? a / (a + b) : uniform() < 0.5 ? 0 : 1
  }

  /// A number of the gamma distribution of a shape, by Marsaglia and Tsang (2000).
  private mutating func gamma(_ shape: Float) -> Float {
    if shape < 1 { return gamma(shape + 1) * powf(1 - uniform(), 1 / shape) }
    let d = shape - 1 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
      if v > 0, logf(1 - uniform()) < 0.5 * x * x + d - d * v + d * logf(v) { return d * v }
    }
  }
}
