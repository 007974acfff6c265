import CZlib
import Files

/// Reading files that may be gzip or plain.
package enum Gzip {
  /// True if the bytes begin as gzip does.
  package static func isCompressed(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b
  }

  /// Unpacks gzip members, checking length and checksum.
  ///
  /// - Parameters:
  ///   - bytes: the file.
  ///   - path: for the error.
  ///   - limit: more bytes than this are refused while unpacking, so a small file cannot fill the memory.
  ///   - prefix: stop after so many bytes, unchecked; the whole file if `nil`.
  /// - Returns: the unpacked bytes.
  /// - Throws: `DatasetError.damaged` with the offset in the compressed file.
  package static func decompress(
    _ bytes: [UInt8], path: String, limit: Int, prefix: Int? = nil
  ) throws(DatasetError) -> [UInt8] {
    var output: [UInt8] = []
    // What is expected, so that no doubling takes more; a file can lie, and gets no more than deflate can give.
    output.reserveCapacity(min(prefix ?? limit, limit, bytes.count * 1032) + 1)
    var stream = z_stream()
    // 15 bits of window, 16 for a gzip header.
    guard
      inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else {
      throw .damaged(path: path, reason: "zlib could not start", offset: nil)
    }
    defer { inflateEnd(&stream) }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var position = 0
    var failure: (reason: String, offset: Int)?
    bytes.withUnsafeBufferPointer { input in
      while failure == nil {
        let available = min(input.count - position, 1 << 30)
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + position })
        stream.avail_in = UInt32(available)
        let (status, produced) = chunk.withUnsafeMutableBufferPointer { chunk in
          stream.next_out = chunk.baseAddress
          stream.avail_out = UInt32(chunk.count)
          let status = inflate(&stream, Z_NO_FLUSH)
          return (status, chunk.count - Int(stream.avail_out))
        }
        position += available - Int(stream.avail_in)
        output += chunk[..<produced]
        if let prefix, output.count >= prefix { return }
        if output.count > limit {
          failure = ("it unpacks to more than \(limit) bytes", position)
        } else if status == Z_STREAM_END {
          // Zeros behind the last member are padding, as gzip itself has it.
          if input[position...].allSatisfy({ $0 == 0 }) { return }
          inflateReset(&stream)
        } else if status == Z_BUF_ERROR
          || (status == Z_OK && position == input.count && produced == 0)
        {
          failure = ("the compressed data ends too early; the file is cut short", position)
        } else if status != Z_OK {
          let reason = stream.msg.map { String(cString: $0) } ?? "error \(status)"
          failure = ("the compressed data is damaged: \(reason)", position)
        }
      }
    }
    if let failure { throw .damaged(path: path, reason: failure.reason, offset: failure.offset) }
    return output
  }

  /// Reads a file, unpacked if it is gzip.
  ///
  /// - Throws: `FileError` if it cannot be read, `DatasetError.damaged` if it is bad gzip.
  package static func read(_ path: String, limit: Int) throws -> [UInt8] {
    let bytes = try FileBytes.read(path, limit: limit)
    return isCompressed(bytes) ? try decompress(bytes, path: path, limit: limit) : bytes
  }
}
