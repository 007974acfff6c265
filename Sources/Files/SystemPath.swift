/// Paths as the operating system has them: bytes, which need not be UTF-8.
///
/// A byte that is no part of UTF-8 stands in a string as the private scalar U+F700 plus the byte, and becomes that
/// byte again where the path is used. So every name on a disk can be held in a string, and none is changed.
package enum SystemPath {
  /// Where the bytes 0x80 to 0xFF stand.
  private static let escapes: ClosedRange<UInt32> = 0xF780...0xF7FF
  private static let offset: UInt32 = 0xF700

  /// The string for some bytes.
  package static func text(_ bytes: [UInt8]) -> String {
    if let text = String(validating: bytes, as: UTF8.self), !holdsEscapes(text) { return text }
    var scalars = String.UnicodeScalarView()
    var rest = bytes[...]
    while let byte = rest.first {
      if let (scalar, length) = scalar(at: rest), !escapes.contains(scalar.value) {
        scalars.append(scalar)
        rest = rest.dropFirst(length)
      } else {
        if let scalar = Unicode.Scalar(offset + UInt32(byte)) { scalars.append(scalar) }
        rest = rest.dropFirst()
      }
    }
    return String(scalars)
  }

  /// The bytes for a string.
  package static func bytes(_ text: String) -> [UInt8] {
    guard holdsEscapes(text) else { return Array(text.utf8) }
    return text.unicodeScalars.flatMap { scalar in
      escapes.contains(scalar.value)
        ? [UInt8(scalar.value - offset)] : Array(String(scalar).utf8)
    }
  }

  /// Gives a path to a function of the operating system.
  static func with<Result>(_ path: String, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
    let bytes = bytes(path).map { CChar(bitPattern: $0) } + [0]
    return bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("a path ends in a zero") }
      return body(base)
    }
  }

  private static func holdsEscapes(_ text: String) -> Bool {
    text.unicodeScalars.contains { escapes.contains($0.value) }
  }

  /// The scalar that well-formed UTF-8 begins with, and how many bytes it has; `nil` if it is not well formed.
  private static func scalar(at bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
    for length in 1...4 where length <= bytes.count {
      if let text = String(validating: bytes.prefix(length), as: UTF8.self),
        let scalar = text.unicodeScalars.first
      {
        return (scalar, length)
      }
    }
    return nil
  }
}
