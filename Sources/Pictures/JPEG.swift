internal import CJPEG

/// Reads JPEG pictures held in memory, by libjpeg-turbo.
enum JPEG {
  static func isJPEG(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0xff, 0xd8, 0xff]) }

  /// Grey stays grey, all else becomes RGB; the picture is turned as its EXIF data asks.
  static func read(
    _ bytes: [UInt8], maximumPixels: Int
  ) throws(PictureError) -> PixelImage {
    guard let decoder = tjInitDecompress() else { throw .damaged("no memory to read it") }
    defer { tjDestroy(decoder) }
    var (width, height, subsampling, space): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    guard
      tjDecompressHeader3(
        decoder, bytes, UInt(bytes.count), &width, &height, &subsampling, &space) == 0
    else { throw .damaged(message(decoder)) }
    guard width > 0, height > 0 else { throw .noPixels }
    guard Int(width) * Int(height) <= maximumPixels else {
      throw .tooLarge(width: Int(width), height: Int(height), maximumPixels: maximumPixels)
    }
    let (channels, format) =
      switch space {
      case Int32(TJCS_GRAY.rawValue): (1, TJPF_GRAY)
      case Int32(TJCS_CMYK.rawValue), Int32(TJCS_YCCK.rawValue): (4, TJPF_CMYK)
      default: (3, TJPF_RGB)
      }
    var pixels = [UInt8](repeating: 0, count: Int(width) * Int(height) * channels)
    // The accurate transform, as Pillow has it.
    let status = tjDecompress2(
      decoder, bytes, UInt(bytes.count), &pixels, width, 0, height,
      Int32(format.rawValue), TJFLAG_ACCURATEDCT)
    // Cameras write oddities that are no harm; without its end, the rest of a picture would be grey.
    guard status == 0 || tjGetErrorCode(decoder) == TJERR_WARNING.rawValue && hasEnd(bytes) else {
      throw .damaged(message(decoder))
    }
    if channels == 4 { pixels = light(ofInks: pixels) }
    return PixelImage(
      width: Int(width), height: Int(height), channels: min(channels, 3), pixels: pixels
    ).turned(orientation(bytes) ?? .upright)
  }

  /// Red, green and blue of four printing inks, without the colours of any one printer, as Pillow has it.
  ///
  /// Files store how much of the paper each ink leaves, 255 for all of it.
  private static func light(ofInks pixels: [UInt8]) -> [UInt8] {
    var light: [UInt8] = []
    light.reserveCapacity(pixels.count / 4 * 3)
    for start in stride(from: 0, to: pixels.count, by: 4) {
      let black = Int(pixels[start + 3])
      for ink in 0..<3 { light.append(UInt8((Int(pixels[start + ink]) * black + 127) / 255)) }
    }
    return light
  }

  /// True if the marker of the end stands somewhere in the file's last part.
  private static func hasEnd(_ bytes: [UInt8]) -> Bool {
    let tail = bytes.suffix(1 << 16)
    return zip(tail, tail.dropFirst()).contains { $0 == 0xff && $1 == 0xd9 }
  }

  private static func message(_ decoder: tjhandle) -> String {
    tjGetErrorStr2(decoder).map { String(cString: $0) } ?? "no reason is known"
  }

  /// The orientation in the first segment of EXIF data before the picture itself.
  private static func orientation(_ bytes: [UInt8]) -> Orientation? {
    let (start, application, exif) = (0xda, 0xe1, Array("Exif\0\0".utf8))
    var position = 2
    while position + 4 <= bytes.count, bytes[position] == 0xff {
      let (marker, length) = (
        Int(bytes[position + 1]), Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
      )
      let end = min(position + 2 + length, bytes.count)
      let body = bytes[min(position + 4, end)..<end]
      guard marker != start, length >= 2 else { return nil }
      if marker == application, body.starts(with: exif) {
        return Orientation(exif: Array(body.dropFirst(exif.count)))
      }
      position += 2 + length
    }
    return nil
  }
}
