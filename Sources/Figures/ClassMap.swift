public import Drawing

/// Images as points of a plane, each drawn as the name of its class, errors ringed.
///
/// Ten colors are not enough to tell classes apart, so the mark is the name itself. Names that
/// are longer than two letters become dots, and each class is named once, near its middle.
public struct ClassMap: Chart {
  /// One image.
  public struct Item: Hashable, Sendable {
    /// Where it is, in any unit.
    public var position: Point
    /// The place of its class among the names.
    public var label: Int
    /// True if the network misread it.
    public var isWrong: Bool
    /// What is said of it under the pointer, if it was misread.
    public var title: String?

    /// An image from its position and class.
    public init(_ position: Point, label: Int, isWrong: Bool = false, title: String? = nil) {
      self.position = position
      self.label = label
      self.isWrong = isWrong
      self.title = title
    }
  }

  /// The images.
  public var items: [Item]
  /// The names of the classes.
  public var classNames: [String]
  /// The height in pixels in place of one that suits the width.
  public var height: Double?

  /// A map of images.
  public init(_ items: [Item], classNames: [String], height: Double? = nil) {
    self.items = items
    self.classNames = classNames
    self.height = height
  }

  /// The images of each class and where most of them lie.
  public var table: FigureTable? {
    FigureTable(
      header: ["Class", "Images", "Misread", "Middle, across", "Middle, down"],
      rows: classNames.indices.map { label in
        let own = items.filter { $0.label == label }
        let middle = ClassMap.middle(own.map(\.position))
        return [
          classNames[label], Format.count(own.count), Format.count(own.count(where: \.isWrong)),
          middle.map { Format.significant($0.x, 3) } ?? "",
          middle.map { Format.significant($0.y, 3) } ?? "",
        ]
      })
  }

  /// The marks for a width in pixels; both directions have the same scale.
  public func layout(width: Double) -> FigureLayout {
    var layout = FigureLayout(
      width: width, height: height ?? (width >= 700 ? 680 : min(width * 1.1, 420)))
    let usable = items.filter { item in
      item.position.x.isFinite && item.position.y.isFinite
        && classNames.indices.contains(item.label)
    }
    let (xs, ys) = (usable.map(\.position.x), usable.map(\.position.y))
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max()
    else {
      layout.text(
        "no data", width / 2, layout.height / 2, TextStyle(size: 13, anchor: .middle))
      return layout
    }
    let margin = 14.0
    let spans = [(right - left, width), (bottom - top, layout.height)]
    let scale =
      spans.map { span, room in
        span > 0 && span.isFinite ? (room - 2 * margin) / span : 1
      }.min() ?? 1
    let (midX, midY) = (left / 2 + right / 2, top / 2 + bottom / 2)
    func place(_ item: Item) -> Point {
      let x = width / 2 + (item.position.x - midX) * scale
      let y = layout.height / 2 + (item.position.y - midY) * scale
      return Point((x * 2).rounded() / 2, (y * 2).rounded() / 2)
    }
    let usesNames = width >= 450 && classNames.allSatisfy { $0.count <= 2 }
    var marks: [Mark] = []
    // Errors lie on top. Class by class, so that runs of marks share their color in a file.
    for item in classNames.indices.flatMap({ label in
      usable.filter { $0.label == label && !(usesNames && $0.isWrong) }
    }) {
      let (at, ink) = (place(item), Ink.category(item.label))
      if usesNames {
        marks.append(
          .text(
            classNames[item.label], Point(at.x, at.y + 4),
            TextStyle(ink, size: 11, anchor: .middle)))
      } else {
        marks.append(.circle(at, radius: 1.6, fill: ink, stroke: nil))
      }
    }
    for item in usable where item.isWrong {
      let at = place(item)
      marks.append(
        .circle(
          at, radius: usesNames ? 7.5 : 3.5, fill: usesNames ? .background : nil,
          stroke: Stroke(.wrong, width: 1.25), title: item.title))
      if usesNames {
        marks.append(
          .text(
            classNames[item.label], Point(at.x, at.y + 4),
            TextStyle(.wrong, size: 11, weight: .semibold, anchor: .middle)))
      }
    }
    layout.marks += marks
    let middles = classNames.indices.map { label in
      (label, ClassMap.middle(usable.filter { $0.label == label }.map(place)))
    }
    drawNames(middles.compactMap { label, at in at.map { (label, $0) } }, &layout)
    return layout
  }

  /// More classes than this cannot all be named or shown with many images.
  package static let mostNames = 20

  /// Writes each class's name over its middle, the uppermost first; one that would lie on another stands below it, or, of
  /// very many classes, is left out.
  private func drawNames(_ places: [(label: Int, at: Point)], _ layout: inout FigureLayout) {
    let isCrowded = classNames.count > Self.mostNames
    let style = TextStyle(
      .ink, size: layout.width >= 700 && !isCrowded ? 26 : 14, weight: .semibold, anchor: .middle,
      halo: .background)
    var taken: [Rectangle] = []
    for (label, at) in places.sorted(by: { ($0.at.y, $0.label) < ($1.at.y, $1.label) }) {
      let name = TextMetrics.truncated(classNames[label], to: layout.width * 0.3, style: style)
      let half = TextMetrics.width(of: name, style: style) / 2
      let x = min(max(at.x, half), layout.width - half)
      var box = Rectangle(
        x: x - half, y: max(at.y - style.size / 2, 0), width: 2 * half, height: style.size)
      if isCrowded, taken.contains(where: { $0.overlaps(box) }) { continue }
      while let other = taken.first(where: { $0.overlaps(box) }) { box.y = other.maxY }
      // Where there is no room below, names lie on one another after all.
      if box.maxY > layout.height { box.y = max(at.y - style.size / 2, 0) }
      taken.append(box)
      layout.text(name, x, max(box.midY + style.size * 0.36, 12), style)
    }
  }

  /// The point whose coordinates are the medians, which strays less than the mean.
  private static func middle(_ points: [Point]) -> Point? {
    guard !points.isEmpty else { return nil }
    let (xs, ys) = (points.map(\.x).sorted(), points.map(\.y).sorted())
    return Point(xs[xs.count / 2], ys[ys.count / 2])
  }
}
