public import Pictures

/// A picture of pixels that knows what it looks like on a light and on a dark page.
public enum Picture: Hashable, Sendable {
  /// Ink on the page: the alpha channel of a grey picture is drawn in the page's ink.
  case ink(PixelImage)
  /// One picture for each kind of page, such as a color map needs.
  case themed(light: PixelImage, dark: PixelImage)
  /// The same picture on every page, such as a photograph.
  case fixed(PixelImage)

  /// The pixels for one kind of page; a picture of ink is given as stored.
  package func pixels(_ appearance: Appearance) -> PixelImage {
    switch self {
    case .ink(let image), .fixed(let image): image
    case .themed(let light, let dark): appearance == .light ? light : dark
    }
  }

  /// The number of columns.
  package var width: Int { pixels(.light).width }
  /// The number of rows.
  package var height: Int { pixels(.light).height }
}
