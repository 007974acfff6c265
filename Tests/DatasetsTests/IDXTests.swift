import Datasets
import Files
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
  @Test func `a file is read, plain or gzip`() throws {
    let folder = try TemporaryFolder()
    let pixels = (0..<3 * 4 * 5).map { UInt8($0) }
    for pack in [{ $0 }, gzipped] as [([UInt8]) -> [UInt8]] {
      let images = try folder.write(pack(idx([3, 4, 5], pixels)), "images")
      let labels = try folder.write(pack(idx([3], [2, 0, 1])), "labels")
      let read = try IDX.read(images: images, labels: labels, classes: 3)
      #expect(
        read
          == LabeledImages(channels: 1, height: 4, width: 5, pixels: pixels, labels: [2, 0, 1]))
    }
  }

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
      try IDX.parse(bytes, dimensions: 3, path: "digits")
    }
    guard case .damaged(let path, let reason, let place) = error else { throw error }
    #expect(path == "digits" && reason.contains(word) && place == offset, "\(error)")
  }

  @Test func `labels must be as many as images, and classes`() throws {
    let folder = try TemporaryFolder()
    let images = try folder.write(idx([2, 1, 1], [0, 0]), "images")
    let few = try folder.write(idx([1], [0]), "few")
    let large = try folder.write(idx([2], [0, 10]), "large")
    #expect(throws: DatasetError.self) { try IDX.read(images: images, labels: few, classes: 10) }
    let error = try #require(throws: DatasetError.self) {
      try IDX.read(images: images, labels: large, classes: 10)
    }
    #expect("\(error)".contains("label 10") && "\(error)".contains("byte 9"))
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

  @Test func `CIFAR-10's records are read, and counted`() throws {
    let folder = try TemporaryFolder()
    let record = [UInt8(7)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0) }
    let path = try folder.write(record + record, "batch.bin")
    let images = try CIFAR10.read([path])
    #expect(images.count == 2 && images.channels == 3 && images.height == 32)
    #expect(images.labels == [7, 7] && Array(images.bytes(1)) == Array(record[1...]))
    let cut = try folder.write(record.dropLast(), "cut.bin")
    #expect(throws: DatasetError.self) { try CIFAR10.read([cut]) }
    let label = try folder.write([10] + record.dropFirst(), "label.bin")
    #expect(throws: DatasetError.self) { try CIFAR10.read([label]) }
    #expect(throws: FileError.self) { try CIFAR10.read([folder.file("none")]) }
  }
}
