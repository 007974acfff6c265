import Foundation
import Testing

/// A protocol-buffers message read by hand, so that the tests do not take the writer's word for it.
///
/// Reference: the encoding that the documentation of protocol buffers gives.
struct WireMessage {
  enum Value {
    case number(UInt64)
    case bytes([UInt8])
  }

  private(set) var fields: [(number: Int, value: Value)] = []

  init(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    func varint() throws -> UInt64 {
      var (value, shift): (UInt64, UInt64) = (0, 0)
      while let byte = rest.popFirst() {
        value |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
      throw CocoaError(.fileReadCorruptFile)
    }
    func fixed(_ count: Int) throws -> UInt64 {
      try #require(rest.count >= count)
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    while !rest.isEmpty {
      let key = try varint()
      let value: Value
      switch key & 7 {
      case 0: value = .number(try varint())
      case 1: value = .number(try fixed(8))
      case 5: value = .number(try fixed(4))
      case 2:
        let count = Int(try varint())
        try #require(rest.count >= count)
        value = .bytes(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      default: throw CocoaError(.fileReadCorruptFile)
      }
      fields.append((Int(key >> 3), value))
    }
  }

  func numbers(_ field: Int) -> [UInt64] {
    fields.compactMap {
      if $0.number == field, case .number(let value) = $0.value { value } else { nil }
    }
  }

  func bytes(_ field: Int) -> [[UInt8]] {
    fields.compactMap {
      if $0.number == field, case .bytes(let value) = $0.value { value } else { nil }
    }
  }

  func texts(_ field: Int) -> [String] { bytes(field).map { String(decoding: $0, as: UTF8.self) } }

  func messages(_ field: Int) throws -> [WireMessage] { try bytes(field).map(WireMessage.init) }
}

/// What of an ONNX file the tests look at; field numbers are those of onnx.proto.
struct WireModel {
  struct Node: Equatable {
    let operation: String
    let inputs: [String]
    let outputs: [String]
    let attributes: [String]
  }
  struct Tensor {
    let name: String
    let shape: [Int]
    let type: UInt64
    let data: [UInt8]

    var floats: [Float] {
      data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
      }
    }
  }

  let version: UInt64?
  let operatorSet: UInt64?
  let metadata: [(key: String, value: String)]
  let nodes: [Node]
  let tensors: [Tensor]

  init(_ bytes: [UInt8]) throws {
    let model = try WireMessage(bytes)
    version = model.numbers(1).first
    operatorSet = try model.messages(8).first?.numbers(2).first
    metadata = try model.messages(14).map { ($0.texts(1)[0], $0.texts(2)[0]) }
    let graph = try #require(try model.messages(7).first)
    nodes = try graph.messages(1).map {
      Node(
        operation: $0.texts(4)[0], inputs: $0.texts(1), outputs: $0.texts(2),
        attributes: try $0.messages(5).map { $0.texts(1)[0] })
    }
    tensors = try graph.messages(5).map {
      Tensor(
        name: $0.texts(8)[0], shape: $0.numbers(1).map { Int($0) }, type: $0.numbers(2)[0],
        data: $0.bytes(9)[0])
    }
  }
}
