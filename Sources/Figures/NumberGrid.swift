public import Drawing

/// A window of a picture as numbers, each cell shaded by its number, beside the picture with the window outlined.
public struct NumberGrid: Chart {
  /// The picture that numbers are a window of.
  public struct Source: Hashable, Sendable {
    /// The picture.
    public var picture: Picture
    /// The window's first row and column in it.
    public var (row, column): (Int, Int)

    /// A picture and where its window begins.
    public init(_ picture: Picture, row: Int, column: Int) {
      self.picture = picture
      (self.row, self.column) = (row, column)
    }
  }

  /// The rows of numbers from 0 (page) to 255 (full ink), or from black to white.
  public var values: [[Int]]
  /// True if numbers are ink on the page, false if they are light.
  public var isInk: Bool
  /// The picture they are from; nil for the numbers alone.
  public var source: Source?

  /// A window of numbers.
  ///
  /// - Precondition: all rows have the same length.
  public init(_ values: [[Int]], of source: Source? = nil, isInk: Bool = true) {
    precondition(
      values.allSatisfy { $0.count == values.first?.count }, "NumberGrid: rows differ in length")
    self.values = values
    self.source = source
    self.isInk = isInk
  }

  /// The numbers.
  public var table: FigureTable? {
    FigureTable(
      header: ["Row"] + (values.first ?? []).indices.map { "Column \($0 + 1)" },
      rows: values.enumerated().map { ["\($0 + 1)"] + $1.map(String.init) })
  }

  /// The marks for a width in pixels; numbers are left out where cells are too small for them.
  public func layout(width: Double) -> FigureLayout {
    guard let source, source.picture.width > 0 else { return numbers(width: width) }
    let (isBeside, gap) = (width >= 600, 56.0)
    let scale = max(1, 224 / source.picture.width)
    let box = Rectangle(
      x: 0.5, y: 0.5, width: Double(source.picture.width * scale),
      height: Double(source.picture.height * scale))
    let grid = numbers(width: isBeside ? width - box.width - gap : width)
    var layout = FigureLayout(width: width)
    layout.marks += [.image(source.picture, box), .frame(box, Stroke(.rule))]
    let size = Double(scale)
    let window = Rectangle(
      x: box.x + Double(source.column) * size, y: box.y + Double(source.row) * size,
      width: Double(values.first?.count ?? 0) * size, height: Double(values.count) * size)
    // From the window's corners to those of its numbers, as if it were drawn out.
    let columns = Double(values.first?.count ?? 0)
    let extent = (grid.height / Double(max(values.count, 1)) * columns, grid.height)
    let (x, y) = isBeside ? (box.width + gap, 0) : (0, box.height + gap)
    let ends =
      isBeside
      ? [(window.maxX, window.y, x, y), (window.maxX, window.maxY, x, y + extent.1)]
      : [(window.x, window.maxY, x, y), (window.maxX, window.maxY, x + extent.0, y)]
    for end in ends { layout.line(end.0, end.1, end.2, end.3, Stroke(.rule2)) }
    layout.marks.append(.frame(window, Stroke(.positive, width: 1.75)))
    layout.add(grid, x: x, y: y)
    layout.height = max(layout.height, box.maxY + 1)
    return layout
  }

  private func numbers(width: Double) -> FigureLayout {
    let columns = values.first?.count ?? 0
    guard columns > 0 else { return FigureLayout(width: width) }
    let cell = max(1, min(37, (width / Double(columns)).rounded(.down)))
    var layout = FigureLayout(width: width, height: cell * Double(values.count))
    let box = Rectangle(
      x: 0, y: 0, width: cell * Double(columns), height: cell * Double(values.count))
    layout.marks.append(.image(picture, box))
    for line in 0...columns where cell >= 8 {
      layout.line(Double(line) * cell, 0, Double(line) * cell, box.height, Stroke(.rule))
    }
    for line in 0...values.count where cell >= 8 {
      layout.line(0, Double(line) * cell, box.width, Double(line) * cell, Stroke(.rule))
    }
    guard cell >= 21 else { return layout }
    // Ink by ink, so that runs of numbers share their style in a file.
    for ink in isInk ? [Ink.ink3, .ink, .background] : [.onDark, .onLight] {
      let style = TextStyle(
        ink, size: cell >= 30 ? 12 : 11, anchor: .middle, isMonospaced: true)
      for (y, row) in values.enumerated() {
        for (x, value) in row.enumerated() where self.ink(on: value) == ink {
          layout.text(
            String(value), (Double(x) + 0.5) * cell, (Double(y) + 0.5) * cell + 4, style)
        }
      }
    }
    return layout
  }

  /// What text is most legible in on a cell: of ink a role, the worse of both themes deciding.
  func ink(on value: Int) -> Ink {
    guard isInk else { return value < 118 ? .onDark : .onLight }
    return value > 0 ? .legible(on: ColorMap.ink, at: Double(value) / 255) : .ink3
  }

  /// The cells.
  private var picture: Picture {
    let plane = FloatPlane(
      width: values.first?.count ?? 0, height: values.count,
      values: values.joined().map { Float($0) / 255 })
    return isInk
      ? Plate([plane], map: .ink, policy: .fixed(1)).pictures[0]
      : Plate.rgb(red: plane, green: plane, blue: plane)
  }
}

extension Ink {
  /// On cells of light, whatever the page’s theme.
  fileprivate static let (onDark, onLight) = (
    Ink.fixed(Color(red: 255, green: 255, blue: 255)), Ink.fixed(Color(red: 0, green: 0, blue: 0))
  )
}
