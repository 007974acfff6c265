public import Drawing

/// Pictures of pixels in rows, with captions, row labels and column headers.
///
/// Every pixel is drawn as a box of the same whole number of pixels. Where there is no room the
/// whole number becomes smaller, down to 1; then rows continue in further lines.
public struct ImageGrid: Chart {
  /// One picture.
  public struct Tile: Hashable, Sendable {
    /// The picture; nil for an empty place.
    public var picture: Picture?
    /// The lines below it.
    public var caption: [StyledLine]
    /// The color of its frame; nil for none.
    public var frame: Ink?
    /// A picture drawn on top, such as a ghost of the input; its alpha channel counts.
    public var overlay: Picture?
    /// Two or so bars below the caption, each with a label, a share and its color.
    public var bars: [TileBar]
    /// Where the picture leads in a page, relative to it; nil for nowhere.
    public var link: String?
    /// What it shows, if its header, row and caption do not say it.
    public var words: String?

    /// A picture with its caption and frame.
    public init(
      _ picture: Picture?, caption: [StyledLine] = [], frame: Ink? = .rule,
      overlay: Picture? = nil, bars: [TileBar] = [], link: String? = nil, words: String? = nil
    ) {
      self.picture = picture
      self.caption = caption
      self.frame = frame
      self.overlay = overlay
      self.bars = bars
      self.link = link
      self.words = words
    }
  }

  /// A probability below a picture.
  public struct TileBar: Hashable, Sendable {
    /// The name of the class.
    public var label: String
    /// The probability.
    public var probability: Double
    /// The color.
    public var ink: Ink

    /// A probability from its class, size and color.
    public init(_ label: String, _ probability: Double, ink: Ink = .bar) {
      self.label = label
      self.probability = probability
      self.ink = ink
    }
  }

  /// Pictures that belong together.
  public struct Row: Hashable, Sendable {
    /// The lines at the left of the row.
    public var label: [StyledLine]
    /// The pictures.
    public var tiles: [Tile]

    /// A row from its label and pictures.
    public init(_ label: [StyledLine] = [], tiles: [Tile]) {
      self.label = label
      self.tiles = tiles
    }
  }

  /// The rows from top to bottom.
  public var rows: [Row]
  /// The words above each column; the first line of each is the heaviest.
  public var headers: [[StyledLine]] = []
  /// A line of words below the columns, such as a score for each method, with its label first.
  public var footer: (label: [StyledLine], cells: [StyledLine])?
  /// What the colors of maps mean, below the pictures.
  public var key: ColorScale?
  /// How many screen pixels a pixel is wide, if there is room.
  public var scale: Int
  /// The space between pictures.
  public var gutter: Double
  /// True if rows may continue in further lines at the wanted scale.
  var isWrapped = false

  /// Rows of pictures with labels.
  public init(rows: [Row], headers: [[StyledLine]] = [], scale: Int = 4, gutter: Double = 6) {
    self.rows = rows
    self.headers = headers
    self.scale = scale
    self.gutter = gutter
  }

  /// Pictures one after another, as many to a line as fit, or at most `columns`.
  public init(_ tiles: [Tile], scale: Int = 4, gutter: Double = 10, columns: Int? = nil) {
    self.init(rows: [], scale: scale, gutter: gutter)
    guard let columns else {
      rows = [Row(tiles: tiles)]
      return
    }
    rows = stride(from: 0, to: tiles.count, by: max(columns, 1)).map { start in
      Row(tiles: Array(tiles[start..<min(start + max(columns, 1), tiles.count)]))
    }
  }
}
