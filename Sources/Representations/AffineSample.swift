import Networks
import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An image shifted, turned and scaled a little by chance, black coming in from outside.
struct AffineSample: Sendable {
  /// For each place, where its four sources lie and what they weigh.
  private var sources: [(place: Int, target: Int, weight: Float)] = []

  init(_ shape: ImageShape, using generator: inout SplitMix64) {
    let angle = generator.uniform(-5, 5) * .pi / 180
    let scale = generator.uniform(0.95, 1.05)
    let (dy, dx) = (generator.uniform(-2, 2), generator.uniform(-2, 2))
    let (c, s) = (cosf(angle) / scale, sinf(angle) / scale)
    let (centerY, centerX) = (Float(shape.height - 1) / 2, Float(shape.width - 1) / 2)
    sources.reserveCapacity(4 * shape.height * shape.width)
    for y in 0..<shape.height {
      for x in 0..<shape.width {
        let (v, u) = (Float(y) - centerY, Float(x) - centerX)
        let sourceY = c * v - s * u + centerY + dy
        let sourceX = s * v + c * u + centerX + dx
        let (top, left) = (sourceY.rounded(.down), sourceX.rounded(.down))
        for row in 0...1 {
          for column in 0...1 {
            let (r, k) = (Int(top) + row, Int(left) + column)
            guard (0..<shape.height).contains(r), (0..<shape.width).contains(k) else { continue }
            let weight =
              (row == 0 ? 1 - (sourceY - top) : sourceY - top)
              * (column == 0 ? 1 - (sourceX - left) : sourceX - left)
            sources.append((r * shape.width + k, y * shape.width + x, weight))
          }
        }
      }
    }
  }

  /// The image as sampled, every channel alike.
  func applied(to image: ArraySlice<Float>, plane: Int) -> [Float] {
    var result = [Float](repeating: 0, count: image.count)
    for start in stride(from: 0, to: image.count, by: plane) {
      for source in sources {
        result[start + source.target] +=
          source.weight * image[image.startIndex + start + source.place]
      }
    }
    return result
  }

  /// The slope with respect to the image for one with respect to the sample: the transpose of `applied`.
  func spread(_ slope: ArraySlice<Float>, plane: Int) -> [Float] {
    var result = [Float](repeating: 0, count: slope.count)
    for start in stride(from: 0, to: slope.count, by: plane) {
      for source in sources {
        result[start + source.place] +=
          source.weight * slope[slope.startIndex + start + source.target]
      }
    }
    return result
  }
}
