import CCrypto

/// SHA-256 of bytes in memory, by libcrypto.
///
/// Reference: FIPS 180-4, Secure Hash Standard.
package struct SHA256: Sendable, Hashable {
  /// The 32 bytes of the hash.
  package let bytes: [UInt8]

  /// The hash of some bytes.
  package init(of data: [UInt8]) {
    bytes = [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      data.withUnsafeBufferPointer {
        _ = CCrypto.SHA256($0.baseAddress, $0.count, digest.baseAddress)
      }
      count = digest.count
    }
  }

  /// The hash in 64 hexadecimal digits.
  package var hexadecimal: String {
    bytes.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
