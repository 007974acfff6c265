import Files
import TestSupport
import Testing

@Suite struct DigestTests {
  /// Of FIPS 180-4 and RFC 1321.
  @Test(arguments: [
    (
      "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "d41d8cd98f00b204e9800998ecf8427e"
    ),
    (
      "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
      "900150983cd24fb0d6963f7d28e17f72"
    ),
  ])
  func `the standards' own examples`(text: String, sha256: String, md5: String) {
    #expect(SHA256(of: Array(text.utf8)).hexadecimal == sha256)
    #expect(MD5(of: Array(text.utf8)).hexadecimal == md5)
  }

  @Test func `a file's digest is that of its bytes, however many there are`() throws {
    let folder = try TemporaryFolder()
    for count in [0, 1, 1 << 18, 1 << 18 + 1, 1_000_000] {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7) }
      let path = try folder.write(bytes, "file")
      #expect(try SHA256(ofFile: path) == SHA256(of: bytes))
      #expect(try MD5(ofFile: path) == MD5(of: bytes))
    }
    #expect(throws: FileError.self) { try MD5(ofFile: folder.path) }
    #expect(throws: FileError.self) { try MD5(ofFile: folder.file("none")) }
  }
}
