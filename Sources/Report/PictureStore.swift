import Drawing
import Foundation

/// The pictures of a report: small ones inside the page, others as files beside it.
struct PictureStore {
  /// Pictures up to this many bytes are written into the page.
  private static let inlineLimit = 700
  /// True if nothing may stand beside the page.
  let isSingle: Bool
  /// The files by their place in the report's folder, in the order in which they were asked for.
  private(set) var files: [(path: String, bytes: [UInt8])] = []
  private var known: [[UInt8]: String] = [:]

  init(isSingle: Bool) { self.isSingle = isSingle }

  /// Where the page finds a picture.
  mutating func source(_ image: PixelImage, name: String) throws -> String {
    let bytes = try PNG.write(image)
    if isSingle || bytes.count <= Self.inlineLimit {
      return "data:image/png;base64,\(Data(bytes).base64EncodedString())"
    }
    if let path = known[bytes] { return path }
    let path = "assets/\(name).png"
    files.append((path, bytes))
    known[bytes] = path
    return path
  }
}
