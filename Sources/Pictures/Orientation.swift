/// How a picture lies in its file, numbered as in EXIF: what has to be done to it before it is looked at.
///
/// Reference: CIPA DC-008, Exif 2.32, tag 0x0112.
enum Orientation: Int {
  case upright = 1
  case mirrored, half, flipped, transposed, right, transversed, left

  /// The orientation that EXIF data (a TIFF file) states; `nil` if it states none or cannot be read.
  init?(exif bytes: [UInt8]) {
    guard bytes.count >= 8 else { return nil }
    let isLittle = bytes.starts(with: Array("II".utf8))
    guard isLittle || bytes.starts(with: Array("MM".utf8)) else { return nil }
    func number(at start: Int, bytes count: Int) -> Int? {
      guard start >= 0, start + count <= bytes.count else { return nil }
      let part = bytes[start..<start + count]
      return (isLittle ? Array(part.reversed()) : Array(part)).reduce(0) { $0 << 8 | Int($1) }
    }
    guard let directory = number(at: 4, bytes: 4), let count = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<count {
      let start = directory + 2 + 12 * entry
      guard let tag = number(at: start, bytes: 2) else { return nil }
      // A short number stands in the first two bytes of the value.
      if tag == 0x0112, number(at: start + 2, bytes: 2) == 3,
        let value = number(at: start + 8, bytes: 2)
      {
        self.init(rawValue: value)
        return
      }
    }
    return nil
  }
}

extension PixelImage {
  /// The picture as it is looked at.
  func turned(_ orientation: Orientation) -> PixelImage {
    let swaps = orientation.rawValue > 4
    let (columns, rows) = swaps ? (height, width) : (width, height)
    /// Where the pixel comes from.
    func source(_ x: Int, _ y: Int) -> (Int, Int) {
      switch orientation {
      case .upright: (x, y)
      case .mirrored: (width - 1 - x, y)
      case .half: (width - 1 - x, height - 1 - y)
      case .flipped: (x, height - 1 - y)
      case .transposed: (y, x)
      case .right: (y, height - 1 - x)
      case .transversed: (width - 1 - y, height - 1 - x)
      case .left: (width - 1 - y, x)
      }
    }
    guard orientation != .upright else { return self }
    var result = PixelImage(width: columns, height: rows, channels: channels)
    for y in 0..<rows {
      for x in 0..<columns {
        let (column, row) = source(x, y)
        let (from, to) = ((row * width + column) * channels, (y * columns + x) * channels)
        for channel in 0..<channels { result.pixels[to + channel] = pixels[from + channel] }
      }
    }
    return result
  }
}
