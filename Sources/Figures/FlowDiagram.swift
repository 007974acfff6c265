public import Drawing

/// Pictures along a line that runs from top to bottom, parts into branches and meets again.
///
/// The line of a first branch goes straight on; those of the others leave it to the right and come back to it. As many
/// of the pictures of a stop are drawn as fit beside one another.
public struct FlowDiagram: Chart {
  /// A place on the line, with what passes there.
  public struct Stop: Sendable {
    /// The words beside the pictures, the first of them its name.
    public var caption: [StyledLine]
    /// Pictures of one size, the most telling first.
    public var pictures: [Picture]
    /// How many screen pixels a pixel is wide.
    public var scale: Int
    /// Bars in place of pictures.
    public var bars: [ImageGrid.TileBar]

    /// A place from what stands there.
    public init(
      caption: [StyledLine], pictures: [Picture] = [], scale: Int = 1,
      bars: [ImageGrid.TileBar] = []
    ) {
      self.caption = caption
      self.pictures = pictures
      self.scale = scale
      self.bars = bars
    }
  }

  /// How branches become one.
  public enum Joint: Sendable {
    /// Added.
    case sum
    /// Laid one behind the other.
    case concatenation
    /// Their probabilities averaged.
    case mixture
  }

  /// What stands on a line.
  public indirect enum Part: Sendable {
    /// A place on it.
    case stop(Stop)
    /// Branches, and the place where they meet; an empty branch leads straight there.
    case block([[Part]], Joint, Stop)
    /// Blocks that are not drawn in full, with words in their place; `isBypassed` if a branch leads around them.
    case folded(Joint, isBypassed: Bool, [StyledLine])
  }

  /// From top to bottom.
  public var parts: [Part]

  /// A diagram of what stands on its line.
  public init(_ parts: [Part]) { self.parts = parts }

  /// The marks for a width in pixels.
  public func layout(width: Double) -> FigureLayout {
    var layout = FigureLayout(width: width)
    layout.height = draw(parts, x: 0, y: 0, width: width, isWhole: true, &layout)
    return layout
  }

  // MARK: Sizes

  /// From the left edge to the line, and on to what stands beside it.
  private static let (line, beside) = (9.0, 30.0)
  /// Words stand left of pictures where there is room for both, else above them.
  private static let (captionWidth, roomForBoth) = (168.0, 400.0)
  /// Pictures of a stop take about so much height, however small they are.
  private static let pictureHeight = 64.0
  /// Space between the pictures of a stop, between stops, and between branches.
  private static let (gutter, gap, branchGap) = (4.0, 20.0, 20.0)
  /// What the line of an empty branch takes, with its word and, where there is little room, without.
  private static let (emptyWidth, bareWidth, roomForWord) = (92.0, 24.0, 240.0)
  private static let (lineHeight, barHeight) = (16.0, 14.0)
  private static let (radius, smallRadius) = (9.0, 6.0)
  private static let stroke = Stroke(.ink3, width: 1.5)

  // MARK: Parts

  /// Draws what stands on a line, which if it `isWhole` begins at its first stop and ends at its last, and finds where the
  /// next part begins.
  private func draw(
    _ parts: [Part], x: Double, y: Double, width: Double, isWhole: Bool = false,
    _ layout: inout FigureLayout
  ) -> Double {
    let rail = x + Self.line
    var y = y
    for (place, part) in parts.enumerated() {
      switch part {
      case .stop(let stop):
        let isStart = isWhole && place == 0
        let isEnd = isWhole && place == parts.count - 1
        let end = draw(stop, x: x + Self.beside, y: y, width: width - Self.beside, &layout)
        layout.line(rail, isStart ? y + 8 : y, rail, isEnd ? y + 8 : end, Self.stroke)
        if isStart {
          layout.marks.append(.circle(Point(rail, y + 8), radius: 3, fill: .ink, stroke: nil))
        } else {
          Self.arrow(to: rail, y + 13, dx: 0, dy: 1, &layout)
        }
        y = isEnd ? end - Self.gap : end
      case .block(let branches, let joint, let stop):
        y = draw(branches, joint, stop, x: x, y: y, width: width, &layout)
      case .folded(let joint, let isBypassed, let words):
        y = draw(joint, isBypassed: isBypassed, words, x: x, y: y, width: width, &layout)
      }
    }
    return y
  }

  private func draw(
    _ stop: Stop, x: Double, y: Double, width: Double, _ layout: inout FigureLayout
  ) -> Double {
    let isBeside = width >= Self.roomForBoth
    let hasPictures = !stop.pictures.isEmpty || !stop.bars.isEmpty
    let captionWidth = isBeside && hasPictures ? Self.captionWidth : width
    let left = isBeside ? captionWidth + 12 : 0
    let room = width - left
    let native = (stop.pictures.first?.width ?? 0, stop.pictures.first?.height ?? 0)
    // Wider than the room, as a long list of numbers on a phone: smaller.
    let scale = (1...max(stop.scale, 1)).last { Double(native.0 * $0) <= room } ?? 1
    let size = (width: Double(native.0 * scale), height: Double(native.1 * scale))
    let columns = max(1, Int((room + Self.gutter) / (size.width + Self.gutter)))
    let rows = max(1, Int(Self.pictureHeight / (size.height + Self.gutter)))
    let shown = min(stop.pictures.count, rows * columns)
    var lines = stop.caption.flatMap { Self.wrapped($0, to: captionWidth) }
    if shown < stop.pictures.count {
      lines.append(StyledLine("\(shown) of \(stop.pictures.count) shown", .ink3))
    }
    for (index, line) in lines.enumerated() {
      layout.styled(line, x, y + 13 + Double(index) * Self.lineHeight, size: 12, room: captionWidth)
    }
    let below = y + Double(lines.count) * Self.lineHeight
    guard hasPictures else { return below + Self.gap }
    let top = isBeside ? y + 2 : below + 6
    for (index, bar) in stop.bars.enumerated() {
      layout.bar(
        bar, x: x + left, baseline: top + 11 + Double(index) * Self.barHeight, width: min(room, 220)
      )
    }
    if shown > 0 {
      let gutter = max(1, Int(Self.gutter) / scale)
      let sheet = Plate.sheet(Array(stop.pictures.prefix(shown)), columns: columns, gutter: gutter)
      layout.marks.append(
        .image(
          sheet,
          Rectangle(
            x: x + left, y: top, width: Double(sheet.width * scale),
            height: Double(sheet.height * scale))))
      let step = Double(gutter * scale)
      for index in 0..<shown {
        let box = Rectangle(
          x: x + left + Double(index % columns) * (size.width + step) - 0.5,
          y: top + Double(index / columns) * (size.height + step) - 0.5, width: size.width + 1,
          height: size.height + 1)
        layout.marks.append(.frame(box, Stroke(.rule)))
      }
      let height = Double(sheet.height * scale)
      return max(below, top + height) + Self.gap
    }
    return max(below, top + Double(stop.bars.count) * Self.barHeight) + Self.gap
  }

  private func draw(
    _ branches: [[Part]], _ joint: Joint, _ stop: Stop, x: Double, y: Double, width: Double,
    _ layout: inout FigureLayout
  ) -> Double {
    let rail = x + Self.line
    let columns = Self.columns(branches, x: x, width: width)
    let (fork, top) = (y + 2, y + 20)
    let ends = zip(branches, columns).map { branch, column in
      guard branch.isEmpty else {
        return draw(branch, x: column.x, y: top, width: column.width, &layout)
      }
      if column.width > Self.bareWidth {
        layout.text("unchanged", column.x + Self.line + 10, top + 13, TextStyle(.ink3))
      }
      return top + 28
    }
    let meeting = (ends.max() ?? top) + Self.radius
    for ((branch, column), end) in zip(zip(branches, columns), ends) {
      let own = column.x + Self.line
      layout.line(own, fork, own, branch.isEmpty ? end : top, Self.stroke)
      layout.line(own, end, own, meeting, Self.stroke)
    }
    if let last = columns.last, columns.count > 1 {
      layout.line(rail, fork, last.x + Self.line, fork, Self.stroke)
      layout.line(rail, meeting, last.x + Self.line, meeting, Self.stroke)
      Self.arrow(to: rail + Self.radius + 1, meeting, dx: -1, dy: 0, &layout)
    }
    layout.marks.append(.circle(Point(rail, fork), radius: 3, fill: .ink, stroke: nil))
    Self.draw(joint, rail, meeting, radius: Self.radius, &layout)
    let end = draw(
      stop, x: x + Self.beside, y: meeting + 6, width: width - Self.beside, &layout)
    layout.line(rail, meeting + Self.radius, rail, end, Self.stroke)
    return end
  }

  private func draw(
    _ joint: Joint, isBypassed: Bool, _ words: [StyledLine], x: Double, y: Double, width: Double,
    _ layout: inout FigureLayout
  ) -> Double {
    let rail = x + Self.line
    let (fork, meeting) = (y + 3, y + 35)
    let loop = rail + 13
    layout.marks.append(
      .polyline(
        [Point(rail, fork), Point(loop, fork), Point(loop, meeting), Point(rail, meeting)],
        Self.stroke))
    layout.line(rail, y, rail, meeting, Self.stroke)
    layout.marks.append(.circle(Point(rail, fork), radius: 2, fill: .ink, stroke: nil))
    for middle in isBypassed ? [rail] : [rail, loop] {
      layout.area(middle - 4, y + 11, 8, 12, .ink)
    }
    Self.draw(joint, rail, meeting, radius: Self.smallRadius, &layout)
    let left = x + Self.beside + 6
    var baseline = y + 18
    for line in words.flatMap({ Self.wrapped($0, to: width - left + x) }) {
      layout.styled(line, left, baseline, size: 12, room: width)
      baseline += Self.lineHeight
    }
    let end = max(meeting + Self.smallRadius, baseline - 8) + 12
    layout.line(rail, meeting + Self.smallRadius, rail, end, Self.stroke)
    return end
  }

  /// Where each branch begins and how wide it is: those with stops share what empty ones leave.
  private static func columns(
    _ branches: [[Part]], x: Double, width: Double
  ) -> [(x: Double, width: Double)] {
    let shares = branches.map { $0.isEmpty ? 0 : breadth($0) }
    let empty = width < roomForWord ? bareWidth : emptyWidth
    let taken =
      Double(shares.count { $0 == 0 }) * empty + Double(branches.count - 1) * branchGap
    let unit = max(0, width - taken) / max(shares.reduce(0, +), 1)
    var left = x
    return shares.map { share in
      let own = share == 0 ? empty : share * unit
      defer { left += own + branchGap }
      return (left, own)
    }
  }

  /// How many branches lie beside one another at most.
  private static func breadth(_ parts: [Part]) -> Double {
    parts.reduce(1) { widest, part in
      switch part {
      case .stop, .folded: widest
      case .block(let branches, _, _):
        max(widest, branches.reduce(0) { $0 + ($1.isEmpty ? 0.3 : breadth($1)) })
      }
    }
  }

  // MARK: Signs

  private static func draw(
    _ joint: Joint, _ x: Double, _ y: Double, radius: Double, _ layout: inout FigureLayout
  ) {
    let sign = Stroke(.ink, width: 1.5)
    layout.marks.append(
      .circle(Point(x, y), radius: radius, fill: .background, stroke: sign))
    let arm = radius * 0.55
    switch joint {
    case .sum:
      layout.line(x - arm, y, x + arm, y, sign)
      layout.line(x, y - arm, x, y + arm, sign)
    case .concatenation:
      for side in [-0.3, 0.3] {
        layout.line(x + side * radius, y - arm, x + side * radius, y + arm, sign)
      }
    case .mixture:
      // The sign of a mean: x with a bar above.
      let cross = arm * 0.7
      layout.line(x - cross, y - arm, x + cross, y - arm, sign)
      layout.line(x - cross, y - cross / 2, x + cross, y + arm, sign)
      layout.line(x - cross, y + arm, x + cross, y - cross / 2, sign)
    }
  }

  /// A head whose tip is at a place, pointing along one axis.
  private static func arrow(
    to x: Double, _ y: Double, dx: Double, dy: Double, _ layout: inout FigureLayout
  ) {
    let (length, half) = (8.0, 4.5)
    layout.marks.append(
      .polygon(
        [
          Point(x, y), Point(x - dx * length - dy * half, y - dy * length - dx * half),
          Point(x - dx * length + dy * half, y - dy * length + dx * half),
        ], .ink))
  }

  private static func wrapped(_ line: StyledLine, to width: Double) -> [StyledLine] {
    guard line.spans.count == 1, let span = line.spans.first else { return [line] }
    let style = TextStyle(span.ink, size: 12, weight: span.weight)
    return TextMetrics.wrapped(span.text, to: width, style: style).map {
      StyledLine($0, span.ink, weight: span.weight)
    }
  }
}
