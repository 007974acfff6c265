public import Drawing

/// A square cut into the regions of classes, each with the name of its class, stronger where the network is surer.
public struct RegionMap: Chart {
  /// A marked place.
  public struct Corner: Hashable, Sendable {
    /// Where it is, from 0 to 1 in both directions.
    public var place: Point
    /// The words beside it.
    public var label: String

    /// A marked place.
    public init(_ place: Point, _ label: String) {
      self.place = place
      self.label = label
    }
  }

  /// Points along each side.
  public var side: Int
  /// The class at each point, row by row.
  public var labels: [Int]
  /// How sure the network is there, from 0 to 1.
  public var confidence: [Double]
  /// The names of the classes.
  public var classNames: [String]
  /// The marked places.
  public var corners: [Corner]

  /// A map of regions; there are as many labels and confidences as points.
  public init(
    side: Int, labels: [Int], confidence: [Double], classNames: [String], corners: [Corner] = []
  ) {
    self.side = side
    self.labels = labels
    self.confidence = confidence
    self.classNames = classNames
    self.corners = corners
  }

  /// A region smaller than this share of the square has no name.
  private static let namedShare = 0.012

  /// The marks for a width in pixels; the square is at most 520 pixels wide.
  public func layout(width: Double) -> Layout {
    let cell = (min(width, 520) / Double(max(side, 1))).rounded(.down)
    let size = cell * Double(side)
    var layout = Layout(width: width, height: size)
    layout.marks.append(
      .image(
        .themed(light: picture(.light), dark: picture(.dark)),
        Rectangle(x: 0, y: 0, width: size, height: size)))
    // Hairlines where two regions meet.
    for y in 0..<side {
      for x in 0..<side {
        let (left, top) = (Double(x) * cell, Double(y) * cell)
        if x + 1 < side, labels[y * side + x] != labels[y * side + x + 1] {
          layout.line(left + cell, top, left + cell, top + cell, Stroke(.ink3))
        }
        if y + 1 < side, labels[y * side + x] != labels[(y + 1) * side + x] {
          layout.line(left, top + cell, left + cell, top + cell, Stroke(.ink3))
        }
      }
    }
    for region in regions where Double(region.count) >= Self.namedShare * Double(labels.count) {
      let at = middle(region)
      let style = TextStyle(.ink, size: 15, weight: .semibold, anchor: .middle, halo: .background)
      let name = TextMetrics.truncated(classNames[labels[at]], to: size / 4, style: style)
      layout.text(
        name, (Double(at % side) + 0.5) * cell, (Double(at / side) + 0.5) * cell + 5, style)
    }
    for corner in corners {
      let (x, y) = (corner.place.x * size, corner.place.y * size)
      layout.marks.append(
        .circle(Point(x, y), radius: 4, fill: .ink, stroke: Stroke(.background, width: 1.5)))
      layout.text(
        corner.label, x + 9, y - 7, TextStyle(.ink, size: 12, weight: .semibold, halo: .background))
    }
    return layout
  }

  /// How much of the square each class has.
  public var table: FigureTable? {
    let counts = classNames.indices.map { label in labels.count { $0 == label } }
    return FigureTable(
      header: ["Class", "Share of the plane"],
      rows: classNames.indices.filter { counts[$0] > 0 }.map {
        [
          classNames[$0],
          Format.percent(Double(counts[$0]) / Double(max(labels.count, 1)), decimals: 1),
        ]
      })
  }

  /// The class's color mixed with the page's, more of it where the network is surer.
  private func picture(_ appearance: Appearance) -> PixelImage {
    let theme = Theme(appearance: appearance)
    let page = theme.color(.background)
    var pixels: [UInt8] = []
    for (label, sure) in zip(labels, confidence) {
      let color = theme.color(.category(label))
      let share = 0.08 + 0.42 * min(max(sure.isFinite ? sure : 0, 0), 1)
      for (from, to) in [(page.red, color.red), (page.green, color.green), (page.blue, color.blue)]
      {
        pixels.append(UInt8((Double(from) + share * (Double(to) - Double(from))).rounded()))
      }
    }
    return PixelImage(width: side, height: side, channels: 3, pixels: pixels)
  }

  /// The points of each region: those of one class that touch one another.
  private var regions: [[Int]] {
    var seen = [Bool](repeating: false, count: labels.count)
    return labels.indices.compactMap { start in
      guard !seen[start] else { return nil }
      seen[start] = true
      var (found, open) = ([start], [start])
      while let at = open.popLast() {
        let (x, y) = (at % side, at / side)
        let next = [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]
        for (x, y) in next where (0..<side).contains(x) && (0..<side).contains(y) {
          let other = y * side + x
          guard !seen[other], labels[other] == labels[start] else { continue }
          seen[other] = true
          found.append(other)
          open.append(other)
        }
      }
      return found
    }
  }

  /// The point of a region that is nearest to its mean.
  private func middle(_ region: [Int]) -> Int {
    let n = Double(region.count)
    let x = region.reduce(0.0) { $0 + Double($1 % side) } / n
    let y = region.reduce(0.0) { $0 + Double($1 / side) } / n
    func distance(_ at: Int) -> Double {
      let (dx, dy) = (Double(at % side) - x, Double(at / side) - y)
      return dx * dx + dy * dy
    }
    return region.min { (distance($0), $0) < (distance($1), $1) } ?? region[0]
  }
}
