import Drawing

/// Two tables of numbers and their products, cell by cell, for each of some channels.
package struct ProductGrid: Chart {
  /// The words above the numbers, their factors and the products.
  package var titles: [String]
  /// The numbers, one table a channel.
  package var numbers: [FloatPlane]
  /// What each is multiplied by.
  package var factors: [FloatPlane]
  /// The picture that the numbers are a window of, if they are.
  package var source: NumberGrid.Source?

  /// Tables of equal sizes.
  package init(
    _ numbers: [FloatPlane], times factors: [FloatPlane], titles: [String],
    of source: NumberGrid.Source? = nil
  ) {
    precondition(
      numbers.map { [$0.width, $0.height] } == factors.map { [$0.width, $0.height] }
        && titles.count == 3, "ProductGrid: the tables do not fit")
    (self.numbers, self.factors, self.titles, self.source) = (numbers, factors, titles, source)
  }

  /// Where numbers are written, one row a product.
  package var table: FigureTable? {
    guard let width = numbers.first?.width, width > 0, width <= Self.mostColumns else { return nil }
    func words(_ value: Float) -> String { Format.fixed(Double(value), 3) }
    let rows = zip(numbers, factors).enumerated().flatMap { channel, pair in
      zip(pair.0.values, pair.1.values).enumerated().map { at, both in
        ["\(channel)", "\(at / width)", "\(at % width)"]
          + [both.0, both.1, both.0 * both.1].map(words)
      }
    }
    return FigureTable(header: ["Channel", "Row", "Column"] + titles, rows: rows)
  }

  private var products: [FloatPlane] {
    zip(numbers, factors).map { a, b in
      FloatPlane(width: a.width, height: a.height, values: zip(a.values, b.values).map { $0 * $1 })
    }
  }

  private static let gap = 36.0
  /// The side of a cell that a number fits into, and of the largest.
  private static let (legible, largest) = (30.0, 44.0)
  /// A table of more columns shows no numbers.
  private static let mostColumns = 9
  /// The side of such a table.
  private static let pictureSide = 224.0

  /// The marks for a width in pixels: side by side, or below one another where numbers would not fit their cells.
  package func layout(width: Double) -> FigureLayout {
    guard let source, source.picture.width > 0 else { return tables(width: width) }
    let scale = max(1, 168 / source.picture.width)
    let box = Rectangle(
      x: 0.5, y: 22.5, width: Double(source.picture.width * scale),
      height: Double(source.picture.height * scale))
    let isBeside = width >= 600
    var layout = FigureLayout(width: width, height: box.maxY + 1)
    layout.text("Picture", 0, 13, TextStyle(.ink, size: 13, weight: .semibold))
    layout.marks += [.image(source.picture, box), .frame(box, Stroke(.rule))]
    // The part of the window that lies in the picture.
    let (size, side) = (Double(scale), numbers.first.map { (Double($0.width), Double($0.height)) })
    let (x, y) = (box.x + Double(source.column) * size, box.y + Double(source.row) * size)
    let (right, bottom) = (
      min(box.maxX, x + (side?.0 ?? 0) * size), min(box.maxY, y + (side?.1 ?? 0) * size)
    )
    let window = Rectangle(
      x: max(box.x, x), y: max(box.y, y), width: right - max(box.x, x),
      height: bottom - max(box.y, y))
    if window.width > 0, window.height > 0 {
      layout.marks.append(.frame(window, Stroke(.positive, width: 1.75)))
    }
    let start = isBeside ? box.maxX + 44 : 0
    layout.add(
      tables(width: width - start), x: start, y: isBeside ? 0 : layout.height + 18)
    return layout
  }

  private func tables(width: Double) -> FigureLayout {
    guard let first = numbers.first, first.width > 0 else { return FigureLayout(width: width) }
    let tables = [numbers, factors, products]
    let columns = Double(first.width)
    let beside = ((width - 2 * Self.gap) / 3 / columns).rounded(.down)
    let alone = min(Self.largest, (width / columns).rounded(.down))
    // Many numbers are a picture.
    let isWritten = first.width <= Self.mostColumns && max(beside, alone) >= Self.legible
    let isStacked = isWritten && beside < Self.legible
    let most = isWritten ? Self.largest : (Self.pictureSide / columns).rounded(.down)
    let cell = max(1, isStacked ? alone : min(beside, most))
    var layout = FigureLayout(width: width)
    let bold = TextStyle(.ink, size: 13, weight: .semibold)
    for (place, planes) in tables.enumerated() {
      let side = cell * columns
      let x = isStacked ? 0 : Double(place) * (side + Self.gap)
      var y = isStacked && place > 0 ? layout.height + 18 : 0
      let room = isStacked ? width : side + Self.gap - 6
      layout.text(TextMetrics.truncated(titles[place], to: room, style: bold), x, y + 13, bold)
      y += 22
      let bound = planes.flatMap(\.values).map { abs(Double($0)) }.max() ?? 0
      for plane in planes {
        layout.add(table(plane, cell: cell, bound: bound, isWritten), x: x, y: y)
        let sign = TextStyle(.ink2, size: 18, anchor: .middle)
        if !isStacked, place < 2 {
          layout.text(
            place == 0 ? "×" : "=", x + side + Self.gap / 2,
            y + cell * Double(plane.height) / 2 + 6, sign)
        }
        y += cell * Double(plane.height) + 10
      }
      layout.height = max(layout.height, y - 10)
    }
    return layout
  }

  private func table(
    _ plane: FloatPlane, cell: Double, bound: Double, _ isWritten: Bool
  ) -> FigureLayout {
    let box = Rectangle(
      x: 0, y: 0, width: cell * Double(plane.width), height: cell * Double(plane.height))
    var layout = FigureLayout(width: box.width, height: box.height)
    let plate = Plate([plane], map: .signed, policy: .fixed(bound))
    layout.marks += plate.pictures.map { .image($0, box) }
    guard isWritten else {
      layout.marks.append(.frame(box, Stroke(.rule)))
      return layout
    }
    for line in 0...plane.width {
      layout.line(Double(line) * cell, 0, Double(line) * cell, box.height, Stroke(.rule))
    }
    for line in 0...plane.height {
      layout.line(0, Double(line) * cell, box.width, Double(line) * cell, Stroke(.rule))
    }
    for (at, value) in plane.values.enumerated() {
      let share = bound > 0 ? Double(value) / bound : 0
      let ink = Ink.legible(on: ColorMap.signed, at: (share + 1) / 2)
      layout.text(
        Self.words(Double(value)), (Double(at % plane.width) + 0.5) * cell,
        (Double(at / plane.width) + 0.5) * cell + 4, TextStyle(ink, size: 11, anchor: .middle))
    }
    return layout
  }

  /// A number that fits a cell.
  private static func words(_ value: Double) -> String {
    Format.fixed(value, abs(value) < 9.995 ? 2 : abs(value) < 99.95 ? 1 : 0)
  }
}
