internal import CPNG

/// Reads and writes PNG pictures held in memory.
public enum PNG {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

  /// The picture in the bytes of a PNG file.
  ///
  /// Grey stays grey and alpha stays alpha; palettes become RGB or RGBA; 16 bits become 8. Values are taken as they
  /// stand: what the file says of gamma and of color spaces is left aside, as other tools do. The picture is turned as
  /// its EXIF data asks. The stated size is checked before any memory is taken for it.
  public static func read(
    _ bytes: [UInt8], maximumPixels: Int = PictureFile.defaultMaximumPixels
  ) throws(PictureError) -> PixelImage {
    try checkHeader(bytes, maximumPixels: maximumPixels)
    let (bytes, orientation) = plain(bytes)
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    // libpng keeps the address of the image, so everything happens inside one scope.
    let result = withUnsafeMutablePointer(to: &image) { image -> Result<PixelImage, PictureError> in
      defer { png_image_free(image) }
      guard png_image_begin_read_from_memory(image, bytes, bytes.count) != 0 else {
        return .failure(.damaged(message(image)))
      }
      // Without it, 16-bit files that name no gamma would be taken for linear light.
      image.pointee.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
      image.pointee.format &= PNG_FORMAT_FLAG_COLOR | PNG_FORMAT_FLAG_ALPHA
      let (width, height) = (Int(image.pointee.width), Int(image.pointee.height))
      let channels = channelCount(image.pointee.format)
      var pixels = [UInt8](repeating: 0, count: width * height * channels)
      guard png_image_finish_read(image, nil, &pixels, Int32(width * channels), nil) != 0 else {
        return .failure(.damaged(message(image)))
      }
      return .success(
        PixelImage(width: width, height: height, channels: channels, pixels: pixels))
    }
    return try result.get().turned(orientation)
  }

  /// The file without the chunks that would change its values, and the orientation that it states.
  private static func plain(_ bytes: [UInt8]) -> (bytes: [UInt8], orientation: Orientation) {
    let colorSpaces: Set = ["gAMA", "cHRM", "sRGB", "iCCP"]
    var result = Array(bytes[..<signature.count])
    result.reserveCapacity(bytes.count)
    var orientation = Orientation.upright
    var position = signature.count
    while position + 12 <= bytes.count {
      let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      guard length <= bytes.count - position - 12 else { break }
      let end = position + 12 + length
      let kind = String(decoding: bytes[position + 4..<position + 8], as: UTF8.self)
      if kind == "eXIf" {
        let exif = Array(bytes[position + 8..<position + 8 + length])
        orientation = Orientation(exif: exif) ?? orientation
      }
      if !colorSpaces.contains(kind) { result += bytes[position..<end] }
      position = end
    }
    // A chunk that is cut short is the PNG library's to tell.
    return (result + bytes[position...], orientation)
  }

  /// The bytes of a PNG file with the picture; equal pictures give equal bytes.
  ///
  /// Color pictures of at most 256 colors are stored with a palette where `read` gives back the
  /// same channels.
  ///
  /// - Parameters:
  ///   - picture: The picture.
  ///   - isFast: True for large pictures with plain areas: several times faster, and somewhat larger.
  /// - Returns: The bytes.
  /// - Throws: `PictureError` if the picture is empty or too large.
  public static func write(
    _ picture: PixelImage, isFast: Bool = false
  ) throws(PictureError) -> [UInt8] {
    guard picture.width > 0, picture.height > 0 else { throw .unwritable("it has no pixels") }
    guard picture.width <= 1_000_000, picture.height <= 1_000_000 else {
      throw .unwritable("it is wider or higher than a million pixels")
    }
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(picture.width)
    image.height = UInt32(picture.height)
    image.flags = isFast ? UInt32(PNG_IMAGE_FLAG_FAST) : 0
    image.format =
      (picture.channels >= 3 ? PNG_FORMAT_FLAG_COLOR : 0)
      | (picture.hasAlpha ? PNG_FORMAT_FLAG_ALPHA : 0)
    guard let palette = Palette(picture) else {
      return try encode(&image, picture.pixels, stride: picture.width * picture.channels, [])
    }
    image.format |= PNG_FORMAT_FLAG_COLORMAP
    image.colormap_entries = UInt32(palette.entries.count / picture.channels)
    return try encode(&image, palette.indices, stride: picture.width, palette.entries)
  }

  private static func encode(
    _ image: inout png_image, _ pixels: [UInt8], stride: Int, _ palette: [UInt8]
  ) throws(PictureError) -> [UInt8] {
    let palette: [UInt8]? = palette.isEmpty ? nil : palette
    let result = withUnsafeMutablePointer(to: &image) { image -> Result<[UInt8], PictureError> in
      defer { png_image_free(image) }
      func write(_ palette: UnsafePointer<UInt8>?) -> Result<[UInt8], PictureError> {
        // Pixels that cannot be compressed grow by less than a thousandth; the rest is headers.
        var size = pixels.count + Int(image.pointee.height) + pixels.count / 500 + 4096
        var bytes = [UInt8](repeating: 0, count: size)
        guard
          png_image_write_to_memory(image, &bytes, &size, 0, pixels, Int32(stride), palette) != 0
        else { return .failure(.unwritable(message(image))) }
        bytes.removeSubrange(size...)
        return .success(bytes)
      }
      guard let palette else { return write(nil) }
      return palette.withUnsafeBufferPointer { write($0.baseAddress) }
    }
    return try result.get()
  }

  /// Reads the size out of the first chunk, before the PNG library sees anything.
  private static func checkHeader(
    _ bytes: [UInt8], maximumPixels: Int
  ) throws(PictureError) {
    guard !bytes.isEmpty else { throw .empty }
    guard bytes.starts(with: signature) else {
      throw signature.starts(with: bytes) ? .truncated : .unknownFormat
    }
    guard bytes.count >= 33 else { throw .truncated }
    guard bytes[12..<16].elementsEqual("IHDR".utf8) else {
      throw .damaged("the first chunk is not a header")
    }
    func number(at start: Int) -> Int {
      bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
    }
    let (width, height) = (number(at: 16), number(at: 20))
    guard width > 0, height > 0 else { throw .noPixels }
    guard width <= 1_000_000, height <= 1_000_000, width * height <= maximumPixels else {
      throw .tooLarge(width: width, height: height, maximumPixels: maximumPixels)
    }
  }

  private static func channelCount(_ format: UInt32) -> Int {
    (format & PNG_FORMAT_FLAG_COLOR != 0 ? 3 : 1) + (format & PNG_FORMAT_FLAG_ALPHA != 0 ? 1 : 0)
  }

  private static func message(_ image: UnsafeMutablePointer<png_image>) -> String {
    withUnsafeBytes(of: image.pointee.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
  }
}
