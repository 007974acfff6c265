import Drawing

/// Finds places for words where they cover neither lines nor other words.
struct TextPlacement {
  /// Where words may stand.
  let area: Rectangle
  private var points: [Point] = []
  private var boxes: [Rectangle] = []

  init(area: Rectangle) { self.area = area }

  /// Keeps words away from a line.
  mutating func avoid(_ line: [Point]) {
    points += line.prefix(1)
    for (left, right) in zip(line, line.dropFirst()) {
      let steps = Int(
        bounding: max(abs(right.x - left.x), abs(right.y - left.y)) / 6, in: 1...1000)
      for step in 1...steps {
        let share = Double(step) / Double(steps)
        points.append(
          Point(left.x + (right.x - left.x) * share, left.y + (right.y - left.y) * share))
      }
    }
  }

  /// Keeps words away from a rectangle.
  mutating func avoid(_ box: Rectangle) { boxes.append(box) }

  /// Sets lines of text as near to a point as the surroundings allow.
  ///
  /// With a distance of 0 the words are centered on the point if that is free.
  mutating func place(
    _ lines: [String], near point: Point, _ distance: Double, _ layout: inout FigureLayout
  ) {
    let style = TextStyle(.ink2, size: 12.5, anchor: .middle, halo: .background)
    let width = lines.map { TextMetrics.width(of: $0, style: style) }.max() ?? 0
    let height = Double(lines.count) * 16
    guard width > 0 else { return }
    var best: (cost: Double, box: Rectangle)?
    for ring in 0..<8 {
      let away = distance + Double(ring) * 12
      for (dx, dy) in [(0, -1), (-1, -1), (1, -1), (0, 1), (-1, 1), (1, 1), (-1, 0), (1, 0)] {
        let x = point.x - width / 2 + Double(dx) * (width / 2 + away)
        let y =
          point.y - height / 2 + Double(dy) * (distance == 0 && ring == 0 ? 0 : height / 2 + away)
        let box = Rectangle(
          x: min(max(x, area.x + 4), area.maxX - width - 2),
          y: min(max(y, area.y), area.maxY - height), width: width, height: height)
        let cost = cost(of: box) + Double(ring) * 1.5 + (dx == 0 ? 0 : 0.2)
        if cost < best?.cost ?? .infinity { best = (cost, box) }
      }
    }
    guard let box = best?.box else { return }
    for (index, line) in lines.enumerated() {
      layout.text(line, box.midX, box.y + 12 + Double(index) * 16, style)
    }
    boxes.append(box)
  }

  /// Sets one line of text inside a shaded area, if it fits into it somewhere.
  ///
  /// The edges of the area are given at the same x, ascending.
  mutating func place(
    _ text: String, between first: [Point], and second: [Point], _ layout: inout FigureLayout
  ) -> Bool {
    let style = TextStyle(.ink2, size: 12.5, anchor: .middle, halo: .highlight)
    let width = TextMetrics.width(of: text, style: style)
    guard let start = first.first?.x, let end = first.last?.x, end - start > width + 8 else {
      return false
    }
    var best: (cost: Double, center: Point)?
    for step in 0...24 {
      let x = start + 4 + width / 2 + (end - start - width - 8) * Double(step) / 24
      // The room is the least at the middle and at both ends of the words.
      let heights = [x - width / 2, x, x + width / 2].map { x in
        [first, second].compactMap { Thinning.height(of: $0, at: x) }.sorted()
      }
      let top = heights.compactMap(\.first).max() ?? 0
      let bottom = heights.compactMap(\.last).min() ?? 0
      guard bottom - top >= 22 else { continue }
      for share in [0.5, 0.35, 0.65] {
        let y = min(max(top + (bottom - top) * share, top + 11), bottom - 11)
        let box = Rectangle(x: x - width / 2, y: y - 8, width: width, height: 16)
        let cost = cost(of: box) * 4 - (bottom - top) / 100
        if cost < best?.cost ?? .infinity { best = (cost, Point(x, y)) }
      }
    }
    guard let center = best?.center else { return false }
    layout.text(text, center.x, center.y + 4.5, style)
    boxes.append(
      Rectangle(x: center.x - width / 2, y: center.y - 8, width: width, height: 16))
    return true
  }

  private func cost(of box: Rectangle) -> Double {
    let wide = Rectangle(
      x: box.x - 3, y: box.y - 2, width: box.width + 6, height: box.height + 4)
    func isInside(_ point: Point) -> Bool {
      point.x > wide.x && point.x < wide.maxX && point.y > wide.y && point.y < wide.maxY
    }
    let covered = points.reduce(0) { count, point in count + (isInside(point) ? 1 : 0) }
    let collisions = boxes.reduce(0) { count, other in
      let isApart =
        other.x >= wide.maxX || wide.x >= other.maxX || other.y >= wide.maxY
        || wide.y >= other.maxY
      return count + (isApart ? 0 : 1)
    }
    return Double(min(covered, 20)) + Double(collisions) * 30
  }
}
