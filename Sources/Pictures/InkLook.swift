/// Where the ink of a grey image is, and whether it is lighter than its ground.
struct InkLook {
  /// The box of the ink and its centre of mass.
  struct Box {
    var rows: Range<Int>
    var columns: Range<Int>
    var center: (x: Double, y: Double)
  }

  /// Ink fainter than this, of the strongest, is taken for noise of the ground.
  static let faintest: Float = 0.1
  /// The middle of the border's values: the ground.
  let ground: Float
  /// True for ink that is lighter than the ground; `nil` if nothing stands out.
  let isLight: Bool?
  /// `nil` without ink.
  let box: Box?

  init(_ planes: ImageScaling.Planes) {
    let (h, w) = (planes.height, planes.width)
    var edge: [Float] = []
    for x in 0..<w { edge += [planes.values[x], planes.values[(h - 1) * w + x]] }
    for y in 0..<h { edge += [planes.values[y * w], planes.values[y * w + w - 1]] }
    edge.sort()
    ground = edge[edge.count / 2]
    // What stands out must stand out from the border as a whole: shade and noise lie on both sides of its middle.
    let sorted = planes.values.sorted()
    let last = sorted.count - 1
    let (low, high) = (sorted[last / 200], sorted[last - last / 200])
    let (below, above) = (ground - min(low, ground), max(high, ground) - ground)
    guard max(below, above) > 0.05 else {
      (isLight, box) = (nil, nil)
      return
    }
    let isLight = above > below
    self.isLight = isLight
    let ground = ground
    box = Self.box(
      planes.values.map { isLight ? max(0, $0 - ground) : max(0, ground - $0) }, h, w)
  }

  /// The box of what is not faint.
  static func box(_ ink: [Float], _ height: Int, _ width: Int) -> Box? {
    let limit = faintest * (ink.max() ?? 0)
    guard limit > 0 else { return nil }
    let rows = (0..<height).filter { y in (0..<width).contains { ink[y * width + $0] > limit } }
    let columns = (0..<width).filter { x in (0..<height).contains { ink[$0 * width + x] > limit } }
    guard let top = rows.first, let bottom = rows.last, let left = columns.first,
      let right = columns.last
    else { return nil }
    var (mass, sumX, sumY) = (1e-9, 0.0, 0.0)
    for y in top...bottom {
      for x in left...right {
        let value = Double(ink[y * width + x])
        mass += value
        sumX += value * (Double(x) + 0.5)
        sumY += value * (Double(y) + 0.5)
      }
    }
    return Box(
      rows: top..<bottom + 1, columns: left..<right + 1, center: (sumX / mass, sumY / mass))
  }
}
