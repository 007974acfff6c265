import Networks
import Testing

/// A file with a header of any text and some bytes of data.
private func file(_ header: String, data: Int) -> [UInt8] {
  let bytes = Array(header.utf8)
  let length = UInt64(bytes.count)
  return (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + bytes
    + [UInt8](repeating: 0, count: data)
}

@Suite struct SafeTensorsTests {
  @Test func `what is written is read`() throws {
    var written = SafeTensors(metadata: ["a": "1", "quoted \"\\\n\u{1}": "é 🖋 <b>"])
    written.append("x", shape: [2, 3], [1, -2, 0.5, .pi, .leastNonzeroMagnitude, -0])
    written.append("labels", [3, -1, 1 << 40])
    written.append("nothing", shape: [0, 4], [])
    let read = try SafeTensors(written.encoded())
    #expect(read.metadata == written.metadata)
    #expect(read.floats("x")?.shape == [2, 3])
    #expect(
      read.floats("x")?.values.map(\.bitPattern)
        == ([1, -2, 0.5, .pi, .leastNonzeroMagnitude, -0] as [Float]).map(\.bitPattern))
    #expect(read.entry("labels")?.type == .int64)
    #expect(read.floats("labels") == nil)
    #expect(read.floats("nothing")?.values.isEmpty == true)
    #expect(read.encoded() == written.encoded())
  }

  @Test func `the header ends on eight bytes`() {
    for length in 0..<9 {
      var tensors = SafeTensors()
      tensors.append(String(repeating: "n", count: length + 1), shape: [1], [0])
      let bytes = tensors.encoded()
      #expect(bytes[0] % 8 == 0)
      #expect((bytes.count - 4) % 8 == 0)
    }
  }

  @Test(arguments: [
    ("{}", 4, "belong to no array"),
    ("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 0, "cut short"),
    ("{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4, "needs 8 bytes"),
    ("{\"x\":{\"dtype\":\"F8\",\"shape\":[4],\"data_offsets\":[0,4]}}", 4, "F8"),
    ("{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}", 4, "impossible shape"),
    (
      "{\"x\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904],\"data_offsets\":[0,4]}}",
      4, "impossible shape"
    ),
    ("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8, "gap"),
    ("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,4]}}", 8, "cut short"),
    ("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}", 8, "two numbers"),
    ("{\"x\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,4]}}", 4, "header"),
    (
      "{\"x\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,4]}}", 4,
      "header"
    ),
    ("{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}", 4, "shape"),
    (
      "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
        + "\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4, "overlaps"
    ),
    ("{\"__metadata__\":{\"a\":1}}", 0, "header"),
    ("[]", 0, "not JSON"),
    ("{\"x\":", 0, "header"),
    ("{\"x\":\u{0}}", 0, "header"),
    (String(repeating: "{\"x\":", count: 100_000), 0, "nested"),
    ("{\"a\":" + String(repeating: "[", count: 100_000), 0, "nested"),
  ])
  func `a hostile file is refused with the reason`(header: String, data: Int, word: String) throws {
    let error = try #require(throws: CheckpointError.self) {
      try SafeTensors(file(header, data: data))
    }
    #expect(error.description.contains(word), "\(error)")
  }

  @Test(arguments: [
    ("F16", [0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00] as [UInt8], [1, -2, 0x1p-24] as [Float]),
    ("BF16", [0x80, 0x3f, 0x00, 0xc0, 0xc0, 0x3f], [1, -2, 1.5]),
    (
      "F64",
      [0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f],
      [1, -2, 1.5]
    ),
  ])
  func `real numbers of other widths are read as 32-bit ones`(
    type: String, bytes: [UInt8], expected: [Float]
  ) throws {
    let header = "{\"x\":{\"dtype\":\"\(type)\",\"shape\":[3],\"data_offsets\":[0,\(bytes.count)]}}"
    let file = try SafeTensors(file(header, data: 0) + bytes)
    #expect(file.floats("x")?.values == expected)
  }

  @Test func `every truncation of a file is refused`() throws {
    var tensors = SafeTensors(metadata: ["format": "inkling"])
    tensors.append("x", shape: [3], [1, 2, 3])
    let bytes = tensors.encoded()
    for length in 0..<bytes.count {
      #expect(throws: CheckpointError.self) { try SafeTensors(Array(bytes[..<length])) }
    }
  }

  @Test func `a header longer than the file, or than makes sense, is refused`() {
    #expect(throws: CheckpointError.self) {
      try SafeTensors([UInt8](repeating: 0xff, count: 64))
    }
    #expect(throws: CheckpointError.self) { try SafeTensors(Array("this is a text file".utf8)) }
  }
}
