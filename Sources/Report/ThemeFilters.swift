import Drawing
import Figures
import Pictures

/// Maps stored once as grey pictures, which the style sheet colors for the page’s theme by SVG filters; and the colors of
/// maps that the page paints while it is read.
enum ThemeFilters {
  /// The grey of zero in a signed map: the eighth of seventeen steps, so that a table of 18 entries hits it exactly.
  private static let zero = 120.0
  /// A map has so many steps of grey from zero to its end: more would double the size of the files.
  private static let steps = 10.0

  /// The grey beyond the signed map, which stands for the pale copy of an image.
  private static let ghost: UInt8 = 255

  /// How planes stand on a sheet, with gutters of one pixel between columns.
  struct Grid {
    var columns: Int
    /// Pixels between rows.
    var rowGutter: Int
  }

  /// Planes of signed numbers on a sheet, each by its own percentile, with gutters of zero.
  ///
  /// - Parameters:
  ///   - planes: The planes.
  ///   - grid: How they stand.
  ///   - image: What is seen through them where they are zero; nil for nothing.
  /// - Returns: The sheet in greys.
  static func signed(
    _ planes: [FloatPlane], _ grid: Grid, over image: FloatPlane? = nil
  ) -> PixelImage {
    let bounds = Plate(planes, map: .signed, policy: .attribution).bounds
    return sheet(planes, grid, blank: UInt8(zero)) { plane, place, value in
      let share = bounds[plane] > 0 && value.isFinite ? Double(value) / bounds[plane] : 0
      let step = (steps * min(max(share, -1), 1)).rounded()
      if step == 0, let image, image.values[place] > 0.4 { return ghost }
      return UInt8(zero + zero / steps * step)
    }
  }

  /// Planes of numbers of zero and above on a sheet, all on one scale.
  static func activation(_ planes: [FloatPlane], _ grid: Grid) -> PixelImage {
    let bound = Plate(planes, map: .activation, policy: .activations).bounds.max() ?? 0
    return sheet(planes, grid, blank: 0) { _, _, value in
      let share = bound > 0 && value.isFinite ? Double(value) / bound : 0
      return UInt8((255 / (2 * steps) * (2 * steps * min(max(share, 0), 1)).rounded()).rounded())
    }
  }

  private static func sheet(
    _ planes: [FloatPlane], _ grid: Grid, blank: UInt8,
    _ byte: (_ plane: Int, _ place: Int, _ value: Float) -> UInt8
  ) -> PixelImage {
    let (width, height) = (planes.first?.width ?? 0, planes.first?.height ?? 0)
    let across = min(grid.columns, planes.count)
    let down = (planes.count + grid.columns - 1) / grid.columns
    let size = (across * (width + 1), down * (height + grid.rowGutter) - grid.rowGutter)
    var sheet = PixelImage(
      width: size.0, height: size.1, channels: 1,
      pixels: [UInt8](repeating: blank, count: size.0 * size.1))
    for (index, plane) in planes.enumerated() {
      let grey = PixelImage(
        width: plane.width, height: plane.height, channels: 1,
        pixels: plane.values.enumerated().map { byte(index, $0, $1) })
      sheet.paste(
        grey, x: index % grid.columns * (width + 1),
        y: index / grid.columns * (height + grid.rowGutter))
    }
    return sheet
  }

  /// The rules that color pictures of the classes `map-signed` and `map-activation`.
  static let styleSheet: String = {
    func rules(_ appearance: Appearance, _ root: String) -> String {
      let signed = filter(.signed, appearance, entries: 18, nothing: 8)
      let activation = filter(.activation, appearance, entries: 9, nothing: 0)
      return "\(root) .map-signed{filter:\(signed)}\(root) .map-activation{filter:\(activation)}"
        + "\(root){--map-signed:\(stops(.signed, appearance));"
        + "--map-activation:\(stops(.activation, appearance));"
        + "--key-signed:\(gradient(.signed, appearance));"
        + "--key-activation:\(gradient(.activation, appearance))}"
    }
    return rules(.light, ":root") + "\n"
      + "@media (prefers-color-scheme:dark){\(rules(.dark, ":root:not([data-theme=light])"))}\n"
      + rules(.dark, ":root[data-theme=dark]")
  }()

  /// A map's colors at seventeen even steps, for maps that the page paints itself.
  private static func stops(_ map: Plate.Map, _ appearance: Appearance) -> String {
    let colors = map.colors(appearance)
    return (0...16).map {
      let color = colors.color(at: Double($0) / 16)
      return "\(color.red),\(color.green),\(color.blue)"
    }.joined(separator: " ")
  }

  /// The same as a gradient.
  private static func gradient(_ map: Plate.Map, _ appearance: Appearance) -> String {
    let colors = stops(map, appearance).split(separator: " ").map { "rgb(\($0))" }
    return "linear-gradient(90deg,\(colors.joined(separator: ",")))"
  }

  /// A map's colors at even steps of grey; the page itself at the step that stands for nothing.
  private static func filter(
    _ map: Plate.Map, _ appearance: Appearance, entries: Int, nothing: Int
  ) -> String {
    let colors = map.colors(appearance)
    let page = Theme(appearance: appearance).color(.background)
    let ink = Theme(appearance: appearance).color(.ink)
    let pale = Color(
      red: UInt8((5 * Int(page.red) + Int(ink.red)) / 6),
      green: UInt8((5 * Int(page.green) + Int(ink.green)) / 6),
      blue: UInt8((5 * Int(page.blue) + Int(ink.blue)) / 6))
    let nodes = (0..<entries).map { entry -> Color in
      // Beyond the end of a signed map stands the pale copy of the image.
      if map == .signed, entry == entries - 1 { return pale }
      let share = Double(entry - nothing) / Double(map == .signed ? nothing : entries - 1)
      return entry == nothing
        ? page : colors.color(at: map == .signed ? min((share + 1) / 2, 1) : share)
    }
    func function(_ channel: String, _ value: (Color) -> UInt8) -> String {
      let values = nodes.map { Format.fixed(Double(value($0)) / 255, 3) }
      return "<feFunc\(channel) type='table' tableValues='\(values.joined(separator: " "))'/>"
    }
    let picture =
      "<svg xmlns='http://www.w3.org/2000/svg'><filter id='f' color-interpolation-filters='sRGB'>"
      + "<feComponentTransfer>" + function("R", \.red) + function("G", \.green)
      + function("B", \.blue) + "</feComponentTransfer></filter></svg>"
    let escaped = picture.replacing("<", with: "%3C").replacing(">", with: "%3E")
    return "url(\"data:image/svg+xml,\(escaped)#f\")"
  }
}
