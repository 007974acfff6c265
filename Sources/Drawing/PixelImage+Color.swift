package import Pictures

extension PixelImage {
  /// The color of a pixel.
  package func color(x: Int, y: Int) -> Color {
    let at = (y * width + x) * channels
    let alpha = hasAlpha ? pixels[at + channels - 1] : 255
    return channels < 3
      ? Color(red: pixels[at], green: pixels[at], blue: pixels[at], alpha: alpha)
      : Color(red: pixels[at], green: pixels[at + 1], blue: pixels[at + 2], alpha: alpha)
  }

  /// The picture as amounts of one color: its alpha channel, or its darkness where it has none.
  func inked(_ color: Color) -> PixelImage {
    var result = [UInt8]()
    result.reserveCapacity(width * height * 4)
    for at in stride(from: 0, to: pixels.count, by: channels) {
      result += [color.red, color.green, color.blue, inkAmount(at)]
    }
    return PixelImage(width: width, height: height, channels: 4, pixels: result)
  }

  /// The picture as black with an alpha channel, the form that a page can invert.
  package func blackInk() -> PixelImage {
    var result = [UInt8]()
    result.reserveCapacity(width * height * 2)
    for at in stride(from: 0, to: pixels.count, by: channels) { result += [0, inkAmount(at)] }
    return PixelImage(width: width, height: height, channels: 2, pixels: result)
  }

  private func inkAmount(_ at: Int) -> UInt8 {
    hasAlpha ? pixels[at + channels - 1] : 255 - pixels[at]
  }
}
