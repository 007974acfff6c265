/// A picture that could not be read or written.
public enum PictureError: Error, Equatable, CustomStringConvertible {
  /// There are no bytes at all.
  case empty
  /// The bytes start neither as a PNG nor as a JPEG file does.
  case unknownFormat
  /// The file is a picture of a kind that is not read, such as WebP.
  case otherFormat(String)
  /// The file ends inside its header.
  case truncated
  /// The header states a size of zero.
  case noPixels
  /// The header states more pixels than allowed.
  case tooLarge(width: Int, height: Int, maximumPixels: Int)
  /// The library found a mistake in the data; its message is attached.
  case damaged(String)
  /// The picture cannot be written; the PNG library's message is attached.
  case unwritable(String)

  /// One short sentence, without the path of the file.
  public var description: String {
    switch self {
    case .empty: "the file is empty"
    case .unknownFormat: "this is neither a PNG nor a JPEG file"
    case .otherFormat(let name): "this is \(name); save it as PNG or JPEG"
    case .truncated: "the file ends before its picture starts"
    case .noPixels: "the picture has no pixels"
    case .tooLarge(let width, let height, let maximum):
      "the picture has \(width) x \(height) pixels, more than the \(maximum) allowed"
    case .damaged(let reason): "the file is damaged: \(reason)"
    case .unwritable(let reason): "the picture cannot be written as PNG: \(reason)"
    }
  }
}
