import Drawing

/// True classes against predicted ones: errors colored on a logarithmic scale, diagonal pale.
///
/// Made for 2 to 100 classes. Where cells are too small for text, counts and most names are left
/// out; they are in the table.
public struct ConfusionMatrix: Chart {
  /// `counts[true][predicted]`.
  public var counts: [[Int]]
  /// The names of the classes.
  public var classNames: [String]
  /// A cell to outline, as true and predicted class.
  public var selection: (actual: Int, predicted: Int)?
  /// True to show the recall of each class at the right.
  public var showsRecall = true

  /// A matrix of counts.
  ///
  /// - Precondition: the matrix is square and has as many rows as there are names.
  public init(counts: [[Int]], classNames: [String]) {
    precondition(
      counts.count == classNames.count && counts.allSatisfy { $0.count == counts.count },
      "ConfusionMatrix: \(counts.count) rows for \(classNames.count) classes, expected a square")
    self.counts = counts
    self.classNames = classNames
  }

  /// The counts with true classes as rows, and the recall of each.
  public var table: FigureTable? {
    FigureTable(
      header: ["True \\ predicted"] + classNames + ["Recall"],
      rows: counts.indices.map { row in
        let recall = recall(row).map { Format.percent($0) } ?? ""
        return [classNames[row]] + counts[row].map(Format.count) + [recall]
      })
  }

  /// The share of a class that was recognized; nil for a class without images.
  func recall(_ row: Int) -> Double? {
    let total = counts[row].reduce(0, +)
    return total > 0 ? Double(counts[row][row]) / Double(total) : nil
  }

  /// The step of the color scale for an error count, from 1 to 5.
  ///
  /// The scale is logarithmic and ends at the largest error count, or at 8 if that is smaller.
  func level(_ count: Int) -> Int {
    let errors = counts.indices.flatMap { row in
      counts.indices.filter { $0 != row }.map { counts[row][$0] }
    }
    let largest = max(errors.max() ?? 0, 8)
    guard count > 1 else { return 1 }
    var (level, bound) = (1, 1.0)
    let ratio = ConfusionMatrix.fourthRoot(Double(largest))
    while level < 5, Double(count) >= bound * ratio * 0.999 {
      (level, bound) = (level + 1, bound * ratio)
    }
    return level
  }

  private static func fourthRoot(_ value: Double) -> Double {
    value.squareRoot().squareRoot()
  }

  /// The marks for a width in pixels.
  public func layout(width: Double) -> Layout {
    let count = counts.count
    let names = TextStyle(.ink2, size: width < 450 ? 11 : 13, anchor: .end)
    let widest = classNames.map { TextMetrics.width(of: $0, style: names) }.max() ?? 0
    let left = max(34, min(widest, width * 0.22).rounded(.up) + 12)
    let recallWidth = showsRecall ? (width < 450 ? 50.0 : 100) : 0
    let room = width - left - recallWidth
    let cell = max(1, min(46, (room / Double(max(count, 1))).rounded(.down)))
    let top = 38.0
    var layout = Layout(width: width, height: top + cell * Double(count) + 2)
    layout.text("Predicted class", left, 11, TextStyle())
    layout.text("True", left - 12, 30, TextStyle(anchor: .end))
    let levels = levelTable()
    for row in 0..<count {
      for column in 0..<count {
        let (x, y) = (left + Double(column) * cell, top + Double(row) * cell)
        drawCell(row, column, x: x, y: y, size: cell, levels, &layout)
      }
    }
    drawNames(left: left, top: top, cell: cell, style: names, &layout)
    if showsRecall {
      drawRecall(x: left + cell * Double(count), top: top, cell: cell, wide: width >= 450, &layout)
    }
    if let selection, counts.indices.contains(selection.actual),
      counts.indices.contains(selection.predicted)
    {
      let box = Rectangle(
        x: left + Double(selection.predicted) * cell + 1,
        y: top + Double(selection.actual) * cell + 1, width: cell - 2, height: cell - 2)
      layout.marks.append(.frame(box, Stroke(.ink, width: 2)))
    }
    return layout
  }

  private func levelTable() -> [Int: Int] {
    var table: [Int: Int] = [:]
    for value in Set(counts.joined()) where value > 0 { table[value] = level(value) }
    return table
  }

  private func drawCell(
    _ row: Int, _ column: Int, x: Double, y: Double, size: Double, _ levels: [Int: Int],
    _ layout: inout Layout
  ) {
    let value = counts[row][column]
    let gap = size >= 12 ? 1.0 : size >= 4 ? 0.5 : 0
    let isDiagonal = row == column
    guard value > 0 || isDiagonal else {
      if size >= 9 {
        let center = Point(x + size / 2, y + size / 2)
        layout.marks.append(.circle(center, radius: 0.8, fill: .rule2, stroke: nil))
      }
      return
    }
    let level = levels[value] ?? 1
    layout.area(x, y, size - gap, size - gap, isDiagonal ? .background2 : .heat(level))
    let text = Format.count(value)
    let sizes: [Double] = isDiagonal ? [12, 11] : [15, 13, 12, 11]
    for fontSize in sizes {
      let style = TextStyle(
        isDiagonal ? .ink2 : .heatText(level), size: fontSize,
        weight: isDiagonal ? .regular : .semibold, anchor: .middle)
      guard TextMetrics.width(of: text, style: style) <= size - 3, fontSize + 2 <= size else {
        continue
      }
      layout.text(text, x + (size - gap) / 2, y + (size - gap) / 2 + fontSize * 0.36, style)
      break
    }
  }

  private func drawNames(
    left: Double, top: Double, cell: Double, style: TextStyle, _ layout: inout Layout
  ) {
    // Names of rows need 12 pixels each; with smaller cells only every k-th is written.
    let every = max(1, Int((12 / cell).rounded(.up)))
    var columnStyle = style
    columnStyle.anchor = .middle
    let fits = classNames.allSatisfy {
      TextMetrics.width(of: $0, style: columnStyle) <= cell * Double(every) - 2
    }
    for index in classNames.indices where index % every == 0 {
      let middle = (Double(index) + 0.5) * cell
      let name = TextMetrics.truncated(classNames[index], to: left - 12, style: style)
      layout.text(name, left - 10, top + middle + 4.5, style)
      let room = cell * Double(every) - 2
      let short = TextMetrics.truncated(classNames[index], to: room, style: columnStyle)
      guard fits || short.count > 2 || short == classNames[index] else { continue }
      let half = TextMetrics.width(of: short, style: columnStyle) / 2
      layout.text(short, min(left + middle, layout.width - half), 30, columnStyle)
    }
  }

  private func drawRecall(
    x: Double, top: Double, cell: Double, wide: Bool, _ layout: inout Layout
  ) {
    let size: Double = wide ? 12 : 11
    let right = min(layout.width, x + (wide ? 92 : 48))
    layout.text(
      "Recall", right, 30, TextStyle(.ink2, size: size, weight: .semibold, anchor: .end))
    let worst = counts.indices.compactMap { recall($0) }.min()
    let every = max(1, Int((12 / cell).rounded(.up)))
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
}
