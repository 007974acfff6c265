import Foundation

/// A safetensors file: named arrays and a map of strings.
///
/// Layout: 8 bytes, little-endian, the header's length; the header, JSON; the data, without gaps.
/// Reference: the safetensors format of Hugging Face.
package struct SafeTensors: Sendable {
  /// The element types that Inkling reads and writes.
  package enum ElementType: String, Sendable, Codable {
    /// 32-bit floating point: the only one that Inkling writes weights in.
    case float32 = "F32"
    /// 64-bit floating point.
    case float64 = "F64"
    /// IEEE half precision.
    case float16 = "F16"
    /// The upper half of 32-bit floating point.
    case bfloat16 = "BF16"
    /// 64-bit whole numbers.
    case int64 = "I64"
    /// Bytes: pixels.
    case uint8 = "U8"

    var size: Int {
      switch self {
      case .float64, .int64: 8
      case .float32: 4
      case .float16, .bfloat16: 2
      case .uint8: 1
      }
    }
  }

  /// One array.
  package struct Entry: Sendable {
    /// The array's name.
    package let name: String
    /// Type of its numbers.
    package let type: ElementType
    /// Dimensions, slowest first.
    package let shape: [Int]
    /// The numbers, little-endian.
    package let bytes: ArraySlice<UInt8>

    fileprivate func numbers<Number: BitwiseCopyable>(_ type: Number.Type) -> [Number] {
      bytes.withUnsafeBytes { $0.numbers(type) }
    }
  }

  /// The arrays, in the order of their data.
  package private(set) var entries: [Entry] = []
  /// The strings of `__metadata__`.
  package var metadata: [String: String]

  /// A file without arrays.
  package init(metadata: [String: String] = [:]) { self.metadata = metadata }

  /// Appends float32 numbers.
  package mutating func append(_ name: String, shape: [Int], _ values: [Float]) {
    precondition(
      shape.reduce(1, *) == values.count,
      "safetensors \(name): shape \(shape) does not hold \(values.count) values")
    let bytes = values.withUnsafeBytes { Array($0) }
    entries.append(Entry(name: name, type: .float32, shape: shape, bytes: bytes[...]))
  }

  /// Appends int64 numbers as one dimension.
  package mutating func append(_ name: String, _ values: [Int]) {
    let bytes = values.map(Int64.init).withUnsafeBytes { Array($0) }
    entries.append(Entry(name: name, type: .int64, shape: [values.count], bytes: bytes[...]))
  }

  /// Appends bytes.
  package mutating func append(_ name: String, shape: [Int], bytes values: [UInt8]) {
    precondition(
      shape.reduce(1, *) == values.count,
      "safetensors \(name): shape \(shape) does not hold \(values.count) bytes")
    entries.append(Entry(name: name, type: .uint8, shape: shape, bytes: values[...]))
  }

  /// The arrays of some names, and a file of the others.
  func parted(by isChosen: (String) -> Bool) -> (chosen: [Entry], others: SafeTensors) {
    var others = SafeTensors(metadata: metadata)
    others.entries = entries.filter { !isChosen($0.name) }
    return (entries.filter { isChosen($0.name) }, others)
  }

  /// The same arrays under other names; those without one are left out.
  func renamed(_ names: [String: String]) -> SafeTensors {
    var file = SafeTensors(metadata: metadata)
    file.entries = entries.compactMap { entry in
      names[entry.name].map {
        Entry(name: $0, type: entry.type, shape: entry.shape, bytes: entry.bytes)
      }
    }
    return file
  }

  /// The entry of a name.
  package func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }

  /// The real numbers of a name as 32-bit ones; `nil` if there is no such array of real numbers.
  package func floats(_ name: String) -> Tensor? {
    guard let entry = entry(name) else { return nil }
    let values: [Float]
    switch entry.type {
    case .float32: values = entry.numbers(Float.self)
    case .float64: values = entry.numbers(Double.self).map(Float.init)
    case .float16: values = entry.numbers(UInt16.self).map(HalfPrecision.float16)
    case .bfloat16: values = entry.numbers(UInt16.self).map(HalfPrecision.bfloat16)
    case .int64, .uint8: return nil
    }
    return Tensor(name: name, shape: entry.shape, values: values)
  }
}

// MARK: Writing

extension SafeTensors {
  /// The file's bytes: metadata keys sorted, arrays in order, the header padded to 8 bytes.
  package func encoded() -> [UInt8] {
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }
        .map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
      parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var offset = 0
    for entry in entries {
      let end = offset + entry.bytes.count
      let shape = entry.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(Self.quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\","
          + "\"shape\":[\(shape)],\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    var header = Array("{\(parts.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + offset)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { bytes.append(contentsOf: $0) }
    bytes += header
    for entry in entries { bytes += entry.bytes }
    return bytes
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20:
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

// MARK: Reading

extension SafeTensors {
  /// A longer header is refused; that of a network has a few kilobytes.
  private static let maximumHeader = 16 << 20

  /// Reads a file, trusting nothing in it: lengths, types, shapes, overflow, gaps and overlaps are checked.
  ///
  /// - Throws: `CheckpointError` with what is wrong and at which byte.
  package init(_ bytes: [UInt8]) throws(CheckpointError) {
    guard bytes.count >= 8 else {
      throw CheckpointError("it has \(bytes.count) bytes, too few for a safetensors file")
    }
    let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    let isPlausible =
      length <= UInt64(bytes.count - 8) && (length == 0 || bytes[8] == UInt8(ascii: "{"))
    if !isPlausible, let other = Self.foreignFormat(bytes) { throw CheckpointError(other) }
    guard length <= UInt64(bytes.count - 8) else {
      throw CheckpointError(
        "byte 0: the header would have \(length) bytes, but only \(bytes.count - 8) follow;"
          + " the file is cut short or not safetensors")
    }
    guard length <= UInt64(Self.maximumHeader) else {
      throw CheckpointError("byte 0: a header of \(length) bytes is refused")
    }
    let start = 8 + Int(length)
    let header = try Self.header(bytes[8..<start])
    metadata = header.metadata
    var end = start
    // An array without numbers stands before the one that begins where it ends.
    let items = header.tensors.sorted {
      ($0.value.start, $0.value.end, $0.key) < ($1.value.start, $1.value.end, $1.key)
    }
    for (name, item) in items {
      let entry = try Self.entry(name, item, in: bytes, dataStart: start, expectedStart: end)
      end = entry.bytes.endIndex
      entries.append(entry)
    }
    guard end == bytes.count else {
      throw CheckpointError("byte \(end): \(bytes.count - end) bytes belong to no array")
    }
  }

  /// What a file of another kind is, by how it begins, and what to do with it; `nil` for what may be safetensors.
  private static func foreignFormat(_ bytes: [UInt8]) -> String? {
    func begins(_ start: [UInt8]) -> Bool { bytes.starts(with: start) }
    let convert =
      "load it in Python, and save its state_dict with safetensors.torch.save_file(model.state_dict(), path)"
    if begins([0x80, 2]) || begins([0x80, 4]) || begins([0x80, 5]) {
      return "it is a Python pickle that torch.save did not write, and is never run; \(convert)"
    }
    if begins([0x89] + Array("HDF".utf8)) {
      return
        "it is HDF5, as Keras writes it: save its arrays with safetensors.numpy.save_file, under the names and in the"
        + " shapes that inkling describe MODEL shows"
    }
    if begins([0x89] + Array("PNG".utf8)) || begins([0xff, 0xd8, 0xff]) {
      return "it is a picture; inkling predict CHECKPOINT PICTURE reads pictures"
    }
    if begins([0x93] + Array("NUMPY".utf8)) {
      return
        "it is one NumPy array; a checkpoint holds all of a network's, by name: safetensors.numpy.save_file"
    }
    if begins(Array("GGUF".utf8)) {
      return "it is GGUF, a format for language models; Inkling reads networks for images"
    }
    if begins(Array("version https://git-lfs".utf8)) {
      return "it is a pointer of Git LFS, not the file itself; git lfs pull fetches that"
    }
    if begins([0x1f, 0x8b]) { return "it is compressed with gzip; unpack it first" }
    let start = bytes.first { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }
    if start == UInt8(ascii: "{") || start == UInt8(ascii: "[") {
      return "it is JSON text, not a safetensors file"
    }
    if start == UInt8(ascii: "<") { return "it is an HTML or XML text, not a safetensors file" }
    return nil
  }

  private static func header(_ bytes: ArraySlice<UInt8>) throws(CheckpointError) -> Header {
    guard bytes.first == UInt8(ascii: "{") else {
      throw CheckpointError("byte 8: the header is not JSON; this is not a safetensors file")
    }
    // Arrays nest three deep at most; a deeper one is an attack on the JSON reader's stack.
    var depth = 0
    var quoted = false
    var escaped = false
    for (offset, byte) in bytes.enumerated() {
      if escaped {
        escaped = false
      } else if quoted {
        if byte == UInt8(ascii: "\\") { escaped = true }
        if byte == UInt8(ascii: "\"") { quoted = false }
      } else {
        switch byte {
        case UInt8(ascii: "\""): quoted = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
        guard depth <= 8 else {
          throw CheckpointError("byte \(8 + offset): the header is nested too deeply")
        }
      }
    }
    do {
      return try JSONDecoder().decode(Header.self, from: Data(bytes))
    } catch {
      throw CheckpointError("byte 8: the header is not valid: \(Self.reason(error))")
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch error as? DecodingError {
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? context.debugDescription : "\(path): \(context.debugDescription)"
    case .keyNotFound(let key, let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return "\(path): “\(key.stringValue)” is missing"
    default: return "it is not JSON"
    }
  }

  private static func entry(
    _ name: String, _ item: Header.Item, in bytes: [UInt8], dataStart: Int, expectedStart: Int
  ) throws(CheckpointError) -> Entry {
    guard let type = ElementType(rawValue: item.dtype) else {
      throw CheckpointError(
        "tensor \(name) has type \(item.dtype); Inkling reads F32, F64, F16 and BF16 (convert with .float())"
      )
    }
    var size = type.size
    for dimension in item.shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else {
        throw CheckpointError("tensor \(name) has an impossible shape \(item.shape)")
      }
      size = product
    }
    guard item.start >= 0, item.end >= item.start, item.end <= bytes.count - dataStart else {
      throw CheckpointError(
        "tensor \(name): its data would be bytes \(item.start) to \(item.end) of"
          + " \(bytes.count - dataStart); the file is cut short or damaged")
    }
    guard item.end - item.start == size else {
      throw CheckpointError(
        "tensor \(name): shape \(item.shape) needs \(size) bytes, but has \(item.end - item.start)")
    }
    guard dataStart + item.start == expectedStart else {
      throw CheckpointError(
        "tensor \(name): its data overlaps another's or leaves a gap at byte \(expectedStart)")
    }
    return Entry(
      name: name, type: type, shape: item.shape,
      bytes: bytes[dataStart + item.start..<dataStart + item.end])
  }

  private struct Header: Decodable {
    struct Item: Decodable {
      let dtype: String
      let shape: [Int]
      let start: Int
      let end: Int

      enum CodingKeys: String, CodingKey {
        case dtype, shape
        case offsets = "data_offsets"
      }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        dtype = try container.decode(String.self, forKey: .dtype)
        shape = try container.decode([Int].self, forKey: .shape)
        let offsets = try container.decode([Int].self, forKey: .offsets)
        guard offsets.count == 2 else {
          throw DecodingError.dataCorruptedError(
            forKey: .offsets, in: container, debugDescription: "two numbers expected")
        }
        start = offsets[0]
        end = offsets[1]
      }
    }

    struct Name: CodingKey {
      let stringValue: String
      let intValue: Int? = nil
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }

    var metadata: [String: String] = [:]
    var tensors: [String: Item] = [:]

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      for key in container.allKeys {
        if key.stringValue == "__metadata__" {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          tensors[key.stringValue] = try container.decode(Item.self, forKey: key)
        }
      }
    }
  }
}
