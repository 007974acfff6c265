import Drawing
import Foundation
import Pictures

/// The pictures of a report: small ones inside the page, others, and small ones that return, as files beside it.
struct PictureStore {
  /// Pictures up to this many bytes are written into the page.
  private let inlineLimit: Int
  /// True if nothing may stand beside the page.
  let isSingle: Bool
  /// What a page in the folder of pictures leaves out of their names.
  private let base: String
  /// The files by their place in the report's folder, in the order in which they were asked for.
  private(set) var files: [(path: String, bytes: [UInt8])] = []
  private var known: [[UInt8]: String] = [:]
  private var inPage: Set<[UInt8]> = []

  /// An empty store.
  ///
  /// - Parameters:
  ///   - isSingle: True if nothing may stand beside the page.
  ///   - isBeside: True for a page that lies in the folder of the pictures.
  init(isSingle: Bool, isBeside: Bool = false) {
    self.isSingle = isSingle
    base = isBeside ? "" : "assets/"
    // A page among the pictures gains nothing from holding them.
    inlineLimit = isBeside ? 0 : 550
  }

  /// A picture as the templates show it, each of its pixels as `scale` pixels of the page.
  mutating func view(
    _ picture: Picture, name: String, scale: Int = 1, narrowScale: Int? = nil, alt: String
  ) throws -> PictureView {
    let narrow = narrowScale ?? scale
    var view = PictureView(
      source: try source(picture.pixels(.light), name: name), dark: "", isThemed: false, style: "",
      width: String(picture.width * scale), height: String(picture.height * scale),
      narrowWidth: String(picture.width * narrow), narrowHeight: String(picture.height * narrow),
      isNarrower: narrow != scale, alt: alt)
    switch picture {
    case .ink: view.style = "ink-picture"
    case .fixed: break
    case .themed:
      view.isThemed = true
      view.dark = try source(picture.pixels(.dark), name: name + "-dark")
    }
    return view
  }

  /// Where the page finds a picture.
  mutating func source(_ image: PixelImage, name: String) throws -> String {
    let bytes = try PNG.write(image)
    // A second copy in the page would cost more than a file that all further places share.
    if isSingle || bytes.count <= inlineLimit && inPage.insert(bytes).inserted {
      return "data:image/png;base64,\(Data(bytes).base64EncodedString())"
    }
    if let path = known[bytes] { return path }
    files.append(("assets/\(name).png", bytes))
    known[bytes] = "\(base)\(name).png"
    return "\(base)\(name).png"
  }
}
