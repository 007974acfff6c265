public import Drawing
import Pictures

/// A square cut into the regions of classes, each with the name of its class, stronger where the network is surer, so that
/// a pale line parts them.
public struct RegionMap: Chart {
  /// A picture at its place.
  public struct Corner: Hashable, Sendable {
    /// Where it is, from 0 to 1 in both directions.
    public var place: Point
    /// The picture.
    public var picture: Picture

    /// A picture at a place.
    public init(_ place: Point, _ picture: Picture) {
      self.place = place
      self.picture = picture
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
  /// Pictures at their places.
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

  /// The marks for a width in pixels; the square is at most 560 pixels wide.
  public func layout(width: Double) -> FigureLayout {
    let cell = max(1, (min(width, 560) / Double(max(side, 1))).rounded(.down))
    let size = cell * Double(side)
    var layout = FigureLayout(width: width, height: size)
    layout.marks.append(
      .image(
        .themed(light: picture(.light), dark: picture(.dark)),
        Rectangle(x: 0, y: 0, width: size, height: size)))
    let boxes = corners.map { corner in
      let scale = Double(max(1, Int(size / 7) / max(corner.picture.width, 1)))
      let (w, h) = (Double(corner.picture.width) * scale, Double(corner.picture.height) * scale)
      return Rectangle(
        x: (corner.place.x * size - w / 2).rounded(), y: (corner.place.y * size - h / 2).rounded(),
        width: w, height: h)
    }
    // The lines between the pictures, beyond which the map goes on.
    for (at, corner) in corners.enumerated() {
      let next = corners[(at + 1) % corners.count].place
      layout.marks.append(
        .line(
          Point(corner.place.x * size, corner.place.y * size),
          Point(next.x * size, next.y * size), Stroke(.ink2, width: 1)))
    }
    for (corner, box) in zip(corners, boxes) {
      layout.area(box.x - 1, box.y - 1, box.width + 2, box.height + 2, .background)
      layout.marks += [.image(corner.picture, box), .frame(box, Stroke(.rule2))]
    }
    for region in regions where Double(region.count) >= Self.namedShare * Double(labels.count) {
      let free = region.filter { at in
        let (x, y) = ((Double(at % side) + 0.5) * cell, (Double(at / side) + 0.5) * cell)
        return boxes.allSatisfy {
          x < $0.x - 18 || x > $0.maxX + 18 || y < $0.y - 18 || y > $0.maxY + 18
        }
      }
      let at = middle(of: region, among: free.isEmpty ? region : free)
      let style = TextStyle(
        .ink, size: size >= 400 ? 24 : 17, weight: .semibold, anchor: .middle, halo: .background)
      let name = TextMetrics.truncated(classNames[labels[at]], to: size / 4, style: style)
      layout.text(
        name, (Double(at % side) + 0.5) * cell, (Double(at / side) + 0.5) * cell + style.size / 3,
        style)
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

  /// Steps of confidence that are told apart: more would only enlarge the file.
  private static let shades = 12.0

  /// The class's color mixed with the page's, more of it where the network is surer.
  private func picture(_ appearance: Appearance) -> PixelImage {
    let theme = Theme(appearance: appearance)
    let page = theme.color(.background)
    var pixels: [UInt8] = []
    for (label, sure) in zip(labels, confidence) {
      let color = theme.color(.category(label))
      let strength = min(max(((sure.isFinite ? sure : 0) - 0.4) / 0.6, 0), 1)
      let share = 0.5 * (Self.shades * strength).rounded() / Self.shades
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

  /// The one of some points that is nearest to a region's mean.
  private func middle(of region: [Int], among points: [Int]) -> Int {
    let n = Double(region.count)
    let x = region.reduce(0.0) { $0 + Double($1 % side) } / n
    let y = region.reduce(0.0) { $0 + Double($1 / side) } / n
    func distance(_ at: Int) -> Double {
      let (dx, dy) = (Double(at % side) - x, Double(at / side) - y)
      return dx * dx + dy * dy
    }
    return points.min { (distance($0), $0) < (distance($1), $1) } ?? region[0]
  }
}
