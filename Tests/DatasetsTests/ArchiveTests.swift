import Datasets
import Files
import Foundation
import TestSupport
import Testing

@Suite struct ArchiveTests {
  private let small = (0..<3000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 4) }

  private func read(
    _ archive: [UInt8], limit: Int = 1 << 20, _ names: Set<String> = ["a.bin", "b.bin"]
  ) throws -> [String: [UInt8]] {
    let folder = try TemporaryFolder()
    let path = try folder.write(archive, "archive")
    var members: [String: [UInt8]] = [:]
    try Archive.read(path, limit: limit, where: names.contains) { members[$0.name] = $0.bytes }
    // The same from memory, but for what is packed once more.
    if !Gzip.isCompressed(archive) {
      var again: [String: [UInt8]] = [:]
      try Archive.read(archive, path: path, limit: limit, where: names.contains) {
        again[$0.name] = $0.bytes
      }
      #expect(again == members)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["archive"])
    return members
  }

  private func refusal(_ archive: [UInt8], limit: Int = 1 << 20) throws -> String {
    "\(try #require(throws: DatasetError.self) { try read(archive, limit: limit) })"
  }

  @Test func `members are read by the last part of their path, packed or not`() throws {
    let members = [
      ArchiveMember("set/"), ArchiveMember("set/other.txt", [1]),
      ArchiveMember("set/a.bin", small), ArchiveMember("deep/er/b.bin", []),
    ]
    let tarMembers = [ArchiveMember("set/", kind: .folder)] + members.dropFirst()
    for archive in [tar(tarMembers), gzipped(tar(tarMembers)), zipped(members)] {
      #expect(try read(archive) == ["a.bin": small, "b.bin": []])
    }
  }

  @Test func `cut anywhere, an archive is an error or gives whole members`() throws {
    let members = [ArchiveMember("a.bin", small), ArchiveMember("b.bin", small)]
    for whole in [tar(members), gzipped(tar(members)), zipped(members)] {
      for count in stride(from: 0, to: whole.count, by: 97) {
        guard let found = try? read(Array(whole[..<count])) else { continue }
        #expect(found.values.allSatisfy { $0 == small }, "cut at \(count) of \(whole.count)")
      }
    }
    let packed = gzipped(tar(members))
    #expect(try refusal(Array(packed[..<(packed.count - 4)])).contains("cut short"))
  }

  @Test func `a changed byte is noticed`() throws {
    var packed = gzipped(tar([ArchiveMember("a.bin", small)]))
    packed[packed.count - 6] ^= 1
    #expect(try refusal(packed).contains("damaged"))
    var member = ArchiveMember("a.bin", small)
    member.hasWrongChecksum = true
    #expect(try refusal(zipped([member])).contains("CRC"))
    for seed in 0..<60 {
      // Wherever a byte of a zip archive changes, what is read is right or nothing is.
      var zip = zipped([ArchiveMember("a.bin", small)])
      zip[(seed * 7919) % zip.count] ^= UInt8(1 << (seed % 8))
      if let found = try? read(zip)["a.bin"] { #expect(found == small, "\(seed)") }
    }
    #expect(try refusal(Array("<html>moved</html>".utf8)).contains("no tar or zip"))
    #expect(try refusal(gzipped(Array("hello".utf8))).contains("no tar or zip"))
  }

  @Test func `what lies outside, is a link or stands twice is refused`() throws {
    for path in ["../a.bin", "/etc/a.bin", "set/../../a.bin"] {
      #expect(try refusal(tar([ArchiveMember(path, small)])).contains("outside"), "\(path)")
      #expect(try refusal(zipped([ArchiveMember(path, small)])).contains("outside"), "\(path)")
    }
    for kind in [ArchiveMember.Kind.symbolicLink, .hardLink] {
      #expect(try refusal(tar([ArchiveMember("a.bin", kind: kind)])).contains("link"))
    }
    let link = ArchiveMember("a.bin", Array("/etc/passwd".utf8), kind: .symbolicLink)
    #expect(try refusal(zipped([link])).contains("link"))
    let twice = [ArchiveMember("x/a.bin", [1]), ArchiveMember("y/a.bin", [2])]
    #expect(try refusal(tar(twice)).contains("twice"))
    #expect(try refusal(zipped(twice)).contains("twice"))
    // What nobody asks for does no harm.
    let beside = [ArchiveMember("../evil", small), ArchiveMember("a.bin", small)]
    #expect(try read(tar(beside)) == ["a.bin": small])
  }

  @Test func `claims and bombs are stopped at the limit`() throws {
    let zeros = [UInt8](repeating: 0, count: 5_000_000)
    let bomb = zipped([ArchiveMember("a.bin", zeros)])
    #expect(bomb.count < 10_000)
    #expect(try refusal(bomb).contains("claims 5000000 bytes"))
    // A lie about the size: no more than that is given, or nothing.
    let lie = zipped([ArchiveMember("a.bin", zeros, claiming: 10)])
    if let found = try? read(lie)["a.bin"] { #expect(found.count <= 10) }
    for size in [1 << 32, 1 << 32 + 5, 0o77777777777] {
      #expect(try refusal(tar([ArchiveMember("a.bin", [1], claiming: size)])).contains("claims"))
    }
    #expect(try refusal(gzipped(tar([ArchiveMember("a.bin", zeros)]))).contains("claims"))
    // Members that nobody asks for are not unpacked.
    let beside = [ArchiveMember("bomb", zeros), ArchiveMember("a.bin", small)]
    #expect(try read(zipped(beside)) == ["a.bin": small])
  }

  @Test func `a file that cannot be read is said to be so`() throws {
    let folder = try TemporaryFolder()
    for path in [folder.file("none"), folder.path] {
      #expect(throws: FileError.self) {
        try Archive.read(path, limit: 1, where: { _ in true }) { _ in }
      }
    }
  }
}
