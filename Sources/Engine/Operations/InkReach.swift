import KernelTable
import Networks

/// Where the ink of an image is seen in a feature map.
///
/// A place of the map that reads nothing but background is what it is for a blank image, to the last bit, and need
/// not be worked out.
struct InkReach: Sendable {
  private let image: Layout
  /// What a background pixel is after normalisation.
  private let background: Float
  private let scope: Scope
  private let height: Int
  private let width: Int

  /// Columns of the largest images and maps that are looked at, a bit each.
  private static let mostColumns = 64

  /// The reach of an image's ink into a map whose places read what `scope` says; `nil` if the image is large, or colored, for such
  /// pictures have no background.
  init?(
    _ image: Layout, background: Float, _ scope: Scope,
    to map: (height: Int, width: Int)
  ) {
    guard image.channels == 1, max(image.width, map.width) <= Self.mostColumns else { return nil }
    self.image = image
    self.background = background
    self.scope = scope
    (height, width) = map
  }

  /// Calls `body` with the places of each row of the map that read ink, a bit for each column.
  func withRows<Result>(
    of pixels: UnsafePointer<Float>, kernels: KernelTable,
    _ body: (UnsafeMutableBufferPointer<UInt64>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: image.height) { ink in
      if let rows = ink.baseAddress {
        kernels.inkRows(pixels, background, image.height, image.width, rows)
      }
      return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: height) { rows in
        for y in 0..<height { rows[y] = places(ink, row: y) }
        return body(rows)
      }
    }
  }

  private func places(_ ink: UnsafeMutableBufferPointer<UInt64>, row y: Int) -> UInt64 {
    let top = y * scope.stride - scope.margin
    var read: UInt64 = 0
    for r in (0..<image.height).clamped(to: top..<top + scope.kernel) { read |= ink[r] }
    if read == 0 { return 0 }
    var places: UInt64 = 0
    for x in 0..<width {
      let left = x * scope.stride - scope.margin
      // Bits of the columns left ..< left + kernel, as far as there are any.
      let window = read >> UInt64(max(0, left))
      let columns = scope.kernel + min(0, left)
      let isInked = columns > 0 && window << UInt64(max(0, 64 - columns)) != 0
      places |= (isInked ? 1 : 0) << UInt64(truncatingIfNeeded: x)
    }
    return places
  }
}
