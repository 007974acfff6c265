#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where each place of an output comes from in an input, both counted from the image's middle, y downwards:
/// `(x, y) → (a x + b y + x0, c x + d y + y0)`.
struct AffineMap: Hashable, Sendable {
  var (a, b, x0): (Float, Float, Float) = (1, 0, 0)
  var (c, d, y0): (Float, Float, Float) = (0, 1, 0)

  /// The source of what another step makes of the output: `next` tells where its output comes from in this one's.
  mutating func follow(_ next: AffineMap) {
    let own = self
    a = own.a * next.a + own.b * next.c
    b = own.a * next.b + own.b * next.d
    c = own.c * next.a + own.d * next.c
    d = own.c * next.b + own.d * next.d
    x0 = own.a * next.x0 + own.b * next.y0 + own.x0
    y0 = own.c * next.x0 + own.d * next.y0 + own.y0
  }

  /// Everything moves right and down.
  static func shift(_ x: Float, _ y: Float) -> AffineMap {
    var map = AffineMap()
    (map.x0, map.y0) = (-x, -y)
    return map
  }

  /// Everything turns clockwise, as torchvision's `affine` does.
  static func rotation(degrees: Float) -> AffineMap {
    let angle = degrees * .pi / 180
    var map = AffineMap()
    (map.a, map.b) = (cosf(angle), sinf(angle))
    (map.c, map.d) = (-sinf(angle), cosf(angle))
    return map
  }

  /// Everything grows.
  static func scale(_ factor: Float) -> AffineMap {
    var map = AffineMap()
    (map.a, map.d) = (1 / factor, 1 / factor)
    return map
  }

  /// What is below moves left, what is above right.
  static func shear(degrees: Float) -> AffineMap {
    var map = AffineMap()
    map.b = tanf(degrees * .pi / 180)
    return map
  }

  /// Left becomes right.
  static var mirror: AffineMap {
    var map = AffineMap()
    map.a = -1
    return map
  }
}
