import Datasets
import Files
import Foundation
import TestSupport
import Testing

/// Sets that are published in an archive.
@Suite struct ArchiveDownloadTests {
  private let record = [UInt8(7)] + (0..<3072).map { UInt8(truncatingIfNeeded: $0 * $0 >> 5) }
  private let names = ["train.bin", "test.bin"]
  private var archive: [UInt8] {
    gzipped(
      tar(
        names.map { ArchiveMember("small-binary/\($0)", record) }
          + [ArchiveMember("small-binary/readme.html", [1])]))
  }

  private func set(_ mirrors: [String], of archive: [UInt8]) -> KnownDataset {
    let files = names.map {
      PublishedFile($0, checksum: .contentsSHA256(SHA256(of: record).hexadecimal))
    }
    return KnownDataset(
      name: "small", title: "Small", classes: (0..<10).map(String.init), counts: (1, 1),
      editions: [
        .init(
          CIFARLayout(files),
          archive: PublishedArchive(
            PublishedFile(
              "small.tar", isPacked: true,
              checksum: .fileSHA256(SHA256(of: archive).hexadecimal)), members: files),
          mirrors: mirrors)
      ])
  }

  private func left(_ folder: TemporaryFolder) throws -> [String] {
    try FileBytes.names(in: folder.file("small"))
  }

  private func fetch(
    _ set: KnownDataset, _ folder: TemporaryFolder,
    progress: (Downloader.Progress) -> Void = { _ in }
  ) throws {
    try Downloader(patience: 2).fetch(set, into: folder.file("small"), progress: progress)
  }

  @Test func `its files are taken out, and nothing else stays`() throws {
    let server = try LoopbackServer(["/small.tar.gz": [.file(archive)]])
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let small = set([server.address], of: archive)
    var told: [String] = []
    try fetch(small, folder) { progress in
      switch progress {
      case .downloading(let file, _, _):
        if told.last != "down \(file)" { told.append("down \(file)") }
      case .unpacking(_, let done, let total): told.append("\(done)/\(total)")
      }
    }
    #expect(told == ["down small.tar.gz", "0/2", "1/2", "2/2"])
    #expect(try left(folder) == ["test.bin", "train.bin"])
    let locator = DatasetLocator(explicit: folder.path, environment: [:])
    let read = try #require(try locator.find(small)).read()
    #expect(read.origin == .published && read.train.labels == [7] && read.notes.isEmpty)
    try fetch(small, folder)
    #expect(server.requests == ["/small.tar.gz"])
  }

  @Test func `a cut archive is gone on with, a wrong one refused, the next mirror asked`() throws {
    let half = archive.count / 2
    let cut = try LoopbackServer(["/small.tar.gz": [.cut(archive, after: half)]])
    let wrong = try LoopbackServer(["/small.tar.gz": [.file(gzipped(tar([])))]])
    let good = try LoopbackServer(["/small.tar.gz": [.file(archive)]])
    defer { [cut, wrong, good].forEach { $0.stop() } }
    let folder = try TemporaryFolder()
    let failing = set([cut.address], of: archive)
    #expect(throws: DatasetError.self) { try fetch(failing, folder) }
    #expect(try left(folder) == ["small.tar.gz.part"])
    try fetch(set([good.address], of: archive), folder)
    #expect(good.requests == ["/small.tar.gz \(half)-"])
    #expect(try left(folder) == ["test.bin", "train.bin"])
    let other = try TemporaryFolder()
    let error = try #require(throws: DatasetError.self) {
      try fetch(set([wrong.address], of: archive), other)
    }
    #expect("\(error)".contains("SHA-256 of small.tar.gz is wrong"))
    #expect(try left(other) == [])
    try fetch(set([wrong.address, good.address], of: archive), other)
    #expect(try left(other) == ["test.bin", "train.bin"])
  }

  @Test func `a run that ended while unpacking is finished without the network`() throws {
    let folder = try TemporaryFolder()
    try folder.write(archive, "small/small.tar.gz.part")
    try folder.write(record, "small/train.bin")
    let small = set(["https://mirror.invalid/"], of: archive)
    let locator = DatasetLocator(explicit: nil, environment: ["XDG_CACHE_HOME": folder.path])
    #expect(try locator.find(small) == nil)
    try fetch(small, folder)
    #expect(try left(folder) == ["test.bin", "train.bin"])
  }

  @Test func `an archive that holds less than it should is kept and told`() throws {
    let few = gzipped(tar([ArchiveMember("small-binary/train.bin", record)]))
    let server = try LoopbackServer(["/small.tar.gz": [.file(few)]])
    defer { server.stop() }
    let folder = try TemporaryFolder()
    let error = try #require(throws: DatasetError.self) {
      try fetch(set([server.address], of: few), folder)
    }
    #expect("\(error)".contains("does not hold test.bin"))
  }

  @Test func `a file that cannot be written is an error, and what has come stays`() throws {
    let folder = try TemporaryFolder()
    try folder.write(archive, "small/small.tar.gz.part")
    // A folder stands where a file shall be.
    try folder.write([1], "small/test.bin/inner")
    #expect(throws: FileError.self) { try fetch(set([], of: archive), folder) }
    #expect(try left(folder).contains("small.tar.gz.part"))
  }
}
