import Datasets
import TestSupport
import Testing

/// An IDX file of unsigned bytes.
func idx(_ dimensions: [Int], _ data: [UInt8], magic: [UInt8]? = nil) -> [UInt8] {
  (magic ?? [0, 0, 8, UInt8(dimensions.count)])
    + dimensions.flatMap { size in (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) }
    }
    + data
}

@Suite struct IDXTests {
  @Test(arguments: [
    ([], "too few", 0),
    (Array("this is a text file, not digits".utf8), "does not begin", 0),
    (idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8], magic: [0, 0, 13, 3]), "type 13", 2),
    (idx([8], [1, 2, 3, 4, 5, 6, 7, 8]), "1 dimensions", 3),
    (idx([2, 2, 2], [1, 2, 3]), "need 8 bytes, but 3", 16),
    (idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8, 9]), "need 8 bytes, but 9", 16),
    (idx([0xffff_ffff, 0xffff_ffff, 0xffff_ffff], [1]), "bytes that are read", 4),
    (idx([60000, 28, 28], []), "need 47040000 bytes, but 0", 16),
    ([0, 0, 8, 3, 0, 0], "cut short", 6),
  ])
  func `a hostile file is refused with the byte`(bytes: [UInt8], word: String, offset: Int) throws {
    let error = try #require(throws: DatasetError.self) {
      try IDX.parse(bytes, type: .unsignedByte, dimensions: 3, path: "digits")
    }
    guard case .damaged(let path, let reason, let place) = error else { throw error }
    #expect(path == "digits" && reason.contains(word) && place == offset, "\(error)")
  }

  @Test func `gzip that is cut, damaged, followed by rubbish or too large is refused`() throws {
    let plain = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 3) }
    let packed = gzipped(plain)
    #expect(try Gzip.decompress(packed, path: "x", limit: 5000) == plain)
    #expect(try Gzip.decompress(packed + packed, path: "x", limit: 10_000) == plain + plain)
    for length in [2, 5, 10, packed.count / 2, packed.count - 9, packed.count - 1] {
      let error = try #require(throws: DatasetError.self) {
        try Gzip.decompress(Array(packed[..<length]), path: "x", limit: 5000)
      }
      #expect("\(error)".contains("cut short"), "\(length): \(error)")
    }
    var broken = packed
    broken[packed.count - 6] ^= 1
    #expect(throws: DatasetError.self) { try Gzip.decompress(broken, path: "x", limit: 5000) }
    #expect(throws: DatasetError.self) {
      try Gzip.decompress(packed + [1, 2, 3], path: "x", limit: 5000)
    }
    #expect(throws: DatasetError.self) { try Gzip.decompress(packed, path: "x", limit: 4999) }
  }

  @Test func `a bomb is stopped at the limit`() throws {
    let bomb = gzipped([UInt8](repeating: 0, count: 50_000_000))
    #expect(bomb.count < 100_000)
    let error = try #require(throws: DatasetError.self) {
      try Gzip.decompress(bomb, path: "x", limit: 1_000_000)
    }
    #expect("\(error)".contains("more than"))
  }
}
