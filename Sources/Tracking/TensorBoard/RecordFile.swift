/// Records one after the other, as TensorFlow keeps them: the length (UInt64, little-endian), its masked CRC-32C, the
/// bytes, their masked CRC-32C.
///
/// Reference: tensorflow/core/lib/io/record_writer.h.
enum RecordFile {
  /// Bytes before a record's content, and behind it.
  private static let (headCount, tailCount) = (12, 4)

  /// A record that holds some bytes.
  static func record(_ content: [UInt8]) -> [UInt8] {
    let length = bytes(UInt64(content.count))
    return length + bytes(CRC32C.masked(length)) + content + bytes(CRC32C.masked(content))
  }

  /// The records that are whole, up to the first that is not: what an interrupted writer left stands at the end.
  ///
  /// - Returns: where each lies in the file, frame and all.
  static func records(in file: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = 0
    while file.count - start >= headCount {
      let length = file[start..<start + 8]
      let count = number(length)
      guard number(file[start + 8..<start + headCount]) == UInt64(CRC32C.masked(length)),
        count <= UInt64(file.count - start - headCount)
      else { break }
      let content = start + headCount..<start + headCount + Int(count)
      let end = content.upperBound + tailCount
      guard end <= file.count,
        number(file[content.upperBound..<end]) == UInt64(CRC32C.masked(file[content]))
      else { break }
      found.append(start..<end)
      start = end
    }
    return found
  }

  /// Where a record's content lies in the file.
  static func content(of record: Range<Int>) -> Range<Int> {
    record.lowerBound + headCount..<record.upperBound - tailCount
  }

  private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: number.littleEndian, Array.init)
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
