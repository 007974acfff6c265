import Networks

/// What a pickle holds. Nothing is ever executed: a class is its name, what would be called stays a call.
///
/// Reference: CPython's `pickletools`, protocols 0 to 5, of which PyTorch writes 2.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case real(Double)
  case string(String)
  case tuple([PickleValue])
  case list(PickleList)
  case dictionary(PickleDictionary)
  /// A class or function, `torch._utils._rebuild_tensor_v2`.
  case global(String)
  /// A call of one, or an object made by one, with the state that it would be given.
  case object(PickleObject)
  /// What stands outside of the pickle, by what names it there.
  case persistent([PickleValue])
}

/// A list, which is filled after it was remembered.
final class PickleList {
  fileprivate(set) var items: [PickleValue] = []
}

/// A dictionary in the order of its keys; those that are no strings or whole numbers are left out.
final class PickleDictionary {
  fileprivate(set) var pairs: [(key: String, value: PickleValue)] = []

  /// The last value of a key.
  subscript(key: String) -> PickleValue? { pairs.last { $0.key == key }?.value }
}

/// What a class or function would make of its arguments.
final class PickleObject {
  let name: String
  let arguments: [PickleValue]
  fileprivate(set) var state: PickleValue = .none
  /// What it holds as a dictionary, such as an `OrderedDict`.
  let entries = PickleDictionary()

  init(name: String, arguments: [PickleValue]) {
    self.name = name
    self.arguments = arguments
  }
}

/// Reads one pickle after the other from bytes.
struct PickleReader {
  private let bytes: ArraySlice<UInt8>
  /// The place of the next byte.
  private(set) var place: Int
  private var stack: [PickleValue] = []
  /// Where on the stack the open collections begin.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  /// What stands outside of the last pickle, in the order in which it was named.
  private(set) var persistent: [[PickleValue]] = []

  /// Codes that one pickle may have: more than any checkpoint's.
  private static let mostSteps = 1 << 24

  /// A reader of bytes, from their first on.
  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// Reads one pickle.
  ///
  /// - Throws: `CheckpointError` if it is damaged, or holds what no checkpoint of weights does.
  mutating func read() throws(CheckpointError) -> PickleValue {
    (stack, marks, memo, persistent) = ([], [], [:], [])
    for _ in 0..<Self.mostSteps {
      let start = place
      let code = try byte()
      if code == UInt8(ascii: ".") { return try pop() }
      guard try step(code) else {
        throw CheckpointError("its pickle has the unknown code \(code) at byte \(start)")
      }
    }
    throw CheckpointError("its pickle never ends")
  }

  /// Does what one code says; false if there is no such code.
  private mutating func step(_ code: UInt8) throws(CheckpointError) -> Bool {
    switch code {
    case 0x80: _ = try byte()
    case 0x95: _ = try number(8)
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "0"): _ = try pop()
    case UInt8(ascii: "1"): _ = try popMark()
    case UInt8(ascii: "2"): stack.append(try top())
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.boolean(true))
    case 0x89: stack.append(.boolean(false))
    case UInt8(ascii: "K"): stack.append(.integer(Int(try byte())))
    case UInt8(ascii: "M"): stack.append(.integer(Int(try number(2))))
    case UInt8(ascii: "J"):
      stack.append(.integer(Int(Int32(truncatingIfNeeded: try number(4)))))
    case 0x8a: stack.append(try long(Int(try byte())))
    case 0x8b: stack.append(try long(Int(try number(4))))
    case UInt8(ascii: "I"), UInt8(ascii: "L"): stack.append(try integerLine())
    case UInt8(ascii: "F"): stack.append(.real(Double(try line()) ?? .nan))
    case UInt8(ascii: "G"):
      let bits = try take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      stack.append(.real(Double(bitPattern: bits)))
    case UInt8(ascii: "X"), UInt8(ascii: "T"), UInt8(ascii: "B"):
      stack.append(try string(Int(try number(4))))
    case 0x8c, UInt8(ascii: "U"), UInt8(ascii: "C"): stack.append(try string(Int(try byte())))
    case 0x8d, 0x8e, 0x96: stack.append(try string(Int(clamping: try number(8))))
    case UInt8(ascii: "S"), UInt8(ascii: "V"): stack.append(.string(try line()))
    default:
      if try collect(code) { return true }
      return try refer(code)
    }
    return true
  }

  // MARK: Collections

  private mutating func collect(_ code: UInt8) throws(CheckpointError) -> Bool {
    switch code {
    case UInt8(ascii: ")"): stack.append(.tuple([]))
    case 0x85, 0x86, 0x87:
      let count = Int(code - 0x84)
      guard stack.count - (marks.last ?? 0) >= count else { throw Self.short }
      let items = Array(stack.suffix(count))
      stack.removeLast(count)
      stack.append(.tuple(items))
    case UInt8(ascii: "t"), 0x91: stack.append(.tuple(try popMark()))
    case UInt8(ascii: "]"), 0x8f: stack.append(.list(PickleList()))
    case UInt8(ascii: "l"):
      let list = PickleList()
      list.items = try popMark()
      stack.append(.list(list))
    // The items first: who calls a method of a value sees it as it was before its arguments.
    case UInt8(ascii: "a"):
      let item = try pop()
      try append([item])
    case UInt8(ascii: "e"), 0x90:
      let items = try popMark()
      try append(items)
    case UInt8(ascii: "}"): stack.append(.dictionary(PickleDictionary()))
    case UInt8(ascii: "d"):
      let items = try popMark()
      stack.append(.dictionary(PickleDictionary()))
      try set(items)
    case UInt8(ascii: "s"):
      let value = try pop()
      let key = try pop()
      try set([key, value])
    case UInt8(ascii: "u"):
      let items = try popMark()
      try set(items)
    default: return false
    }
    return true
  }

  private func append(_ items: [PickleValue]) throws(CheckpointError) {
    // Queues and the like keep nothing that weights are made of.
    if case .list(let list) = try top() { list.items += items }
  }

  private func set(_ items: [PickleValue]) throws(CheckpointError) {
    guard items.count.isMultiple(of: 2) else { throw Self.short }
    let target: PickleDictionary? =
      switch try top() {
      case .dictionary(let dictionary): dictionary
      case .object(let object): object.entries
      default: nil
      }
    for i in stride(from: 0, to: items.count, by: 2) {
      switch items[i] {
      case .string(let key): target?.pairs.append((key, items[i + 1]))
      case .integer(let key): target?.pairs.append((String(key), items[i + 1]))
      default: continue
      }
    }
  }

  // MARK: Names, calls, and what was there before

  private mutating func refer(_ code: UInt8) throws(CheckpointError) -> Bool {
    switch code {
    case UInt8(ascii: "p"): memo[Int(try line()) ?? -1] = try top()
    case UInt8(ascii: "q"): memo[Int(try byte())] = try top()
    case UInt8(ascii: "r"): memo[Int(try number(4))] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "g"): try recall(Int(try line()) ?? -1)
    case UInt8(ascii: "h"): try recall(Int(try byte()))
    case UInt8(ascii: "j"): try recall(Int(try number(4)))
    case UInt8(ascii: "c"): stack.append(.global("\(try line()).\(try line())"))
    case 0x93:
      guard case .string(let name) = try pop(), case .string(let module) = try pop() else {
        throw CheckpointError("its pickle names a class by what is no name")
      }
      stack.append(.global("\(module).\(name)"))
    case UInt8(ascii: "R"), 0x81:
      let arguments = try pop()
      call(try pop(), arguments)
    case 0x92:
      _ = try pop()
      let arguments = try pop()
      call(try pop(), arguments)
    case UInt8(ascii: "o"):
      let items = try popMark()
      guard let first = items.first else { throw Self.short }
      call(first, .tuple(Array(items.dropFirst())))
    case UInt8(ascii: "i"):
      let name = "\(try line()).\(try line())"
      stack.append(.object(PickleObject(name: name, arguments: try popMark())))
    case UInt8(ascii: "b"):
      let state = try pop()
      if case .object(let object) = try top() { object.state = state }
    case UInt8(ascii: "Q"):
      let items: [PickleValue] = if case .tuple(let items) = try pop() { items } else { [] }
      persistent.append(items)
      stack.append(.persistent(items))
    default: return false
    }
    return true
  }

  private mutating func call(_ function: PickleValue, _ arguments: PickleValue) {
    let name = if case .global(let name) = function { name } else { "" }
    let items: [PickleValue] = if case .tuple(let items) = arguments { items } else { [] }
    stack.append(.object(PickleObject(name: name, arguments: items)))
  }

  private mutating func recall(_ number: Int) throws(CheckpointError) {
    guard let value = memo[number] else {
      throw CheckpointError("its pickle recalls what it never said")
    }
    stack.append(value)
  }

  // MARK: Bytes

  private static let short = CheckpointError("its pickle takes what it has not put there")

  private func top() throws(CheckpointError) -> PickleValue {
    guard let value = stack.last else { throw Self.short }
    return value
  }

  private mutating func pop() throws(CheckpointError) -> PickleValue {
    guard stack.count > (marks.last ?? 0), let value = stack.popLast() else { throw Self.short }
    return value
  }

  private mutating func popMark() throws(CheckpointError) -> [PickleValue] {
    guard let mark = marks.popLast(), mark <= stack.count else { throw Self.short }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func take(_ count: Int) throws(CheckpointError) -> ArraySlice<UInt8> {
    guard count >= 0, count <= bytes.endIndex - place else {
      throw CheckpointError("its pickle is cut off")
    }
    defer { place += count }
    return bytes[place..<place + count]
  }

  private mutating func byte() throws(CheckpointError) -> UInt8 {
    let taken = try take(1)
    return taken[taken.startIndex]
  }

  /// Little-endian.
  private mutating func number(_ count: Int) throws(CheckpointError) -> UInt64 {
    try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A whole number of so many bytes with its sign; of a longer one the lowest 64 bits, for none of that size is of use.
  private mutating func long(_ count: Int) throws(CheckpointError) -> PickleValue {
    let taken = try take(count)
    let sign: UInt64 = (taken.last ?? 0) >= 0x80 ? .max : 0
    let bits = taken.prefix(8).reversed().reduce(sign) { $0 << 8 | UInt64($1) }
    return .integer(Int(truncatingIfNeeded: bits))
  }

  private mutating func string(_ count: Int) throws(CheckpointError) -> PickleValue {
    .string(String(decoding: try take(count), as: UTF8.self))
  }

  private mutating func line() throws(CheckpointError) -> String {
    guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) else {
      throw CheckpointError("its pickle is cut off")
    }
    defer { place = end + 1 }
    return String(decoding: bytes[place..<end], as: UTF8.self)
  }

  private mutating func integerLine() throws(CheckpointError) -> PickleValue {
    let text = try line()
    // How the oldest protocol writes truth.
    if text == "01" || text == "00" { return .boolean(text == "01") }
    return .integer(Int(text.hasSuffix("L") ? String(text.dropLast()) : text) ?? 0)
  }
}
