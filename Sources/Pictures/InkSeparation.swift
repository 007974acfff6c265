/// Dark ink told from its ground, which may be shaded, grainy or ruled: the ground is looked for place by place.
struct InkSeparation {
  /// How strong the ink is at each place, from 0 to 1.
  let strength: [Float]
  /// True if nothing stands out.
  let isBlank: Bool
  /// True if the ground is not of one brightness, or if lines fainter than the ink were taken away.
  let hadUnevenGround: Bool

  /// Blocks along the longer side, in each of which the ground is taken to be even.
  private static let blocks = 16
  /// Less of the ground's brightness than this is noise.
  private static let least: Float = 0.15
  /// Fainter than this share of the strongest ink is no ink, stronger than that share is; between them it fades in.
  private static let fading: (from: Float, to: Float) = (0.4, 0.65)

  /// - Parameters:
  ///   - planes: one plane, dark on light.
  ///   - isSharp: true for a large picture, whose ink is cut out by its strength; in a small one the grey of its edges
  ///     is part of it.
  init(_ planes: ImageScaling.Planes, isSharp: Bool) {
    let ground = Self.ground(planes)
    var ink = zip(planes.values, ground).map { value, ground in
      ground > 0 ? max(0, (ground - value) / ground) : 0
    }
    // A thousandth may be specks.
    let sorted = ink.sorted()
    let strongest = sorted[(sorted.count - 1) - (sorted.count - 1) / 1000]
    let lines = Self.removeLines(
      &ink, planes.height, planes.width, fainterThan: Self.faintLine * strongest)
    let (low, high) = (ground.min() ?? 0, ground.max() ?? 0)
    guard strongest > Self.least else {
      strength = [Float](repeating: 0, count: ink.count)
      (isBlank, hadUnevenGround) = (true, false)
      return
    }
    isBlank = false
    var hasFaintMarks = lines > 0
    if isSharp {
      let (from, to) = Self.fading
      let limit = strongest * from
      hasFaintMarks =
        hasFaintMarks || ink.count { $0 > Self.least && $0 < limit } > ink.count / 50
      ink = ink.map { min(max(($0 / strongest - from) / (to - from), 0), 1) }
    } else {
      let noise = min(Self.least, strongest / 4)
      ink = ink.map { $0 < noise ? 0 : min(1, $0 / strongest) }
    }
    strength = ink
    hadUnevenGround = hasFaintMarks || high - low > 0.15
  }

  /// Lines on paper are fainter than this share of the ink.
  private static let faintLine: Float = 0.75

  /// Takes ruled lines away: rows and columns that are inked from end to end, and fainter than the ink itself.
  ///
  /// - Returns: how many rows and columns were part of a line.
  private static func removeLines(
    _ ink: inout [Float], _ height: Int, _ width: Int, fainterThan limit: Float
  ) -> Int {
    var lines = 0
    func subtractMedian(_ places: [Int]) {
      let sorted = places.map { ink[$0] }.sorted()
      let (nearlyLeast, median) = (sorted[places.count / 20], sorted[places.count / 2])
      guard nearlyLeast > least, median < limit else { return }
      lines += 1
      for place in places { ink[place] = max(0, ink[place] - median) }
    }
    for y in 0..<height { subtractMedian(Array(y * width..<(y + 1) * width)) }
    for x in 0..<width {
      subtractMedian(Array(stride(from: x, to: height * width, by: width)))
    }
    return lines
  }

  /// The brightness of the ground at each place: of each block nearly the lightest, blocks full of ink filled up from
  /// their neighbours, with no steps between blocks.
  private static func ground(_ planes: ImageScaling.Planes) -> [Float] {
    let (h, w) = (planes.height, planes.width)
    let side = max(4, (max(h, w) + blocks - 1) / blocks)
    let (rows, columns) = ((h + side - 1) / side, (w + side - 1) / side)
    var levels = [Float](repeating: 0, count: rows * columns)
    for row in 0..<rows {
      for column in 0..<columns {
        var values: [Float] = []
        for y in row * side..<min((row + 1) * side, h) {
          for x in column * side..<min((column + 1) * side, w) {
            values.append(planes.values[y * w + x])
          }
        }
        values.sort()
        levels[row * columns + column] = values[(values.count - 1) * 3 / 4]
      }
    }
    // Ink that fills a block leaves no ground to be seen there: the median of the lighter neighbours stands in.
    let filled = levels.indices.map { place -> Float in
      let (row, column) = (place / columns, place % columns)
      var near: [Float] = []
      for y in max(0, row - 2)...min(rows - 1, row + 2) {
        for x in max(0, column - 2)...min(columns - 1, column + 2) {
          near.append(levels[y * columns + x])
        }
      }
      near.sort()
      return max(levels[place], near[near.count / 2])
    }
    return ImageScaling.resized(
      ImageScaling.Planes(channels: 1, height: rows, width: columns, values: filled), height: h,
      width: w
    ).values
  }
}
