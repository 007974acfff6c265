import Files
import Foundation
import TestSupport
import Testing

@Suite struct ClaimTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `one of many has it until it gives it back`() throws {
    let claim = try #require(try Claim("a", in: folder.path))
    #expect(try Claim("a", in: folder.path) == nil)
    #expect(try Claim("a.b", in: folder.path) != nil)
    #expect(try Claim.taken(in: folder.path) == ["a", "a.b"])
    claim.release()
    #expect(try Claim.taken(in: folder.path) == ["a.b"])
    #expect(try Claim("a", in: folder.path) != nil)
  }

  @Test func `of many threads at once one has it`() async throws {
    let path = folder.path
    for round in 0..<20 {
      let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
        for _ in 0..<8 { group.addTask { try Claim("\(round)", in: path) != nil } }
        return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
      }
      #expect(winners == 1)
    }
  }

  @Test func `a process that is gone loses it at once, one that is silent after the lease`() throws
  {
    let gone = Process()
    gone.executableURL = URL(fileURLWithPath: "/bin/true")
    try gone.run()
    gone.waitUntilExit()
    var host = [CChar](repeating: 0, count: 256)
    gethostname(&host, 255)
    let name = String(
      decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try folder.write(Array("\(name) \(gone.processIdentifier)".utf8), "dead.0")
    // Of another machine nothing is known but when it last renewed.
    try folder.write(Array("elsewhere 1".utf8), "far.0")
    #expect(try Claim.taken(in: folder.path) == ["far"])
    #expect(try Claim("far", in: folder.path) == nil)
    let old = Date(timeIntervalSinceNow: -Claim.lease - 5)
    try FileManager.default.setAttributes(
      [.modificationDate: old], ofItemAtPath: folder.file("far.0"))
    let (dead, far) = (
      try #require(try Claim("dead", in: folder.path)),
      try #require(try Claim("far", in: folder.path))
    )
    // Taken over under the next name; the old one is gone.
    #expect(try FileBytes.names(in: folder.path) == ["dead.1", "far.1"])
    #expect(try Claim("far", in: folder.path) == nil)
    // Renewing counts from now.
    try FileManager.default.setAttributes(
      [.modificationDate: old], ofItemAtPath: folder.file("far.1"))
    far.renew()
    #expect(try Claim("far", in: folder.path) == nil)
    dead.release()
    far.release()
    #expect(try FileBytes.names(in: folder.path).isEmpty)
  }

  @Test func `a folder that is not there is told`() {
    #expect(throws: FileError.self) { try Claim("a", in: folder.file("none")) }
  }
}
