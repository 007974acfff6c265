/// Converts between straight colors and Cairo's pixels, `0xAARRGGBB` with premultiplied channels.
enum Premultiplied {
  /// The pixel of a color.
  static func pixel(_ color: Color) -> UInt32 {
    let alpha = UInt32(color.alpha)
    func multiplied(_ channel: UInt8) -> UInt32 { (UInt32(channel) * alpha + 127) / 255 }
    return alpha << 24 | multiplied(color.red) << 16 | multiplied(color.green) << 8
      | multiplied(color.blue)
  }

  /// The color of a pixel; an invisible pixel has no color and gives zeros.
  static func color(_ pixel: UInt32) -> Color {
    let alpha = pixel >> 24
    guard alpha > 0 else { return Color(red: 0, green: 0, blue: 0, alpha: 0) }
    guard alpha < 255 else { return Color(hex: pixel) }
    func divided(_ channel: UInt32) -> UInt8 {
      UInt8(min((channel & 255) * 255 + alpha / 2, alpha * 255) / alpha)
    }
    return Color(
      red: divided(pixel >> 16), green: divided(pixel >> 8), blue: divided(pixel),
      alpha: UInt8(alpha))
  }
}
