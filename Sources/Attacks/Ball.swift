import Randomness

/// The images that are no farther than ε from a given one, within [0, 1].
struct Ball {
  let norm: Norm
  let epsilon: Float
  /// Numbers in an image.
  let size: Int

  /// Images moved along the gradient's sign (Linf) or direction (L2), each by a length of its own.
  func stepped(_ images: [Float], along gradient: [Float], by lengths: [Float]) -> [Float] {
    var result = images
    for (image, length) in lengths.enumerated() {
      let range = image * size..<(image + 1) * size
      switch norm {
      case .linf:
        for i in range where gradient[i] != 0 { result[i] += gradient[i] > 0 ? length : -length }
      case .l2:
        let norm = Self.length(gradient[range])
        guard norm > 0 else { continue }
        for i in range { result[i] += length * gradient[i] / norm }
      }
    }
    return result
  }

  /// Images brought back into the ball around the clean ones, then into [0, 1].
  func projected(_ images: [Float], around clean: [Float]) -> [Float] {
    var result = images
    switch norm {
    case .linf:
      for i in result.indices { result[i] = projected(result[i], around: clean[i]) }
      return result
    case .l2:
      for start in stride(from: 0, to: images.count, by: size) {
        let change = (start..<start + size).map { result[$0] - clean[$0] }
        let length = Self.length(change[...])
        guard length > epsilon else { continue }
        for i in 0..<size { result[start + i] = clean[start + i] + change[i] * epsilon / length }
      }
    }
    for i in result.indices { result[i] = min(max(result[i], 0), 1) }
    return result
  }

  /// A pixel brought back into the ball of Linf, then into [0, 1].
  func projected(_ pixel: Float, around clean: Float) -> Float {
    min(max(min(max(pixel, clean - epsilon), clean + epsilon), 0), 1)
  }

  /// A change brought back into the ball.
  func bounded(_ change: [Float]) -> [Float] {
    switch norm {
    case .linf: return change.map { min(max($0, -epsilon), epsilon) }
    case .l2:
      let length = Self.length(change[...])
      return length > epsilon ? change.map { $0 * epsilon / length } : change
    }
  }

  /// Linf: each pixel by U(-ε, ε). L2: a random direction times U(0, 1) ε.
  func moveToRandomPoint(
    _ images: inout [Float], image: Int, using generator: inout SplitMix64
  ) {
    let range = image * size..<(image + 1) * size
    switch norm {
    case .linf:
      for i in range { images[i] += generator.uniform(-epsilon, epsilon) }
    case .l2:
      let direction = range.map { _ in generator.normal() }
      let scale = generator.uniform() * epsilon / max(Self.length(direction[...]), 1e-12)
      for (i, value) in zip(range, direction) { images[i] += value * scale }
    }
  }

  /// A random point at distance ε: a pixel at least by ε (Linf), or a random direction times ε (L2).
  func moveToEdge(_ images: inout [Float], image: Int, using generator: inout SplitMix64) {
    let range = image * size..<(image + 1) * size
    let direction = range.map { _ in norm == .linf ? generator.uniform(-1, 1) : generator.normal() }
    let length =
      norm == .linf
      ? direction.reduce(0) { max($0, abs($1)) } : Self.length(direction[...])
    for (i, value) in zip(range, direction) {
      images[i] += value * epsilon / max(length, 1e-12)
    }
  }

  static func length(_ values: ArraySlice<Float>) -> Float {
    Float(values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot())
  }
}
