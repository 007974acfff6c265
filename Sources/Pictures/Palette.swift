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
    let pixels = picture.pixels
    var last: (color: UInt32, place: UInt8)?
    for at in stride(from: 0, to: pixels.count, by: channels) {
      var color = UInt32(pixels[at]) << 16 | UInt32(pixels[at + 1]) << 8 | UInt32(pixels[at + 2])
      if channels == 4 {
        color |= UInt32(pixels[at + 3]) << 24
        if pixels[at + 3] != 255 { isTransparent = true }
      }
      // Neighbors mostly have the same color, and then the dictionary is not asked.
      if let last, last.color == color {
        indices.append(last.place)
        continue
      }
      if let place = places[color] {
        last = (color, place)
      } else {
        guard places.count < 256 else { return nil }
        let place = UInt8(places.count)
        places[color] = place
        entries.append(contentsOf: pixels[at..<at + channels])
        last = (color, place)
      }
      indices.append(last?.place ?? 0)
    }
    guard channels == 3 || isTransparent else { return nil }
  }
}
