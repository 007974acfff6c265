import Drawing

/// A window of a picture as numbers, each cell shaded by its number.
public struct NumberGrid: Chart {
  /// The rows of numbers from 0 (page) to 255 (full ink).
  public var values: [[Int]]

  /// A window of numbers.
  ///
  /// - Precondition: all rows have the same length.
  public init(_ values: [[Int]]) {
    precondition(
      values.allSatisfy { $0.count == values.first?.count }, "NumberGrid: rows differ in length")
    self.values = values
  }

  /// The numbers.
  public var table: FigureTable? {
    FigureTable(
      header: ["Row"] + (values.first ?? []).indices.map { "Column \($0 + 1)" },
      rows: values.enumerated().map { ["\($0 + 1)"] + $1.map(String.init) })
  }

  /// The marks for a width in pixels; numbers are left out where cells are too small for them.
  public func layout(width: Double) -> Layout {
    let columns = values.first?.count ?? 0
    guard columns > 0 else { return Layout(width: width) }
    let cell = max(1, min(37, (width / Double(columns)).rounded(.down)))
    var layout = Layout(width: width, height: cell * Double(values.count))
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
    for ink in [Ink.ink3, .ink, .background] {
      let style = TextStyle(
        ink, size: cell >= 30 ? 12 : 11, anchor: .middle, isMonospaced: true)
      for (y, row) in values.enumerated() {
        for (x, value) in row.enumerated() where NumberGrid.ink(on: value) == ink {
          layout.text(
            String(value), (Double(x) + 0.5) * cell, (Double(y) + 0.5) * cell + 4, style)
        }
      }
    }
    return layout
  }

  /// The role whose text is most legible on a cell, the worse of both themes deciding.
  static func ink(on value: Int) -> Ink {
    guard value > 0 else { return .ink3 }
    func contrast(_ role: Ink) -> Double {
      Appearance.allCases.map { appearance in
        let cell = ColorMap.ink(appearance).color(at: Double(value) / 255)
        return Theme(appearance: appearance).color(role).contrast(with: cell)
      }.min() ?? 0
    }
    return contrast(.ink) >= contrast(.background) ? .ink : .background
  }

  private var picture: Picture {
    let plane = FloatPlane(
      width: values.first?.count ?? 0, height: values.count,
      values: values.joined().map { Float($0) / 255 })
    return Plate([plane], map: .ink, policy: .fixed(1)).pictures[0]
  }
}
