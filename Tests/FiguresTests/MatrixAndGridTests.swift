import Drawing
import Pictures
import Testing

@testable import Figures

struct ConfusionMatrixTests {
  private func texts(_ layout: FigureLayout) -> [String] {
    layout.marks.compactMap { if case .text(let text, _, _) = $0 { text } else { nil } }
  }

  @Test func `errors are colored on a logarithmic scale and the diagonal is pale`() {
    let matrix = ConfusionMatrix(
      counts: [[90, 1, 0], [16, 70, 4], [0, 0, 0]], classNames: ["a", "b", "c"])
    let cells = matrix.layout(width: 564).marks.compactMap { mark -> (Rectangle, Ink)? in
      if case .area(let box, let ink, _) = mark { (box, ink) } else { nil }
    }
    let inks = cells.sorted { ($0.0.y, $0.0.x) < ($1.0.y, $1.0.x) }.map(\.1)
    #expect(
      inks == [.background2, .heat(1), .heat(5), .background2, .heat(3), .background2])
    let dots = matrix.layout(width: 564).marks.count {
      if case .circle = $0 { true } else { false }
    }
    #expect(dots == 3)
  }

  @Test func `levels grow with the count and end at the largest`() {
    let levels = (1...1000).map { ConfusionMatrix.level($0, largest: 1000) }
    #expect(levels == levels.sorted())
    #expect(levels.first == 1 && levels.last == 5)
    #expect(ConfusionMatrix.level(1, largest: 1) == 1)
  }

  @Test func `recall is that of the row and the worst is marked`() {
    let matrix = ConfusionMatrix(
      counts: [[99, 1, 0], [6, 94, 0], [0, 0, 0]], classNames: ["a", "b", "c"])
    let layout = matrix.layout(width: 564)
    #expect(texts(layout).contains("99.0% (1)"))
    #expect(
      layout.marks.contains { mark in
        if case .text("94.0% (6)", _, let style) = mark { style.ink == .wrong } else { false }
      })
    #expect(matrix.recall(2) == nil)
    #expect(matrix.table?.rows[2] == ["c", "0", "0", "0", ""])
  }

  @Test func `names that do not fit are replaced by numbers`() {
    let short = texts(Samples.matrix(3, name: "a").layout(width: 358))
    #expect(short.count { $0 == "a" } == 6)
    let long = texts(Samples.matrix(3, name: Samples.longName).layout(width: 358))
    #expect(long.contains("1") && long.contains("3"))
    #expect(long.count { $0.hasSuffix("…") } == 3)
  }

  @Test func `names that do not fit are replaced by their beginnings if these differ`() {
    let counts = (0..<10).map { row in (0..<10).map { row == $0 ? 90 : 1 } }
    let names = [
      "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]
    let shown = texts(ConfusionMatrix(counts: counts, classNames: names).layout(width: 664))
    #expect(shown.contains { $0.hasPrefix("auto") && $0.hasSuffix(".") })
    // Once beside its row, once above its column.
    #expect(shown.count { $0 == "bird" } == 2)
    #expect(shown.contains("automobile") && !shown.contains("10"))
    #expect(texts(ConfusionMatrix(counts: [], classNames: []).layout(width: 664)).contains("True"))
  }

  @Test func `a hundred classes are one picture`() {
    let marks = Samples.matrix(100, name: "b").layout(width: 984).marks
    let pictures = marks.compactMap { if case .image(let picture, _) = $0 { picture } else { nil } }
    #expect(pictures.map(\.width) == [100])
    #expect(marks.count < 400)
  }
}

struct ImageGridTests {
  private func pictures(_ layout: FigureLayout) -> [Rectangle] {
    layout.marks.compactMap { if case .image(_, let box) = $0 { box } else { nil } }
  }

  @Test(arguments: Samples.widths)
  func `pixels are whole numbers of pixels wide`(width: Double) {
    for (name, chart) in Samples.charts where chart is ImageGrid {
      for box in pictures(chart.layout(width: width)) {
        #expect(box.width.truncatingRemainder(dividingBy: 28) == 0, "\(name)")
        #expect(box.width == box.height && box.x == box.x.rounded())
      }
    }
  }

  @Test func `tiles flow into as many columns as fit`() {
    let tiles = (0..<10).map { _ in ImageGrid.Tile(Samples.digit) }
    // 4 tiles of 112 and gutters of 10 make 478, a fifth would need 600.
    let boxes = pictures(ImageGrid(tiles, scale: 4, gutter: 10).layout(width: 564))
    #expect(boxes.filter { $0.y == boxes[0].y }.count == 4)
    #expect(boxes.count == 10)
  }

  @Test func `frames have the color of their tile`() {
    let grid = ImageGrid([.init(Samples.digit, frame: .wrong), .init(Samples.digit, frame: nil)])
    let frames = grid.layout(width: 564).marks.compactMap { mark -> Ink? in
      if case .frame(_, let stroke) = mark { stroke.ink } else { nil }
    }
    #expect(frames == [.wrong])
  }

  @Test func `a table keeps its headers on wide pages and captions them on narrow ones`() throws {
    let table = try #require(Samples.charts.first { $0.0 == "table" }?.1)
    func names(_ width: Double) -> Int {
      table.layout(width: width).marks.count { mark in
        if case .text(let text, _, _) = mark { text.hasPrefix("Integrated") } else { false }
      }
    }
    #expect(names(984) == 7)
    #expect(names(358) == 14)
  }
}

struct ClassMapTests {
  @Test func `names of classes that lie together stand below one another`() {
    let names = ["airplane", "automobile", "bird", "cat"]
    let items = (0..<4).flatMap { label in
      [-1.0, 0, 1].map { ClassMap.Item(Point(0.01 * Double(label), $0), label: label) }
    }
    let marks = ClassMap(items, classNames: names).layout(width: 320).marks
    let boxes = marks.compactMap { mark -> Rectangle? in
      guard case .text(let text, let at, let style) = mark, names.contains(text) else { return nil }
      let width = TextMetrics.width(of: text, style: style)
      return Rectangle(x: at.x - width / 2, y: at.y - style.size, width: width, height: style.size)
    }
    #expect(boxes.count == 4)
    for (place, box) in boxes.enumerated() {
      #expect(boxes.dropFirst(place + 1).allSatisfy { !$0.overlaps(box) })
    }
  }
}

struct NumberGridTests {
  @Test func `numbers are legible on their cells`() {
    for value in 0...255 {
      for appearance in Appearance.allCases {
        let cell = ColorMap.ink(appearance).color(at: Double(value) / 255)
        let text = Theme(appearance: appearance).color(NumberGrid([[value]]).ink(on: value))
        // At the middle of the scale no ink is better than 3.9 in both themes at once.
        #expect(text.contrast(with: cell) >= 3.8, "\(value)")
      }
    }
  }

  @Test func `numbers of light are legible on cells that are as bright as they say`() {
    for value in 0...255 {
      let grid = NumberGrid([[value]], isInk: false)
      let grey = UInt8(value)
      let text = Theme(appearance: .dark).color(grid.ink(on: value))
      #expect(text.contrast(with: Color(red: grey, green: grey, blue: grey)) >= 4.5, "\(value)")
    }
  }

  @Test(arguments: [true, false])
  func `every number is written`(isInk: Bool) {
    let marks = NumberGrid([[0, 12], [128, 255]], isInk: isInk).layout(width: 358).marks
    let texts = marks.compactMap { if case .text(let text, _, _) = $0 { text } else { nil } }
    // Those in one ink stand together.
    #expect(texts == ["0", "12", "128", "255"])
  }
}

struct SquareRowsTests {
  @Test func `states follow the confidence`() {
    #expect(SquareRows.State(isRight: true, confidence: 0.995) == .sure)
    #expect(SquareRows.State(isRight: true, confidence: 0.99) == .fairlySure)
    #expect(SquareRows.State(isRight: true, confidence: 0.9) == .fairlySure)
    #expect(SquareRows.State(isRight: true, confidence: 0.89) == .unsure)
    #expect(SquareRows.State(isRight: false, confidence: 1) == .wrong)
  }

  @Test func `the plate has one square per image`() throws {
    let rows = SquareRows([
      .init("0", states: .init(repeating: .sure, count: 700) + [.wrong, .wrong]),
      .init("1", states: [.unsure]),
    ])
    let layout = rows.layout(width: 984)
    let picture = layout.marks.compactMap { mark -> Picture? in
      if case .image(let picture, _) = mark { picture } else { nil }
    }
    for appearance in Appearance.allCases {
      let plate = try #require(picture.first).pixels(appearance)
      func pixels(_ ink: Ink) -> Int {
        let color = Theme(appearance: appearance).color(ink)
        return (0..<plate.height).reduce(0) { sum, y in
          sum + (0..<plate.width).count { plate.color(x: $0, y: y) == color }
        }
      }
      // Squares are 3 by 3 pixels.
      #expect(pixels(.rule) == 700 * 9)
      #expect(pixels(.wrong) == 2 * 9)
      #expect(pixels(.ink) == 9)
    }
    #expect(layout.marks.count < 20)
    #expect(rows.table?.rows[0] == ["0", "700", "0", "0", "2"])
  }
}
