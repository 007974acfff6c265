import Drawing
import Pictures

extension ConfusionMatrix {
  /// The marks for a width in pixels.
  ///
  /// Where the names of classes do not fit above their columns, their beginnings stand there; where these do not tell them
  /// apart, classes are numbered from 1, and rows show number and name, unless names are no wider than such numbers.
  public func layout(width: Double) -> FigureLayout {
    let count = counts.count
    let isWide = width >= 450
    let recallWidth = showsRecall ? (isWide ? 100.0 : 50) : 0
    var names = TextStyle(.ink2, size: isWide ? 13 : 11, anchor: .end)
    var rowNames = classNames
    var columnNames = classNames
    func left() -> Double {
      let widest = rowNames.map { TextMetrics.width(of: $0, style: names) }.max() ?? 0
      return max(38, min(widest, width * 0.3).rounded(.up) + 12)
    }
    func cell() -> Double {
      let room = (width - left() - recallWidth) / Double(max(count, 1))
      return min(46, room >= 1 ? room.rounded(.down) : max(room, 0.1))
    }
    let widestName = classNames.map { TextMetrics.width(of: $0, style: names) }.max() ?? 0
    if widestName > cell() - 4, count > 1 {
      let number = TextMetrics.width(of: String(count), style: names)
      columnNames =
        beginnings(within: cell() - 4, style: names) ?? (widestName <= number ? classNames : [])
    }
    if columnNames.isEmpty, count > 1 {
      rowNames = classNames.enumerated().map { "\($0.offset + 1)  \($0.element)" }
      columnNames = (1...count).map(String.init)
    }
    let (left, cell) = (left(), cell())
    if cell < 14 { names.size = 11 }
    let top = 38.0
    var layout = FigureLayout(width: width, height: top + cell * Double(count) + 4)
    layout.text("Predicted class", left, 11, TextStyle())
    layout.text("True", left - 10, 30, TextStyle(anchor: .end))
    if cell < 12 {
      let box = Rectangle(
        x: left, y: top, width: cell * Double(count), height: cell * Double(count))
      layout.marks.append(.image(plate, box))
      layout.marks.append(.frame(box, Stroke(.rule)))
    } else {
      drawCells(left: left, top: top, cell: cell, &layout)
      // A finger needs 24 pixels.
      if cell >= 24 { layout.links = links(left: left, top: top, cell: cell) }
    }
    drawNames(rowNames, columnNames, left: left, top: top, cell: cell, style: names, &layout)
    if showsRecall {
      drawRecall(x: left + cell * Double(count), top: top, cell: cell, wide: isWide, &layout)
    }
    if let selection, counts.indices.contains(selection.actual),
      counts.indices.contains(selection.predicted)
    {
      let box = Rectangle(
        x: left + Double(selection.predicted) * cell + 1,
        y: top + Double(selection.actual) * cell + 1, width: max(1, cell - 3),
        height: max(1, cell - 3))
      layout.marks.append(.frame(box, Stroke(.ink, width: 2)))
    }
    return layout
  }

  /// The beginnings of the names, as long as fit, if they differ; what is cut ends in a point.
  private func beginnings(within room: Double, style: TextStyle) -> [String]? {
    [6, 5, 4, 3].lazy.map { length in
      classNames.map { $0.count > length ? $0.prefix(length) + "." : $0 }
    }.first {
      Set($0).count == $0.count
        && $0.allSatisfy { TextMetrics.width(of: $0, style: style) <= room }
    }
  }

  private func links(left: Double, top: Double, cell: Double) -> [Link] {
    targets.sorted { ($0.value.actual, $0.value.predicted) < ($1.value.actual, $1.value.predicted) }
      .map { target, place in
        Link(
          box: Rectangle(
            x: left + Double(place.predicted) * cell, y: top + Double(place.actual) * cell,
            width: cell - 1, height: cell - 1), target: target,
          words: "\(classNames[place.actual]) read as \(classNames[place.predicted]): "
            + Format.count(counts[place.actual][place.predicted]))
      }
  }

  /// The matrix with one pixel per cell, for many classes.
  private var plate: Picture {
    let levels = levelTable()
    func image(_ appearance: Appearance) -> PixelImage {
      let theme = Theme(appearance: appearance)
      let pixels = counts.indices.flatMap { row in
        counts.indices.flatMap { column -> [UInt8] in
          let value = counts[row][column]
          let ink: Ink =
            row == column
            ? .background3 : value == 0 ? .background : .heat(levels[value] ?? 1)
          let color = theme.color(ink)
          return [color.red, color.green, color.blue]
        }
      }
      return PixelImage(
        width: counts.count, height: counts.count, channels: 3, pixels: pixels)
    }
    return .themed(light: image(.light), dark: image(.dark))
  }

  private func levelTable() -> [Int: Int] {
    let errors = counts.indices.flatMap { row in
      counts.indices.filter { $0 != row }.map { counts[row][$0] }
    }
    let largest = errors.max() ?? 0
    return Dictionary(
      Set(errors).map { ($0, ConfusionMatrix.level($0, largest: largest)) }
    ) { first, _ in first }
  }

  private func drawCells(left: Double, top: Double, cell: Double, _ layout: inout FigureLayout) {
    let levels = levelTable()
    // Counts on the diagonal are all shown or none, so that a gap is never read as a zero.
    let diagonal = [12.0, 11, 10, 9].first { size in
      let style = TextStyle(size: size)
      return counts.indices.allSatisfy {
        TextMetrics.width(of: Format.count(counts[$0][$0]), style: style) <= cell - 3
      }
    }
    func corner(_ row: Int, _ column: Int) -> Point {
      Point(left + Double(column) * cell, top + Double(row) * cell)
    }
    func middle(_ row: Int, _ column: Int) -> Point {
      Point(corner(row, column).x + (cell - 1) / 2, corner(row, column).y + (cell - 1) / 2)
    }
    func fill(_ row: Int, _ column: Int, _ ink: Ink) {
      layout.area(corner(row, column).x, corner(row, column).y, cell - 1, cell - 1, ink)
    }
    let cells = counts.indices.flatMap { row in counts.indices.map { (row: row, column: $0) } }
    let wrong = cells.filter { $0.row != $0.column }
    // Kind by kind, so that cells alike share their style in a file.
    for at in counts.indices { fill(at, at, .background2) }
    for (row, column) in wrong where counts[row][column] == 0 {
      layout.marks.append(.circle(middle(row, column), radius: 0.8, fill: .rule2, stroke: nil))
    }
    for at in counts.indices {
      guard let diagonal else { break }
      layout.text(
        Format.count(counts[at][at]), middle(at, at).x, middle(at, at).y + diagonal * 0.36,
        TextStyle(.ink2, size: diagonal, anchor: .middle))
    }
    for level in 1...5 {
      let own = wrong.filter {
        counts[$0.row][$0.column] > 0 && (levels[counts[$0.row][$0.column]] ?? 1) == level
      }
      for (row, column) in own { fill(row, column, .heat(level)) }
      for (row, column) in own {
        drawCount(
          counts[row][column], at: middle(row, column), cell: cell, ink: .heatText(level), &layout)
      }
    }
  }

  private func drawCount(
    _ value: Int, at middle: Point, cell: Double, ink: Ink, _ layout: inout FigureLayout
  ) {
    for size in [15.0, 13, 12, 11, 10, 9] {
      let style = TextStyle(ink, size: size, weight: .semibold, anchor: .middle)
      let text = Format.count(value)
      guard TextMetrics.width(of: text, style: style) <= cell - 3, size + 2 <= cell else {
        continue
      }
      layout.text(text, middle.x, middle.y + size * 0.36, style)
      return
    }
  }

  private func drawNames(
    _ rows: [String], _ columns: [String], left: Double, top: Double, cell: Double,
    style: TextStyle, _ layout: inout FigureLayout
  ) {
    var columnStyle = style
    columnStyle.anchor = .middle
    let widest = columns.map { TextMetrics.width(of: $0, style: columnStyle) }.max() ?? 0
    let everyColumn = max(1, Int(((widest + 4) / cell).rounded(.up)))
    let everyRow = ConfusionMatrix.stride(cell)
    for index in rows.indices {
      let middle = (Double(index) + 0.5) * cell
      if index % everyRow == 0 {
        let name = TextMetrics.truncated(rows[index], to: left - 12, style: style)
        layout.text(name, left - 10, top + middle + 4.5, style)
      }
      if index % everyColumn == 0 {
        layout.text(columns[index], left + middle, 30, columnStyle)
      }
    }
  }

  private func drawRecall(
    x: Double, top: Double, cell: Double, wide: Bool, _ layout: inout FigureLayout
  ) {
    let size: Double = wide ? 12 : 11
    let right = min(layout.width, x + (wide ? 92 : 48))
    layout.text(
      "Recall", right, 30, TextStyle(.ink2, size: size, weight: .semibold, anchor: .end))
    let worst = counts.indices.compactMap { recall($0) }.min()
    let every = ConfusionMatrix.stride(cell)
    for row in counts.indices where row % every == 0 {
      guard let recall = recall(row) else { continue }
      let errors = counts[row].reduce(0, +) - counts[row][row]
      let isWorst = recall == worst && errors > 0
      let text = Format.percent(recall, decimals: 1) + (wide ? " (\(Format.count(errors)))" : "")
      layout.text(
        text, right, top + (Double(row) + 0.5) * cell + 4.5,
        TextStyle(
          isWorst ? .wrong : .ink2, size: size, weight: isWorst ? .semibold : .regular,
          anchor: .end))
    }
  }

  /// How many rows share one line of text; a line needs 13 pixels.
  private static func stride(_ cell: Double) -> Int { max(1, Int((13 / cell).rounded(.up))) }
}
