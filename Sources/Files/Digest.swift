internal import CCrypto

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A digest of bytes in memory or in a file, by libcrypto.
package protocol Digest: Sendable, Hashable {
  /// What it is called.
  static var name: String { get }
  /// libcrypto's description of the algorithm.
  static var algorithm: OpaquePointer? { get }
  /// The bytes of the digest.
  var bytes: [UInt8] { get }
  /// A digest of these bytes.
  init(bytes: [UInt8])
}

/// SHA-256.
///
/// Reference: FIPS 180-4, Secure Hash Standard.
package struct SHA256: Digest {
  package static let name = "SHA-256"
  package static var algorithm: OpaquePointer? { EVP_sha256() }
  package let bytes: [UInt8]
  package init(bytes: [UInt8]) { self.bytes = bytes }
}

/// MD5: tells damage from what was published, not malice. Some data sets are published with nothing better.
///
/// Reference: RFC 1321, The MD5 Message-Digest Algorithm.
package struct MD5: Digest {
  package static let name = "MD5"
  package static var algorithm: OpaquePointer? { EVP_md5() }
  package let bytes: [UInt8]
  package init(bytes: [UInt8]) { self.bytes = bytes }
}

extension Digest {
  /// The digest of some bytes.
  package init(of data: [UInt8]) {
    var state = DigestState(Self.algorithm)
    data.withUnsafeBytes { state.add($0) }
    self.init(bytes: state.end())
  }

  /// The digest of a file's bytes, which are never in memory all at once.
  ///
  /// - Throws: `FileError` if it cannot be read.
  package init(ofFile path: String) throws(FileError) {
    let descriptor = try FileBytes.openRegular(path).descriptor
    defer { close(descriptor) }
    var state = DigestState(Self.algorithm)
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw FileError(.read, path, code: errno) }
      guard count > 0 else { break }
      chunk.withUnsafeBytes { state.add(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
    }
    self.init(bytes: state.end())
  }

  /// The digest in hexadecimal digits.
  package var hexadecimal: String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}

/// A digest on its way.
private struct DigestState: ~Copyable {
  private let context: OpaquePointer

  init(_ algorithm: OpaquePointer?) {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, algorithm, nil) == 1 else {
      preconditionFailure("libcrypto could not start a digest")
    }
    self.context = context
  }

  deinit { EVP_MD_CTX_free(context) }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
  }

  mutating func end() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { digest, count in
      var length: UInt32 = 0
      EVP_DigestFinal_ex(context, digest.baseAddress, &length)
      count = Int(length)
    }
  }
}
