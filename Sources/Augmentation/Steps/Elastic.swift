package import Networks
package import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Bends an image as if it were drawn on rubber: every pixel is moved by smooth noise.
///
/// Noise from -1 to 1 for each pixel and axis, blurred by a normal window of standard deviation σ (cut at 3 σ, zero outside
/// the image) and multiplied by α. Bending comes after all other moves, wherever it stands in the text.
///
/// Reference: Simard, Steinkraus, Platt, Best Practices for Convolutional Neural Networks Applied to Visual Document
/// Analysis (2003), with α = 34 and σ = 4 pixels for MNIST.
package struct Elastic: AugmentationStep {
  /// The word that begins it.
  package static let word = "elastic"
  /// How a person writes it.
  package static let form = "elastic(ALPHA,SIGMA)"
  /// What it does.
  package static let summary =
    "bent by ALPHA times noise blurred over SIGMA"
  /// Steps of the kind as a text has them.
  package static let examples = ["elastic(34.0,4.0)", "elastic(5.0,1.5)"]
  /// Pixels that noise of strength one moves by, in 0...1,000.
  package let alpha: Float
  /// Standard deviation of the blur in pixels, in 0.5...20.
  package let sigma: Float
  /// The normal window, its sum 1.
  private let window: [Float]

  /// Takes α and σ.
  package init(_ arguments: inout WordArguments) throws(SpecificationError) {
    alpha = try arguments.number(
      "a strength, as in elastic(34,4)", "the strength must be from 0 to 1,000"
    ) { (0...1000).contains($0) }
    sigma = try arguments.number(
      "a width, as in elastic(34,4)", "the width must be from 0.5 to 20"
    ) { (0.5...20).contains($0) }
    window = Self.window(sigma)
  }

  /// The step as a text has it.
  package var text: String { "\(Self.word)(\(alpha),\(sigma))" }

  /// Draws a field.
  package func draw(_ change: inout ImageChange, at sight: Sight, using generator: inout SplitMix64)
  {
    let (h, w) = (change.shape.height, change.shape.width)
    var noise = [Float](repeating: 0, count: 2 * h * w)
    for i in noise.indices { noise[i] = generator.uniform(-1, 1) }
    let field = blurred(noise, h, w)
    if change.field.isEmpty { change.field = [Float](repeating: 0, count: 2 * h * w) }
    for i in field.indices { change.field[i] += alpha * field[i] }
  }

  /// A field drawn from a seed of its own.
  package func extremes(_ size: ImageChange) -> [ImageChange] {
    [UInt64(1), 2].map { seed in
      var change = size
      var generator = SplitMix64(seed: seed, purpose: "shown")
      draw(&change, at: Sight(seed: seed, epoch: 0, image: 0), using: &generator)
      return change
    }
  }

  private static func window(_ sigma: Float) -> [Float] {
    let reach = Int((3 * sigma).rounded(.up))
    let values = (-reach...reach).map { expf(-Float($0 * $0) / (2 * sigma * sigma)) }
    let sum = values.reduce(0, +)
    return values.map { $0 / sum }
  }

  /// Two fields, one after the other, blurred along rows and then along columns.
  private func blurred(_ values: [Float], _ height: Int, _ width: Int) -> [Float] {
    let reach = window.count / 2
    var along = [Float](repeating: 0, count: values.count)
    var result = along
    values.withUnsafeBufferPointer { values in
      along.withUnsafeMutableBufferPointer { along in
        for row in 0..<2 * height {
          for tap in window.indices {
            let offset = tap - reach
            let columns = (0..<width).clamped(to: -offset..<width - offset)
            Self.add(
              values, row * width + columns.lowerBound + offset, times: window[tap],
              to: along, row * width + columns.lowerBound, count: columns.count)
          }
        }
      }
    }
    along.withUnsafeBufferPointer { along in
      result.withUnsafeMutableBufferPointer { result in
        for row in 0..<2 * height {
          let top = row / height * height
          for tap in window.indices {
            let from = row + tap - reach
            guard (top..<top + height).contains(from) else { continue }
            Self.add(
              along, from * width, times: window[tap], to: result, row * width, count: width)
          }
        }
      }
    }
    return result
  }

  /// Adds a run of numbers, each multiplied, to another run: four at a time, for the blur is what bending costs.
  @inline(__always) private static func add(
    _ source: UnsafeBufferPointer<Float>, _ from: Int, times weight: Float,
    to target: UnsafeMutableBufferPointer<Float>, _ to: Int, count: Int
  ) {
    guard count > 0, let source = source.baseAddress, let target = target.baseAddress else {
      return
    }
    let (input, output) = (source + from, target + to)
    let whole = count / 4 * 4
    for i in stride(from: 0, to: whole, by: 4) {
      let more = UnsafeRawPointer(input + i).loadUnaligned(as: SIMD4<Float>.self) * weight
      let sum = UnsafeRawPointer(output + i).loadUnaligned(as: SIMD4<Float>.self) + more
      UnsafeMutableRawPointer(output + i).storeBytes(of: sum, as: SIMD4<Float>.self)
    }
    for i in whole..<count { output[i] += weight * input[i] }
  }
}
