#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a flow's network reads beside the picture: planes that say how far the way is gone, and which class is wanted.
package struct FlowPlanes: Sendable {
  /// The pictures.
  package let shape: ImageShape
  /// How many classes can be asked for.
  package let classes: Int

  /// Planes for pictures of a shape, of so many classes.
  package init(shape: ImageShape, classes: Int) {
    self.shape = shape
    self.classes = classes
  }

  /// Of the time t: itself, and waves that tell near times apart.
  private static let waves = 2
  private static let timePlanes = 1 + 2 * waves

  /// The image that the network reads.
  package var inputShape: ImageShape {
    ImageShape(
      channels: shape.channels + Self.timePlanes + classes, height: shape.height,
      width: shape.width)
  }

  /// Writes what the network reads: the picture as it is at time `t`, -1 for dark and 1 for light, and the planes.
  ///
  /// - Parameters:
  ///   - picture: `[C][H][W]`.
  ///   - t: in 0...1.
  ///   - label: the class; `nil` if it is not told.
  ///   - target: `[channels][H][W]` of `inputShape`.
  package func write(
    _ picture: UnsafePointer<Float>, time t: Float, label: Int?,
    to target: UnsafeMutablePointer<Float>
  ) {
    let plane = shape.height * shape.width
    target.update(from: picture, count: shape.count)
    var next = target + shape.count
    func fill(_ value: Float) {
      next.update(repeating: value, count: plane)
      next += plane
    }
    fill(2 * t - 1)
    for wave in 1...Self.waves {
      let angle = Float(wave) * .pi * t
      fill(sinf(angle))
      fill(cosf(angle))
    }
    for index in 0..<classes { fill(index == label ? 1 : 0) }
  }
}
