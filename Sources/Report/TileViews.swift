import Drawing
import Figures

/// Turns grids of pictures into what the templates show.
struct TileViews {
  /// The pictures met on the way.
  var pictures: PictureStore
  /// The words of the figure.
  let text: FigureText
  /// What distinguishes the files of a second version.
  let suffix: String
  private var count = 0

  init(pictures: PictureStore, text: FigureText, suffix: String) {
    self.pictures = pictures
    self.text = text
    self.suffix = suffix
  }

  /// A table if there are headers, and rows that wrap if there are none.
  mutating func views(_ grid: ImageGrid) throws -> (tables: [TileTableView], rows: [TileRowView]) {
    let columns = grid.rows.map(\.tiles.count).max() ?? 0
    let isTable = !grid.headers.isEmpty
    // A label, and on a phone at least four pictures in view; those of a table are as large as its widest can be.
    let room = isTable ? min(6, max(columns, 1)) : 1
    let widest = grid.rows.flatMap(\.tiles).compactMap(\.picture?.width).max() ?? 0
    let rows = try grid.rows.map {
      try view($0, grid: grid, widest: isTable ? widest : nil, room: room)
    }
    guard isTable else { return ([], rows) }
    let footer = grid.footer
    return (
      [
        TileTableView(
          label: text.alternativeText, headers: grid.headers.map { $0.map(Self.line) },
          hasHeaders: true, rows: rows, hasFooter: footer != nil,
          footerLabel: (footer?.label ?? []).map(Self.line),
          footer: (footer?.cells ?? []).map(Self.line))
      ], []
    )
  }

  private mutating func view(
    _ row: ImageGrid.Row, grid: ImageGrid, widest: Int?, room: Int
  ) throws -> TileRowView {
    var tiles: [TileView] = []
    for (column, tile) in row.tiles.enumerated() {
      let header = grid.headers.indices.contains(column) ? grid.headers[column].first?.text : nil
      let words =
        [header ?? "", row.label.map(\.text).joined(separator: ", ")]
        + tile.caption.map(\.text)
      // Tiles without a caption of their own are told apart by their number.
      let number = tile.caption.isEmpty && row.tiles.count > 1 ? ["\(column + 1)"] : []
      let alt = tile.words ?? (words.filter { !$0.isEmpty } + number).joined(separator: ", ")
      let narrow = Self.narrowScale(
        widest ?? tile.picture?.width ?? 0, scale: grid.scale, room: room)
      tiles.append(try view(tile, alt: alt, scale: grid.scale, narrowScale: narrow))
    }
    return TileRowView(
      hasLabel: !row.label.isEmpty, label: row.label.map(Self.line), tiles: tiles)
  }

  private mutating func view(
    _ tile: ImageGrid.Tile, alt: String, scale: Int, narrowScale: Int
  ) throws -> TileView {
    var views: [PictureView] = []
    if let picture = tile.picture {
      count += 1
      let words = alt.isEmpty ? "\(text.alternativeText), picture \(count)" : alt
      views.append(try view(picture, alt: words, scale: scale, narrowScale: narrowScale))
    }
    if let overlay = tile.overlay {
      views.append(
        try view(overlay, part: "-over", alt: "", scale: scale, narrowScale: narrowScale))
    }
    let isStacked = tile.link != nil && tile.picture != nil || views.count > 1
    // One picture alone has the frame itself.
    if !isStacked, tile.frame != nil, !views.isEmpty {
      views[0].style += views[0].style.isEmpty ? "framed" : " framed"
    }
    let width = tile.picture?.width ?? 0
    return TileView(
      width: String(width * scale), narrowWidth: String(width * narrowScale),
      pictures: views, hasFrame: tile.frame != nil && tile.picture != nil,
      hasLink: tile.link != nil,
      href: tile.link ?? "",
      isStacked: isStacked,
      caption: tile.caption.map(Self.line),
      bars: tile.bars.map {
        BarView(
          $0.label, probability: $0.probability, value: Format.shortProbability($0.probability),
          style: Self.style($0.ink))
      })
  }

  private mutating func view(
    _ picture: Picture, part: String = "", alt: String, scale: Int, narrowScale: Int
  ) throws -> PictureView {
    try pictures.view(
      picture, name: "\(text.name)-\(count)\(part)\(suffix)", scale: scale,
      narrowScale: narrowScale, alt: alt)
  }

  /// The scale on a phone: what is left after a label, divided among the columns to be seen.
  private static func narrowScale(_ width: Int, scale: Int, room: Int) -> Int {
    // Filters are many and small: eight to a line.
    let available = room > 1 ? 300 / min(room, 5) : width < 20 ? 37 : 340
    return max(1, min(scale, available / max(width, 1)))
  }

  private static func line(_ line: StyledLine) -> LineView {
    func style(_ span: StyledLine.Span) -> String {
      Self.style(span.ink) + (span.weight == .semibold ? " strong" : "")
    }
    // The line has the style of one of its parts, which needs no element then.
    let isOne = line.spans.count == 1
    let bare = isOne ? 0 : line.spans.firstIndex { $0.weight != .semibold }
    return LineView(
      style: bare.map { style(line.spans[$0]) } ?? "",
      spans: line.spans.enumerated().map {
        SpanView(text: $1.text, style: style($1), isBare: $0 == bare)
      }, isOne: isOne)
  }

  private static func style(_ ink: Ink) -> String {
    switch ink {
    case .ink: "t-ink"
    case .ink3: "t-pale"
    case .wrong: "t-wrong"
    case .bar: "t-bar"
    default: "t-plain"
    }
  }
}
