/// Converts straight colors to Cairo's pixels, `0xAARRGGBB` with premultiplied channels.
enum Premultiplied {
  /// The pixel of a color.
  static func pixel(_ color: Color) -> UInt32 {
    let alpha = UInt32(color.alpha)
    func multiplied(_ channel: UInt8) -> UInt32 { (UInt32(channel) * alpha + 127) / 255 }
    return alpha << 24 | multiplied(color.red) << 16 | multiplied(color.green) << 8
      | multiplied(color.blue)
  }
}
