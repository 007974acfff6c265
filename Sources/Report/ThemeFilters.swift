import Drawing
import Figures

/// Maps stored once as grey pictures, which the style sheet colors for the page’s theme by SVG filters; and the colors of
/// maps that the page paints while it is read.
enum ThemeFilters {
  /// The grey of zero in a signed map: the eighth of seventeen steps, so that a table of 18 entries hits it exactly.
  private static let zero = 120.0
  /// A map has so many steps of grey from zero to its end: more would double the size of the files.
  private static let steps = 10.0

  /// Planes of signed numbers beside one another, each by its own percentile, with gutters of one pixel of zero.
  static func signed(_ planes: [FloatPlane]) -> PixelImage {
    let bounds = Plate(planes, map: .signed, policy: .attribution).bounds
    return strip(planes, blank: UInt8(zero)) { plane, value in
      let share = bounds[plane] > 0 && value.isFinite ? Double(value) / bounds[plane] : 0
      return UInt8(zero + zero / steps * (steps * min(max(share, -1), 1)).rounded())
    }
  }

  /// Planes of numbers of zero and above beside one another, all on one scale.
  static func activation(_ planes: [FloatPlane]) -> PixelImage {
    let bound = Plate(planes, map: .activation, policy: .activations).bounds.max() ?? 0
    return strip(planes, blank: 0) { _, value in
      let share = bound > 0 && value.isFinite ? Double(value) / bound : 0
      return UInt8((255 / (2 * steps) * (2 * steps * min(max(share, 0), 1)).rounded()).rounded())
    }
  }

  private static func strip(
    _ planes: [FloatPlane], blank: UInt8, _ byte: (_ plane: Int, _ value: Float) -> UInt8
  ) -> PixelImage {
    let (width, height) = (planes.first?.width ?? 0, planes.first?.height ?? 0)
    var strip = PixelImage(
      width: planes.count * (width + 1), height: height, channels: 1,
      pixels: [UInt8](repeating: blank, count: planes.count * (width + 1) * height))
    for (index, plane) in planes.enumerated() {
      let grey = PixelImage(
        width: plane.width, height: plane.height, channels: 1,
        pixels: plane.values.map { byte(index, $0) })
      strip.paste(grey, x: index * (width + 1), y: 0)
    }
    return strip
  }

  /// The rules that color pictures of the classes `map-signed` and `map-activation`.
  static let styleSheet: String = {
    func rules(_ appearance: Appearance, _ root: String) -> String {
      let signed = filter(.signed, appearance, entries: 18, nothing: 8)
      let activation = filter(.activation, appearance, entries: 9, nothing: 0)
      return "\(root) .map-signed{filter:\(signed)}\(root) .map-activation{filter:\(activation)}"
        + "\(root){--map-signed:\(stops(.signed, appearance));"
        + "--map-activation:\(stops(.activation, appearance))}"
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

  /// A map's colors at even steps of grey; the page itself at the step that stands for nothing.
  private static func filter(
    _ map: Plate.Map, _ appearance: Appearance, entries: Int, nothing: Int
  ) -> String {
    let colors = map.colors(appearance)
    let page = Theme(appearance: appearance).color(.background)
    let nodes = (0..<entries).map { entry -> Color in
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
