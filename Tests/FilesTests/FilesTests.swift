import Files
import Foundation
import TestSupport
import Testing

@Suite struct FilesTests {
  private func mode(_ path: String) throws -> Int {
    try #require(
      FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try FileBytes.names(in: folder.path)
  }

  @Test func `a link is followed, to a file that is not there yet too`() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "real/file")
    try AtomicFile.write(text: "new", to: folder.file("link"))
    #expect(try FileBytes.read(folder.file("real/file")) == Array("new".utf8))
    try AtomicFile.write(text: "newer", to: folder.file("link"))
    #expect(try FileBytes.read(folder.file("real/file")) == Array("newer".utf8))
    #expect(try names(folder) == ["link", "real"])
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("loop"), withDestinationPath: "loop")
    #expect(throws: FileError.self) { try OutputPlace.check(file: folder.file("loop")) }
  }

  @Test func `mode and other names of a file stay`() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write([1], "file")
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
    try AtomicFile.write(text: "new", to: path)
    #expect(try mode(path) == 0o640)
    try FileManager.default.linkItem(atPath: path, toPath: folder.file("other"))
    try AtomicFile.write(text: "both", to: path)
    #expect(try FileBytes.read(folder.file("other")) == Array("both".utf8))
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    let error = try #require(throws: FileError.self) { try OutputPlace.check(file: path) }
    #expect(error.operation == .create && error.description.contains("read-only"))
  }

  @Test func `a device is written through, a folder is no file, and looking makes nothing`() throws
  {
    let folder = try TemporaryFolder()
    try OutputPlace.check(file: "/dev/null")
    try AtomicFile.write(text: "gone", to: "/dev/null")
    #expect(!FileBytes.isFolder("/dev/null") && FileBytes.exists("/dev/null"))
    #expect(throws: FileError.self) { try OutputPlace.check(file: folder.path) }
    try OutputPlace.check(file: folder.file("a/b/c"))
    try OutputPlace.check(folder: folder.file("d/e"))
    #expect(try names(folder) == [])
    let long = String(repeating: "n", count: 256)
    #expect(throws: FileError.self) { try OutputPlace.check(file: folder.file(long)) }
    try AtomicFile.write([], to: folder.file(String(long.dropLast())))
    #expect(try names(folder) == [String(long.dropLast())])
  }

  @Test func `what a killed run left is removed, and nothing else`() throws {
    let folder = try TemporaryFolder()
    for name in [".inkling-0123456789abcdef.tmp", ".inkling-mine.tmp", "x.tmp"] {
      try folder.write([1], name)
    }
    try OutputPlace.check(folder: folder.path)
    #expect(try names(folder) == [".inkling-mine.tmp", "x.tmp"])
  }

  @Test(
    arguments: [
      Array("café".utf8), [0x63, 0xe9, 0x2f, 0xff], [0xef, 0x9e, 0x80], [0xc3], [0xf0, 0x9f, 0x98],
    ] as [[UInt8]])
  func `every name goes through a string and back`(bytes: [UInt8]) {
    #expect(SystemPath.bytes(SystemPath.text(bytes)) == bytes)
  }

  @Test func `only what a manifest names is replaced, and all of it`() throws {
    let folder = try TemporaryFolder()
    var manifest = try Manifest(of: folder.path, at: "list.json")
    try manifest.replace(with: [("a", [1]), ("b/c", [2])])
    try folder.write([9], "own")
    var again = try Manifest(of: folder.path, at: "list.json")
    #expect(throws: FileError.self) { try again.replace(with: [("own", [3])]) }
    try again.replace(with: [("a", [4])])
    #expect(try FileBytes.read(folder.file("a")) == [4] && !FileBytes.exists(folder.file("b/c")))
    #expect(try FileBytes.read(folder.file("own")) == [9])
    try folder.write(Array("{}".utf8), "list.json")
    #expect(throws: FileError.self) { try Manifest(of: folder.path, at: "list.json") }
  }
}
