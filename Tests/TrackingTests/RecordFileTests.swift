import Testing

@testable import Tracking

/// The frame around TensorBoard's events, against published numbers and a literal reading.
@Suite struct RecordFileTests {
  /// RFC 3720, appendix B.4, and the check value of the catalogue of CRC algorithms.
  @Test func `CRC-32C is that of the RFC`() {
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)) == 0x8a91_36aa)
    #expect(CRC32C.checksum([UInt8](repeating: 255, count: 32)) == 0x62a8_ab43)
    #expect(CRC32C.checksum((0..<32).map { UInt8($0) }) == 0x46dd_794e)
    #expect(CRC32C.checksum((0..<32).reversed().map { UInt8($0) }) == 0x113f_db5c)
    #expect(CRC32C.checksum(Array("123456789".utf8)) == 0xe306_9283)
    #expect(CRC32C.checksum([]) == 0)
  }

  /// Bit by bit, as the polynomial is written.
  private func slowChecksum(_ bytes: [UInt8]) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
      for bit in 0..<8 {
        let isSet = (remainder ^ UInt32(byte >> bit)) & 1 == 1
        remainder = remainder >> 1 ^ (isSet ? 0x82f6_3b78 : 0)
      }
    }
    return ~remainder
  }

  @Test(arguments: [0, 1, 7, 8, 100, 4097]) func `the table does what the polynomial says`(
    count: Int
  ) {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
    #expect(CRC32C.checksum(bytes) == slowChecksum(bytes))
    let check = slowChecksum(bytes)
    #expect(CRC32C.masked(bytes) == (check >> 15 | check << 17) &+ 0xa282_ead8)
  }

  /// Written by TensorFlow 2: the first record of every event file, after its wall time.
  @Test func `a record is length, check, content, check`() {
    let record = RecordFile.record([1, 2, 3])
    #expect(record.count == 8 + 4 + 3 + 4)
    #expect(Array(record[..<8]) == [3, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(record[12..<15]) == [1, 2, 3])
    #expect(RecordFile.records(in: record) == [0..<19])
    #expect(RecordFile.content(of: 0..<19) == 12..<15)
  }

  @Test func `reading stops at whatever is not whole`() {
    let parts: [[UInt8]] = [[], [7], Array(repeating: 9, count: 300)]
    let file = parts.flatMap(RecordFile.record)
    let whole = RecordFile.records(in: file)
    #expect(whole.map { Array(file[RecordFile.content(of: $0)]) } == parts)
    // Cut anywhere, the records before the cut are found and nothing else.
    for count in 0..<file.count {
      let found = RecordFile.records(in: Array(file[..<count]))
      #expect(found == whole.filter { $0.upperBound <= count }, "\(count)")
    }
    // A byte that is another anywhere ends it there.
    for place in file.indices {
      var damaged = file
      damaged[place] ^= 0x40
      #expect(
        RecordFile.records(in: damaged) == Array(whole.prefix { $0.upperBound <= place }),
        "\(place)")
    }
  }

  @Test func `a length beyond all memory is no length`() {
    let length = [UInt8](repeating: 255, count: 8)
    let check = withUnsafeBytes(of: CRC32C.masked(length).littleEndian, Array.init)
    #expect(RecordFile.records(in: length + check + [0, 0, 0]).isEmpty)
  }
}
