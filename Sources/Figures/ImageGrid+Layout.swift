import Drawing

extension ImageGrid {
  /// The sizes that all tiles of a grid share.
  private struct Measures {
    var scale: Int
    var tileWidth: Double
    var tileHeight: Double
    var captionHeight: Double
    var left: Double
    var columns: Int
    var labelsAbove: Bool
  }

  private static let captionSize = 12.0
  private static let lineHeight = 16.0
  private static let barHeight = 14.0

  /// The marks for a width in pixels.
  public func layout(width: Double) -> FigureLayout {
    if let narrow = narrowed(width: width) { return narrow.layout(width: width) }
    var layout = FigureLayout(width: width)
    guard rows.contains(where: { !$0.tiles.isEmpty }) else { return layout }
    let measures = measures(width: width)
    var y = drawHeaders(measures, &layout)
    for row in rows {
      if measures.labelsAbove, !row.label.isEmpty {
        let line = StyledLine(row.label.flatMap(\.spans))
        layout.styled(line, 0, y + 13, size: 13, room: width)
        y += 20
      }
      let start = y
      for (index, tile) in row.tiles.enumerated() {
        let column = index % measures.columns
        if index > 0, column == 0 { y += height(of: row, measures) + gutter }
        let x = measures.left + Double(column) * (measures.tileWidth + gutter)
        draw(tile, x: x, y: y, measures, &layout)
      }
      if !measures.labelsAbove {
        let extent = Double(row.label.count) * 17
        for (index, line) in row.label.enumerated() {
          let baseline = start + (measures.tileHeight - extent) / 2 + 13 + Double(index) * 17
          layout.styled(line, 0, baseline, size: 13, room: measures.left - 12)
        }
      }
      y += height(of: row, measures) + gutter
    }
    layout.height = y - gutter
    drawFooter(measures, &layout)
    if let key { layout.add(key.layout(width: width), x: 0, y: layout.height + 12) }
    return layout
  }

  /// The grid for a page too narrow for its headers; nil if there is room.
  ///
  /// Headers and footers become captions of the tiles, and at least four tiles share a line.
  private func narrowed(width: Double) -> ImageGrid? {
    guard !headers.isEmpty, measures(width: width).tileWidth < 50,
      let native = rows.lazy.flatMap(\.tiles).compactMap(\.picture).map(\.width).max()
    else { return nil }
    let fitting = (1...max(scale, 1)).last { scale in
      4 * Double(native * scale) + 3 * gutter <= width
    }
    var grid = self
    grid.headers = []
    grid.footer = nil
    grid.scale = fitting ?? 1
    let room = Double(native * grid.scale) + gutter - 3
    let style = TextStyle(.ink, size: Self.captionSize)
    for row in rows.indices {
      for column in rows[row].tiles.indices where headers.indices.contains(column) {
        let name = headers[column].first?.text ?? ""
        let lines = TextMetrics.wrapped(name, to: room, style: style)
        grid.rows[row].tiles[column].caption += lines.map { StyledLine($0) }
      }
    }
    if let footer, let last = grid.rows.indices.last {
      for (column, cell) in footer.cells.enumerated()
      where grid.rows[last].tiles.indices.contains(column) {
        grid.rows[last].tiles[column].caption.append(cell)
      }
    }
    grid.isWrapped = true
    return grid
  }

  private func height(of row: Row, _ measures: Measures) -> Double {
    let lines = row.tiles.map(\.caption.count).max() ?? 0
    let bars = row.tiles.map(\.bars.count).max() ?? 0
    let words = Double(lines) * Self.lineHeight + Double(bars) * Self.barHeight
    return measures.tileHeight + words + (words > 0 ? 6 : 0)
  }

  /// How much of a width the pictures take, but no less than the words above them need: for a picture of its own, which
  /// no page surrounds.
  package func usedWidth(within width: Double) -> Double {
    let measures = measures(width: width)
    let columns = Double(measures.columns)
    let used = measures.left + columns * (measures.tileWidth + gutter) - gutter
    return min(width, max(used, Self.wordsWidth))
  }

  /// Narrower than this, a title breaks into too many lines.
  private static let wordsWidth = 480.0

  private func measures(width: Double) -> Measures {
    let tiles = rows.flatMap(\.tiles)
    let pictures = tiles.compactMap(\.picture)
    let (w, h) = (pictures.map(\.width).max() ?? 28, pictures.map(\.height).max() ?? 28)
    let most = max(rows.map(\.tiles.count).max() ?? 1, 1)
    let labels = rows.flatMap(\.label) + (footer?.label ?? [])
    let widest = labels.map { $0.width(size: 13) }.max() ?? 0
    let isTable = !isWrapped && (rows.count > 1 || !labels.isEmpty || !headers.isEmpty)
    let side = widest > 0 ? min(widest, width * 0.25).rounded(.up) + 16 : 0
    let beside = fitting(most, side, Double(w), width, isTable: isTable)
    let above = fitting(most, 0, Double(w), width, isTable: isTable)
    // On narrow pages labels move above their rows, unless that gains nothing.
    let labelsAbove =
      side > 0 && (isWrapped || above > beside && (beside < 2 || width < 450))
    let scale = max(1, labelsAbove ? above : beside)
    let left = labelsAbove ? 0 : side
    let tileWidth = Double(w * scale)
    let columns = max(1, Int((width - left + gutter) / (tileWidth + gutter)))
    let captions = tiles.map(\.caption.count).max() ?? 0
    return Measures(
      scale: scale, tileWidth: min(tileWidth, width - left), tileHeight: Double(h * scale),
      captionHeight: Double(captions) * Self.lineHeight, left: left,
      columns: min(columns, most), labelsAbove: labelsAbove)
  }

  /// The largest scale, up to the wanted one, at which a row fits; 0 if none does.
  private func fitting(
    _ count: Int, _ left: Double, _ native: Double, _ width: Double, isTable: Bool
  ) -> Int {
    let needed = isTable ? count : 1
    return (1...max(scale, 1)).last { scale in
      left + Double(needed) * (native * Double(scale) + gutter) - gutter <= width
    } ?? 0
  }

  private func drawHeaders(_ measures: Measures, _ layout: inout FigureLayout) -> Double {
    guard !headers.isEmpty, measures.columns >= headers.count else { return 0 }
    let style = TextStyle(.ink, size: 12, weight: .semibold)
    let room = measures.tileWidth + gutter - 4
    let wrapped = headers.map { header in
      header.flatMap { line -> [StyledLine] in
        guard line.spans.count == 1, let span = line.spans.first else { return [line] }
        var own = style
        own.weight = span.weight
        return TextMetrics.wrapped(span.text, to: room, style: own).map {
          StyledLine($0, span.ink, weight: span.weight)
        }
      }
    }
    let most = Double(wrapped.map(\.count).max() ?? 0)
    for (column, lines) in wrapped.enumerated() {
      let x = measures.left + Double(column) * (measures.tileWidth + gutter)
      for (index, line) in lines.enumerated() {
        let baseline = (most - Double(lines.count) + Double(index)) * 15 + 12
        layout.styled(line, x, baseline, size: 12, room: room)
      }
    }
    return most * 15 + 7
  }

  private func drawFooter(_ measures: Measures, _ layout: inout FigureLayout) {
    guard let footer, measures.columns >= footer.cells.count else { return }
    let top = layout.height + 4
    if !measures.labelsAbove {
      for (index, line) in footer.label.enumerated() {
        layout.styled(
          line, 0, top + 15 + Double(index) * 16, size: 12, room: measures.left - 8)
      }
    }
    for (column, cell) in footer.cells.enumerated() {
      let x = measures.left + Double(column) * (measures.tileWidth + gutter)
      layout.styled(
        cell, x + measures.tileWidth / 2, top + 18, size: 13, room: measures.tileWidth,
        anchor: .middle)
    }
    layout.height = top + max(24, Double(footer.label.count) * 16 + 6)
  }

  private func draw(
    _ tile: Tile, x: Double, y: Double, _ measures: Measures, _ layout: inout FigureLayout
  ) {
    if let picture = tile.picture, picture.width > 0, picture.height > 0 {
      let scale = min(
        Double(measures.scale), measures.tileWidth / Double(picture.width))
      let (w, h) = (Double(picture.width) * scale, Double(picture.height) * scale)
      let box = Rectangle(
        x: x + ((measures.tileWidth - w) / 2).rounded(.down),
        y: y + ((measures.tileHeight - h) / 2).rounded(.down), width: w, height: h)
      layout.marks.append(.image(picture, box))
      if let overlay = tile.overlay { layout.marks.append(.image(overlay, box)) }
    }
    if let frame = tile.frame {
      // Around the picture, so that no pixel of it is covered.
      let box = Rectangle(
        x: x - 0.5, y: y - 0.5, width: measures.tileWidth + 1, height: measures.tileHeight + 1)
      layout.marks.append(.frame(box, Stroke(frame, width: frame == .rule ? 1 : 2)))
    }
    var baseline = y + measures.tileHeight + 15
    for line in tile.caption {
      layout.styled(
        line, x, baseline, size: Self.captionSize, room: measures.tileWidth + gutter - 3)
      baseline += Self.lineHeight
    }
    for bar in tile.bars {
      layout.bar(bar, x: x, baseline: baseline, width: measures.tileWidth)
      baseline += Self.barHeight
    }
  }
}

extension FigureLayout {
  /// Draws a probability as a bar between its name and its number.
  mutating func bar(_ bar: ImageGrid.TileBar, x: Double, baseline: Double, width: Double) {
    let style = TextStyle(.ink2, size: 11)
    let label = TextMetrics.truncated(bar.label, to: width * 0.35, style: style)
    let left = max(12, TextMetrics.width(of: label, style: style) + 4)
    let right = 32.0
    text(label, x, baseline, style)
    let share = bar.probability.isFinite ? min(max(bar.probability, 0), 1) : 0
    let room = max(2, width - left - right)
    area(x + left, baseline - 8, max(1, share * room), 8, bar.ink)
    var value = style
    value.anchor = .end
    text(Format.shortProbability(bar.probability), x + width, baseline, value)
  }
}
