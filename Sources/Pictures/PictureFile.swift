/// Reads picture files held in memory, whatever they are called: PNG and JPEG.
public enum PictureFile {
  /// The number of pixels that `read` accepts unless told otherwise: 64 million.
  public static let defaultMaximumPixels = 64_000_000

  /// Endings of the names of files that can be read.
  public static let endings = ["png", "jpg", "jpeg", "jpe", "jfif"]

  /// Endings of the names of files that hold pictures too, which cannot be read.
  package static let foreignEndings: Set = [
    "arw", "avif", "bmp", "cr2", "cr3", "dng", "eps", "gif", "heic", "heif", "hif", "ico", "jp2",
    "jxl", "nef", "orf", "pbm", "pdf", "pgm", "pnm", "ppm", "psd", "raf", "rw2", "svg", "tga",
    "tif",
    "tiff", "webp",
  ]

  /// The picture in the bytes of a file, turned as viewers show it (EXIF's orientation).
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - maximumPixels: a larger picture is refused before any memory is taken for it.
  /// - Returns: grey or RGB, with alpha where the file has it, 8 bits per channel.
  /// - Throws: `PictureError`.
  public static func read(
    _ bytes: [UInt8], maximumPixels: Int = defaultMaximumPixels
  ) throws(PictureError) -> PixelImage {
    guard !bytes.isEmpty else { throw .empty }
    if JPEG.isJPEG(bytes) { return try JPEG.read(bytes, maximumPixels: maximumPixels) }
    if let other = foreignFormat(bytes) { throw .otherFormat(other) }
    return try PNG.read(bytes, maximumPixels: maximumPixels)
  }

  /// What else people keep pictures in, by how such files begin.
  private static func foreignFormat(_ bytes: [UInt8]) -> String? {
    let brands = ["heic": "HEIC", "heix": "HEIC", "mif1": "HEIC", "avif": "AVIF"]
    func holds(_ text: String, at start: Int = 0) -> Bool {
      bytes.dropFirst(start).starts(with: text.utf8)
    }
    if holds("GIF8") { return "GIF" }
    if holds("BM") { return "BMP" }
    if holds("RIFF"), holds("WEBP", at: 8) { return "WebP" }
    if holds("II*\0") || holds("MM\0*") { return "TIFF" }
    if holds("%PDF") { return "PDF" }
    if holds("ftyp", at: 4) { return brands.first { holds($0.key, at: 8) }?.value }
    return nil
  }
}
