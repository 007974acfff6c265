public import Drawing
import Pictures

/// A strip of a color map with words at both ends.
public struct ColorScale: Chart {
  /// The map.
  public var map: Plate.Map
  /// The words at the lower end, such as `against`.
  public var lower: String
  /// The words at the upper end, such as `for the predicted digit`.
  public var upper: String

  /// A legend of a map.
  public init(_ map: Plate.Map, lower: String, upper: String) {
    self.map = map
    self.lower = lower
    self.upper = upper
  }

  /// The marks for a width in pixels.
  public func layout(width: Double) -> FigureLayout {
    var layout = FigureLayout(width: width, height: 16)
    let style = TextStyle(.ink2, size: 12)
    let lowerText = TextMetrics.truncated(lower, to: max(0, width * 0.35), style: style)
    layout.text(lowerText, 0, 12, style)
    let x = lowerText.isEmpty ? 0 : TextMetrics.width(of: lowerText, style: style).rounded(.up) + 8
    let length = min(128, width - x)
    let strip = Rectangle(x: x, y: 2, width: length, height: 12)
    layout.marks.append(.image(picture, strip))
    layout.marks.append(
      .frame(
        Rectangle(x: x + 0.5, y: 2.5, width: length - 1, height: 11), Stroke(.rule)))
    let room = width - strip.maxX - 8
    if room > 20 {
      layout.text(
        TextMetrics.truncated(upper, to: room, style: style), strip.maxX + 8, 12, style)
    }
    return layout
  }

  /// The strip as a picture of 128 by 1 pixels.
  public var picture: Picture {
    func strip(_ appearance: Appearance) -> PixelImage {
      let colors = map.colors(appearance)
      return PixelImage(
        width: 128, height: 1, channels: 3,
        pixels: (0..<128).flatMap { x -> [UInt8] in
          let color = colors.color(at: Double(x) / 127)
          return [color.red, color.green, color.blue]
        })
    }
    return .themed(light: strip(.light), dark: strip(.dark))
  }
}
