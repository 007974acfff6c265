import Files

/// A published checksum, in hexadecimal digits, and of what it is.
package enum Checksum: Sendable, Hashable {
  /// SHA-256 of what a file holds, unpacked.
  case contentsSHA256(String)
  /// SHA-256 of a file as it is published.
  case fileSHA256(String)
  /// MD5 of a file as it is published.
  case fileMD5(String)

  /// What it is called.
  package var name: String {
    switch self {
    case .contentsSHA256, .fileSHA256: SHA256.name
    case .fileMD5: MD5.name
    }
  }

  /// True if a file as it is published has this sum.
  ///
  /// - Throws: `FileError` if it cannot be read, `DatasetError.damaged` if it is bad gzip.
  func isRight(forFile path: String) throws -> Bool {
    switch self {
    case .contentsSHA256(let digits):
      SHA256(of: try Gzip.read(path, limit: DatasetPlace.largestFile)).hexadecimal == digits
    case .fileSHA256(let digits): try SHA256(ofFile: path).hexadecimal == digits
    case .fileMD5(let digits): try MD5(ofFile: path).hexadecimal == digits
    }
  }

  /// Whether a file in memory has this sum.
  ///
  /// - Parameters:
  ///   - bytes: the file as it lies there.
  ///   - contents: the same, unpacked.
  ///   - isPacked: whether it is published packed.
  /// - Returns: true or false; `nil` if that cannot be told, because it is not packed as it was published.
  func isRight(forFile bytes: [UInt8], contents: [UInt8], isPacked: Bool) -> Bool? {
    let isAsPublished = Gzip.isCompressed(bytes) == isPacked
    switch self {
    case .contentsSHA256(let digits): return SHA256(of: contents).hexadecimal == digits
    case .fileSHA256(let digits):
      return isAsPublished ? SHA256(of: bytes).hexadecimal == digits : nil
    case .fileMD5(let digits): return isAsPublished ? MD5(of: bytes).hexadecimal == digits : nil
    }
  }
}
