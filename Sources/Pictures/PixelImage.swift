/// A picture of pixels, 8 bits per channel, row by row from the top, channels interleaved.
public struct PixelImage: Hashable, Sendable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// 1 is grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha. Alpha is straight, not premultiplied.
  public let channels: Int
  /// The `width * height * channels` values.
  public var pixels: [UInt8]

  /// A picture from its pixels.
  ///
  /// - Precondition: the number of pixels fits the size, and there are 1 to 4 channels.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition((1...4).contains(channels), "PixelImage: \(channels) channels, expected 1 to 4")
    precondition(
      width >= 0 && height >= 0 && pixels.count == width * height * channels,
      "PixelImage: \(pixels.count) values for \(width) x \(height) x \(channels)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// A picture of zeros: black, and invisible where there is an alpha channel.
  public init(width: Int, height: Int, channels: Int) {
    self.init(
      width: width, height: height, channels: channels,
      pixels: [UInt8](repeating: 0, count: width * height * channels))
  }

  /// True if there is an alpha channel.
  public var hasAlpha: Bool { channels == 2 || channels == 4 }

  /// The same picture with red, green, blue and alpha.
  public func convertedToRGBA() -> PixelImage {
    guard channels != 4 else { return self }
    var result = [UInt8]()
    result.reserveCapacity(width * height * 4)
    for at in stride(from: 0, to: pixels.count, by: channels) {
      let isColor = channels == 3
      result.append(pixels[at])
      result.append(isColor ? pixels[at + 1] : pixels[at])
      result.append(isColor ? pixels[at + 2] : pixels[at])
      result.append(channels == 2 ? pixels[at + 1] : 255)
    }
    return PixelImage(width: width, height: height, channels: 4, pixels: result)
  }

  /// The picture with every pixel repeated `factor` times in both directions.
  package func upscaled(by factor: Int) -> PixelImage {
    precondition(factor >= 1, "PixelImage.upscaled: factor \(factor), expected 1 or more")
    guard factor > 1 else { return self }
    var result = [UInt8]()
    result.reserveCapacity(pixels.count * factor * factor)
    for y in 0..<height {
      var row = [UInt8]()
      row.reserveCapacity(width * factor * channels)
      for x in 0..<width {
        let at = (y * width + x) * channels
        for _ in 0..<factor { row.append(contentsOf: pixels[at..<at + channels]) }
      }
      for _ in 0..<factor { result.append(contentsOf: row) }
    }
    return PixelImage(
      width: width * factor, height: height * factor, channels: channels, pixels: result)
  }

  /// Copies another picture into this one, replacing what was there; parts outside are left out.
  ///
  /// - Precondition: both have the same number of channels.
  package mutating func paste(_ other: PixelImage, x: Int, y: Int) {
    precondition(
      other.channels == channels,
      "PixelImage.paste: \(other.channels) channels into \(channels)")
    let columns = max(0, -x)..<max(max(0, -x), min(other.width, width - x))
    guard !columns.isEmpty else { return }
    for row in 0..<other.height where (0..<height).contains(y + row) {
      let source = (row * other.width + columns.lowerBound) * channels
      let target = ((y + row) * width + x + columns.lowerBound) * channels
      let count = columns.count * channels
      pixels.replaceSubrange(
        target..<target + count, with: other.pixels[source..<source + count])
    }
  }

  /// The part of the picture inside the given columns and rows.
  ///
  /// - Precondition: they lie inside the picture.
  package func cropped(columns: Range<Int>, rows: Range<Int>) -> PixelImage {
    precondition(
      columns.lowerBound >= 0 && columns.upperBound <= width && rows.lowerBound >= 0
        && rows.upperBound <= height,
      "PixelImage.cropped: \(columns) x \(rows) of \(width) x \(height)")
    var result = [UInt8]()
    result.reserveCapacity(columns.count * rows.count * channels)
    for y in rows {
      let start = (y * width + columns.lowerBound) * channels
      result.append(contentsOf: pixels[start..<start + columns.count * channels])
    }
    return PixelImage(
      width: columns.count, height: rows.count, channels: channels, pixels: result)
  }
}
