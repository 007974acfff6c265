public import Engine
import Networks
import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Maps that know nothing of the network: what a method has to beat.
public enum Control: String, CaseIterable, AttributionMethod {
  /// Independent normal numbers, the same for every image.
  case random
  /// A bell in the middle of the image, where digits are.
  case gaussian
  /// The edges of the image: its slope by Sobel's operator.
  case sobel

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let shape = executor.network.architecture.inputShape
    let (height, width, plane) = (shape.height, shape.width, shape.height * shape.width)
    switch self {
    case .random:
      var generator = SplitMix64(seed: 1, purpose: "random map")
      let map = shape.repeated((0..<plane).map { _ in generator.normal() })
      return Attribution(scores: targets.flatMap { _ in map }, targets: targets)
    case .gaussian:
      let deviation = Float(max(height, width)) / 4
      let map = (0..<plane).map { i -> Float in
        let y = Float(i / width) - Float(height - 1) / 2
        let x = Float(i % width) - Float(width - 1) / 2
        return expf(-(x * x + y * y) / (2 * deviation * deviation))
      }
      let whole = shape.repeated(map)
      return Attribution(scores: targets.flatMap { _ in whole }, targets: targets)
    case .sobel:
      var scores: [Float] = []
      for start in stride(from: 0, to: images.count, by: plane) {
        // Beyond the edge the image goes on as its last row or column.
        func pixel(_ y: Int, _ x: Int) -> Float {
          images[start + min(max(y, 0), height - 1) * width + min(max(x, 0), width - 1)]
        }
        for y in 0..<height {
          for x in 0..<width {
            let across =
              pixel(y - 1, x + 1) + 2 * pixel(y, x + 1) + pixel(y + 1, x + 1)
              - pixel(y - 1, x - 1) - 2 * pixel(y, x - 1) - pixel(y + 1, x - 1)
            let down =
              pixel(y + 1, x - 1) + 2 * pixel(y + 1, x) + pixel(y + 1, x + 1)
              - pixel(y - 1, x - 1) - 2 * pixel(y - 1, x) - pixel(y - 1, x + 1)
            scores.append((across * across + down * down).squareRoot())
          }
        }
      }
      return Attribution(scores: scores, targets: targets)
    }
  }
}
