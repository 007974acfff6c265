public import Datasets
public import Engine
import Synchronization

/// The images of a set that lie nearest to pictures, pixel by pixel.
public enum NearestImages {
  /// The nearest image of one picture.
  public struct Match: Codable, Equatable, Sendable {
    /// Its place in the set, the first among equals.
    public let image: Int
    /// The sum of the squared differences of all pixels, on a scale from 0 to 1.
    public let squaredDistance: Double

    /// A match.
    public init(image: Int, squaredDistance: Double) {
      (self.image, self.squaredDistance) = (image, squaredDistance)
    }
  }

  /// Pictures that look at an image while it is in the cache.
  private static let batch = 16

  /// Finds the nearest image of each picture.
  ///
  /// - Parameters:
  ///   - pictures: 0...255, `[N][C][H][W]`.
  ///   - images: the set, whose images have the pictures' size.
  ///   - pool: the threads.
  /// - Returns: a match for each picture.
  /// - Precondition: there is an image.
  public static func find(
    _ pictures: [UInt8], among images: LabeledImages, pool: WorkerPool
  ) -> [Match] {
    let size = images.imageSize
    precondition(
      images.count > 0 && pictures.count.isMultiple(of: size),
      "NearestImages: \(pictures.count) pixels, \(images.count) images of \(size)")
    let count = pictures.count / size
    let batches = (count + batch - 1) / batch
    let found = Mutex([[Match]](repeating: [], count: batches))
    pool.run(batches) { index, _ in
      let range = index * batch..<min((index + 1) * batch, count)
      let matches = find(pictures, range, among: images)
      found.withLock { $0[index] = matches }
    }
    return found.withLock { Array($0.joined()) }
  }

  private static func find(
    _ pictures: [UInt8], _ range: Range<Int>, among images: LabeledImages
  ) -> [Match] {
    let size = images.imageSize
    var best = range.map { _ in (image: 0, distance: Int.max) }
    pictures.withUnsafeBufferPointer { pictures in
      images.pixels.withUnsafeBufferPointer { pixels in
        for image in 0..<images.count {
          for (place, picture) in range.enumerated() {
            let (own, other) = (picture * size, image * size)
            // Whole numbers, so that the order in which they are added does not matter. 2^31 holds 33,000 pixels.
            var sum = 0
            for start in stride(from: 0, to: size, by: 16_384) {
              var part: Int32 = 0
              for i in start..<min(start + 16_384, size) {
                let difference = Int32(pictures[own + i]) - Int32(pixels[other + i])
                part &+= difference &* difference
              }
              sum += Int(part)
            }
            if sum < best[place].distance { best[place] = (image, sum) }
          }
        }
      }
    }
    return best.map { Match(image: $0.image, squaredDistance: Double($0.distance) / (255 * 255)) }
  }
}
