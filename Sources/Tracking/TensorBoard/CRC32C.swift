/// The cyclic redundancy check CRC-32C (Castagnoli), polynomial 0x1EDC6F41, bits reflected.
///
/// Reference: RFC 3720, appendix B.4.
enum CRC32C {
  /// The remainder of each byte.
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { remainder, _ in
      remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0x82f6_3b78
    }
  }

  /// The check of some bytes.
  static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
    ~bytes.reduce(UInt32.max) { remainder, byte in
      remainder >> 8 ^ table[Int(UInt8(truncatingIfNeeded: remainder) ^ byte)]
    }
  }

  /// The check as record files have it: turned, and moved away from checks of checks.
  ///
  /// Reference: tensorflow/core/lib/hash/crc32c.h.
  static func masked(_ bytes: some Sequence<UInt8>) -> UInt32 {
    let check = checksum(bytes)
    return (check >> 15 | check << 17) &+ 0xa282_ead8
  }
}
