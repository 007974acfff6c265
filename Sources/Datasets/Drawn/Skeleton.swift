/// One way of writing a digit: strokes through control points.
struct Skeleton: Sendable {
  /// A point that a stroke goes through.
  struct Control: Sendable {
    var x: Float
    var y: Float
    let isCorner: Bool
  }

  let weight: Float
  let strokes: [[Control]]
  /// For each control point, counted through all strokes, the first one at the same place: they move together.
  let twin: [Int]

  /// Reads a line of the table; `nil` if it is not one.
  init?(_ line: String) {
    let parts = line.split(separator: ":")
    guard parts.count == 2, let weight = Float(parts[0]) else { return nil }
    self.weight = weight
    strokes = parts[1].split(separator: ";").map { stroke in
      stroke.split(separator: " ").compactMap { text in
        let isCorner = text.hasSuffix("*")
        let numbers = text.filter { $0 != "*" }.split(separator: ",").compactMap { Float($0) }
        guard numbers.count == 2 else { return nil }
        return Control(x: numbers[0] / 100, y: numbers[1] / 100, isCorner: isCorner)
      }
    }
    guard strokes.allSatisfy({ $0.count >= 2 }) else { return nil }
    let all = strokes.flatMap { $0 }
    twin = all.indices.map { index in
      all.firstIndex { $0.x == all[index].x && $0.y == all[index].y } ?? index
    }
  }

  /// The ways of writing each digit.
  static let all: [[Skeleton]] = DrawnSkeletons.table.map { $0.compactMap { Skeleton($0) } }
}

/// A stroke's curve: a uniform Catmull-Rom spline, blended between keeping its corners, smoothing them, and the
/// straight polyline.
///
/// Reference: Catmull, Rom, A Class of Local Interpolating Splines (1974).
struct StrokeCurve {
  let controls: [Skeleton.Control]
  /// 1 keeps corners, 0 smooths them.
  let cornerShare: Float
  /// 1 draws straight lines between the points.
  let straightShare: Float

  /// The point a share `t` along segment `index`.
  func point(_ index: Int, _ t: Float) -> (x: Float, y: Float) {
    let (a, b) = (controls[index], controls[index + 1])
    let before = index > 0 ? controls[index - 1] : a
    let after = index + 2 < controls.count ? controls[index + 2] : b
    func curve(_ p: KeyPath<Skeleton.Control, Float>) -> Float {
      let (p1, p2) = (a[keyPath: p], b[keyPath: p])
      let smooth = Self.spline(before[keyPath: p], p1, p2, after[keyPath: p], t)
      let sharp = Self.spline(
        a.isCorner ? p1 : before[keyPath: p], p1, p2, b.isCorner ? p2 : after[keyPath: p], t)
      let round = cornerShare * sharp + (1 - cornerShare) * smooth
      return (1 - straightShare) * round + straightShare * (p1 + (p2 - p1) * t)
    }
    return (curve(\.x), curve(\.y))
  }

  private static func spline(
    _ p0: Float, _ p1: Float, _ p2: Float, _ p3: Float, _ t: Float
  ) -> Float {
    let linear = p2 - p0
    let square = 2 * p0 - 5 * p1 + 4 * p2 - p3
    let cube = 3 * (p1 - p2) + p3 - p0
    return p1 + 0.5 * t * (linear + t * (square + t * cube))
  }
}
