/// A PNG picture that could not be read or written.
public enum PNGError: Error, Equatable, CustomStringConvertible {
  /// There are no bytes at all.
  case empty
  /// The bytes do not start as a PNG file does.
  case notPNG
  /// The file ends inside its header.
  case truncated
  /// The header states a size of zero.
  case noPixels
  /// The header states more pixels than allowed.
  case tooLarge(width: Int, height: Int, maximumPixels: Int)
  /// The PNG library found a mistake in the data; its message is attached.
  case damaged(String)
  /// The picture cannot be written; the PNG library's message is attached.
  case unwritable(String)

  /// One short sentence, without the path of the file.
  public var description: String {
    switch self {
    case .empty: "the file is empty"
    case .notPNG: "this is not a PNG file"
    case .truncated: "the PNG file ends before its picture starts"
    case .noPixels: "the PNG picture has no pixels"
    case .tooLarge(let width, let height, let maximum):
      "the PNG picture has \(width) x \(height) pixels, more than the \(maximum) allowed"
    case .damaged(let reason): "the PNG file is damaged: \(reason)"
    case .unwritable(let reason): "the picture cannot be written as PNG: \(reason)"
    }
  }
}
