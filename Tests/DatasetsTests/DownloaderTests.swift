import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct DownloaderTests {
  private let contents = idx([4, 30, 30], (0..<3600).map { UInt8(truncatingIfNeeded: $0 * 7) })
  private var packed: [UInt8] { gzipped(contents) }

  private func known(_ mirrors: [String]) -> KnownDataset {
    KnownDataset(
      name: "small", title: "Small", classes: ["a", "b"], counts: (1, 1),
      editions: [
        .init(
          OneFile(
            PublishedFile(
              "digits", isPacked: true,
              checksum: .contentsSHA256(SHA256(of: contents).hexadecimal))),
          mirrors: mirrors)
      ])
  }

  private func fetch(_ mirrors: [String], into folder: TemporaryFolder) throws {
    try Downloader(patience: 2).fetch(known(mirrors), into: folder.path)
  }

  private func stored(_ folder: TemporaryFolder) throws -> [UInt8] {
    try Gzip.read(folder.file("digits.gz"), limit: 1 << 20)
  }

  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func `a good file is kept whole under its name, and not fetched twice`() throws {
    let server = try LoopbackServer(["/digits.gz": [.file(packed)]])
    defer { server.stop() }
    let folder = try TemporaryFolder()
    try fetch([server.address], into: folder)
    #expect(try stored(folder) == contents)
    #expect(try names(folder) == ["digits.gz"])
    try fetch([server.address], into: folder)
    #expect(server.requests.count == 1)
  }

  @Test func `a wrong checksum is refused, nothing is kept, the next mirror is asked`() throws {
    let wrong = gzipped(idx([1, 1, 1], [9]))
    let bad = try LoopbackServer(["/digits.gz": [.file(wrong)]])
    let text = try LoopbackServer(["/digits.gz": [.file(Array("<html>moved</html>".utf8))]])
    let good = try LoopbackServer(["/digits.gz": [.file(packed)]])
    defer { [bad, text, good].forEach { $0.stop() } }
    let folder = try TemporaryFolder()
    let error = try #require(throws: DatasetError.self) {
      try fetch([bad.address, text.address], into: folder)
    }
    #expect("\(error)".contains("SHA-256") && "\(error)".contains("not gzip"))
    #expect(try names(folder) == [])
    try fetch([bad.address, good.address], into: folder)
    #expect(try stored(folder) == contents)
  }

  @Test func `a cut connection is gone on from where it broke`() throws {
    let half = packed.count / 2
    let server = try LoopbackServer(["/digits.gz": [.cut(packed, after: half), .file(packed)]])
    defer { server.stop() }
    let folder = try TemporaryFolder()
    #expect(throws: DatasetError.self) { try fetch([server.address], into: folder) }
    #expect(try names(folder) == ["digits.gz.part"])
    try fetch([server.address], into: folder)
    #expect(try stored(folder) == contents)
    #expect(server.requests == ["/digits.gz", "/digits.gz \(half)-"])
    #expect(try names(folder) == ["digits.gz"])
  }

  @Test func `a second mirror goes on from what the first one gave`() throws {
    let half = packed.count / 2
    let first = try LoopbackServer(["/digits.gz": [.cut(packed, after: half)]])
    let second = try LoopbackServer(["/digits.gz": [.file(packed)]])
    defer { [first, second].forEach { $0.stop() } }
    let folder = try TemporaryFolder()
    try fetch([first.address, second.address], into: folder)
    #expect(try stored(folder) == contents)
    #expect(second.requests == ["/digits.gz \(half)-"])
  }

  @Test func `what one mirror began and another cannot go on with is fetched anew`() throws {
    let other = gzipped([UInt8](repeating: 7, count: 3000))
    let first = try LoopbackServer(["/digits.gz": [.cut(other, after: 20)]])
    let second = try LoopbackServer(["/digits.gz": [.file(packed)]])
    defer { [first, second].forEach { $0.stop() } }
    let folder = try TemporaryFolder()
    try fetch([first.address, second.address], into: folder)
    #expect(try stored(folder) == contents)
    #expect(second.requests == ["/digits.gz 20-", "/digits.gz"])
  }

  @Test func `a server without ranges sends the whole file again`() throws {
    let server = try LoopbackServer([
      "/digits.gz": [.cut(packed, after: 100), .wholeOnly(packed)]
    ])
    defer { server.stop() }
    let folder = try TemporaryFolder()
    #expect(throws: DatasetError.self) { try fetch([server.address], into: folder) }
    try fetch([server.address], into: folder)
    #expect(try stored(folder) == contents)
  }

  @Test func `404, a closed port and a silent server are told apart and passed over`() throws {
    let missing = try LoopbackServer([:])
    let silent = try LoopbackServer(["/digits.gz": [.silent]])
    let good = try LoopbackServer(["/digits.gz": [.file(packed)]])
    defer { [missing, silent, good].forEach { $0.stop() } }
    let folder = try TemporaryFolder()
    let error = try #require(throws: DatasetError.self) {
      try fetch([missing.address, "http://127.0.0.1:1/", silent.address], into: folder)
    }
    #expect("\(error)".contains("404"))
    try fetch([missing.address, good.address], into: folder)
    #expect(try stored(folder) == contents)
  }

  @Test func `mirrors whose names are not found are not waited for`() throws {
    let good = try LoopbackServer(["/digits.gz": [.file(packed)]])
    defer { good.stop() }
    let folder = try TemporaryFolder()
    // The top-level domain `invalid` never resolves (RFC 2606).
    let nowhere = "https://mirror.invalid/"
    let error = try #require(throws: DatasetError.self) { try fetch([nowhere], into: folder) }
    #expect("\(error)".contains("no network"))
    try fetch([nowhere, good.address], into: folder)
    #expect(try stored(folder) == contents)
  }

  @Test func `what an earlier run had received whole is not asked for again`() throws {
    let folder = try TemporaryFolder()
    try folder.write(packed, "digits.gz.part")
    let nobody = try LoopbackServer([:])
    defer { nobody.stop() }
    try fetch([nobody.address], into: folder)
    #expect(try stored(folder) == contents && nobody.requests.isEmpty)
    #expect(try names(folder) == ["digits.gz"])
  }
}

/// A set of one file, which is only fetched.
private struct OneFile: DatasetLayout {
  let files: [PublishedFile]

  init(_ file: PublishedFile) { files = [file] }

  func images(_ files: [DatasetFile], classes: Int) throws -> DatasetParts {
    throw DatasetError.missing("nothing is read")
  }
}
