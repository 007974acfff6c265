/// The colors of a picture and, for each pixel, the place of its color among them.
struct Palette {
  /// The colors in the order of their first appearance, channels interleaved.
  private(set) var entries: [UInt8] = []
  /// One byte per pixel.
  private(set) var indices: [UInt8] = []

  /// The palette of an RGB or RGBA picture; nil where a palette would not give the same back.
  ///
  /// That is so for grey pictures, for more than 256 colors, and for RGBA pictures without a
  /// transparent pixel, which would be read as RGB.
  init?(_ picture: PixelImage) {
    let channels = picture.channels
    guard channels >= 3 else { return nil }
    var places = [UInt32: UInt8]()
    var isTransparent = false
    indices.reserveCapacity(picture.width * picture.height)
    for at in stride(from: 0, to: picture.pixels.count, by: channels) {
      let color = picture.pixels[at..<at + channels].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      if channels == 4, color & 255 != 255 { isTransparent = true }
      if let place = places[color] {
        indices.append(place)
      } else {
        guard places.count < 256 else { return nil }
        indices.append(UInt8(places.count))
        places[color] = UInt8(places.count)
        entries.append(contentsOf: picture.pixels[at..<at + channels])
      }
    }
    guard channels == 3 || isTransparent else { return nil }
  }
}
