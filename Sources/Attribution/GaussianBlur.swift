import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A separable Gaussian blur with black around the image.
struct GaussianBlur: Sendable {
  private let shape: ImageShape
  private let kernel: [Float]

  /// A blur of a standard deviation in pixels; by default a seventh of the image's side, which leaves of a digit
  /// only where it was.
  init(_ shape: ImageShape, deviation: Float? = nil) {
    self.shape = shape
    let deviation = deviation ?? Float(max(shape.height, shape.width)) / 7
    let radius = Int((3 * deviation).rounded(.up))
    let weights = (-radius...radius).map { expf(-Float($0 * $0) / (2 * deviation * deviation)) }
    let sum = weights.reduce(0, +)
    kernel = weights.map { $0 / sum }
  }

  /// The images blurred, `[N][C][H][W]`.
  func applied(to images: [Float]) -> [Float] {
    let rows = along(
      images, count: shape.width, step: 1, lines: shape.height, lineStep: shape.width)
    return along(rows, count: shape.height, step: shape.width, lines: shape.width, lineStep: 1)
  }

  private func along(
    _ images: [Float], count: Int, step: Int, lines: Int, lineStep: Int
  ) -> [Float] {
    var result = [Float](repeating: 0, count: images.count)
    let radius = kernel.count / 2
    let plane = shape.height * shape.width
    for start in stride(from: 0, to: images.count, by: plane) {
      for line in 0..<lines {
        for i in 0..<count {
          var sum: Float = 0
          for k in max(0, i - radius)...min(count - 1, i + radius) {
            sum += kernel[k - i + radius] * images[start + line * lineStep + k * step]
          }
          result[start + line * lineStep + i * step] = sum
        }
      }
    }
    return result
  }
}
