import Drawing
import Pictures

/// Every test image as one tiny square: a row per class, the surest answers first.
public struct SquareRows: Chart {
  /// How an image was answered.
  public enum State: Int, Hashable, Sendable, CaseIterable {
    /// Right, more than 99% sure.
    case sure
    /// Right, 90% to 99% sure.
    case fairlySure
    /// Right, less than 90% sure.
    case unsure
    /// Wrong.
    case wrong

    /// The state of an answer.
    public init(isRight: Bool, confidence: Double) {
      self =
        !isRight ? .wrong : confidence > 0.99 ? .sure : confidence >= 0.9 ? .fairlySure : .unsure
    }

    var ink: Ink {
      switch self {
      case .sure: .rule
      case .fairlySure: .rule2
      case .unsure: .ink
      case .wrong: .wrong
      }
    }

    var words: String {
      switch self {
      case .sure: "right, over 99% sure"
      case .fairlySure: "right, 90–99%"
      case .unsure: "right, under 90%"
      case .wrong: "wrong, counted at the right"
      }
    }
  }

  /// The images of one class.
  public struct Row: Hashable, Sendable {
    /// The name of the class.
    public var label: String
    /// Its images, the surest right answer first and errors last.
    public var states: [State]

    /// A class from its name and images.
    public init(_ label: String, states: [State]) {
      self.label = label
      self.states = states
    }
  }

  /// The classes from top to bottom.
  public var rows: [Row]

  /// Rows of squares.
  public init(_ rows: [Row]) { self.rows = rows }

  /// One row per class.
  public var table: FigureTable? {
    FigureTable(
      header: ["Class"] + State.allCases.map(\.words),
      rows: rows.map { row in
        [row.label]
          + State.allCases.map { state in Format.count(row.states.count { $0 == state }) }
      })
  }

  /// The marks for a width in pixels.
  ///
  /// The squares of a class fill columns of equal height from the left; the height is the smallest
  /// that lets the largest class fit.
  public func layout(width: Double) -> FigureLayout {
    let style = TextStyle(.ink2, size: 12)
    let widest = rows.map { TextMetrics.width(of: $0.label, style: style) }.max() ?? 0
    let left = (min(widest, width * 0.22) + 12).rounded(.up)
    let most = rows.map(\.states.count).max() ?? 0
    // As large as lets the largest class fit in one row.
    let pitch =
      [9, 8, 7, 6, 5].first { most * $0 <= Int(width - left - 38) } ?? (width >= 600 ? 4 : 3)
    let columns = max(1, Int(width - left - 38) / pitch)
    let tall = max(1, (most + columns - 1) / columns)
    let rowHeight = max(tall * pitch, 13) + 4
    var layout = FigureLayout(width: width, height: Double(rows.count * rowHeight))
    let plate = Picture.themed(
      light: plate(.light, columns: columns, tall: tall, pitch: pitch, rowHeight: rowHeight),
      dark: plate(.dark, columns: columns, tall: tall, pitch: pitch, rowHeight: rowHeight))
    let size = Rectangle(
      x: left, y: 0, width: Double(plate.width), height: Double(plate.height))
    if most > 0 { layout.marks.append(.image(plate, size)) }
    for (index, row) in rows.enumerated() {
      let middle = Double(index * rowHeight) + Double(rowHeight - 4) / 2
      var label = style
      label.anchor = .end
      let name = TextMetrics.truncated(row.label, to: left - 12, style: label)
      layout.text(name, left - 8, middle + 4.5, label)
      let wrong = row.states.count { $0 == .wrong }
      let used = (row.states.count + tall - 1) / tall
      layout.text(
        Format.count(wrong), left + Double(used * pitch) + 7, middle + 4.5,
        TextStyle(wrong > 0 ? .wrong : .ink3, size: 12))
    }
    drawLegend(left: left, &layout)
    return layout
  }

  private func drawLegend(left: Double, _ layout: inout FigureLayout) {
    let style = TextStyle(.ink2, size: 12)
    var (x, y) = (left, layout.height + 10)
    for state in State.allCases {
      let width = TextMetrics.width(of: state.words, style: style) + 14
      if x > left, x + width > layout.width { (x, y) = (left, y + 18) }
      layout.area(x, y, 8, 8, state.ink)
      layout.text(state.words, x + 14, y + 8, style)
      x += width + 16
    }
    layout.height = y + 14
  }

  private func plate(
    _ appearance: Appearance, columns: Int, tall: Int, pitch: Int, rowHeight: Int
  ) -> PixelImage {
    let theme = Theme(appearance: appearance)
    let page = theme.color(.background)
    let height = max(1, rows.count * rowHeight - 4)
    // Beside the middle of its name.
    let start = (rowHeight - 4 - tall * pitch) / 2
    var pixels = [UInt8]()
    pixels.reserveCapacity(columns * pitch * height * 3)
    for _ in 0..<columns * pitch * height { pixels += [page.red, page.green, page.blue] }
    for (index, row) in rows.enumerated() {
      for (place, state) in row.states.enumerated() {
        let (x, y) = (place / tall * pitch, index * rowHeight + start + place % tall * pitch)
        let color = theme.color(state.ink)
        for dy in 0..<pitch - 1 {
          for dx in 0..<pitch - 1 {
            let at = ((y + dy) * columns * pitch + x + dx) * 3
            pixels.replaceSubrange(at..<at + 3, with: [color.red, color.green, color.blue])
          }
        }
      }
    }
    return PixelImage(width: columns * pitch, height: height, channels: 3, pixels: pixels)
  }
}
