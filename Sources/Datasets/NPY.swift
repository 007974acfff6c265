/// NumPy's format for one array: a magic, a version, the length of a header, the header as the text of a Python
/// dictionary, then the numbers.
///
/// Only whole numbers in C's order are read. Arrays of Python objects, which are pickled programs, never are.
///
/// Reference: NumPy Enhancement Proposal 1, A Simple File Format for NumPy Arrays; numpy.lib.format.
package struct NPY: Sendable {
  /// The dimensions, slowest first.
  package let shape: [Int]
  /// What the numbers are, such as `|u1` or `<i8`.
  package let type: String
  /// The numbers, as the file has them.
  package let bytes: [UInt8]

  private static let magic = [0x93] + Array("NUMPY".utf8)

  /// Reads the contents of a `.npy` file.
  ///
  /// - Parameters:
  ///   - file: the whole file.
  ///   - path: for the error.
  /// - Throws: `DatasetError.damaged` with the reason and, where it helps, the byte.
  package init(_ file: [UInt8], path: String) throws(DatasetError) {
    func damaged(_ reason: String, _ offset: Int? = nil) -> DatasetError {
      .damaged(path: path, reason: reason, offset: offset)
    }
    guard file.starts(with: Self.magic), file.count >= 10 else {
      throw damaged("it does not begin as a NumPy array does", 0)
    }
    // Version 1 has two bytes for the header's length, versions 2 and 3 have four.
    guard (1...3).contains(file[6]) else {
      throw damaged("it has version \(file[6]) of NumPy's format; Inkling reads 1 to 3", 6)
    }
    let start = file[6] == 1 ? 10 : 12
    let length = file[8..<min(start, file.count)].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= 1 << 16, start + length <= file.count else {
      throw damaged("its header is cut short", 8)
    }
    let header = String(decoding: file[start..<start + length], as: UTF8.self)
    guard let type = header.firstMatch(of: /'descr':\s*'([^']*)'/)?.output.1,
      let order = header.firstMatch(of: /'fortran_order':\s*(True|False)/)?.output.1,
      let sizes = header.firstMatch(of: /'shape':\s*\(([0-9, ]*)\)/)?.output.1
    else { throw damaged("its header is not what NumPy writes for an array of numbers", start) }
    guard !type.contains("O") else {
      throw damaged(
        "it holds pickled Python objects (type \(type)), which could run a program and are never read"
      )
    }
    guard type.wholeMatch(of: /[|<>]?[iu][1248]/) != nil else {
      throw damaged("its numbers have type \(type); Inkling reads whole numbers")
    }
    var total = Int(type.suffix(1)) ?? 0
    var shape: [Int] = []
    for part in sizes.split(whereSeparator: { $0 == "," || $0 == " " }) {
      let (product, overflow) = total.multipliedReportingOverflow(by: Int(part) ?? .max)
      guard !overflow, product <= DatasetPlace.largestFile else {
        throw damaged(
          "its shape (\(sizes)) is above the \(DatasetPlace.largestFile) bytes that are read")
      }
      total = product
      shape.append(Int(part) ?? 0)
    }
    // A column or a row lies the same way in both orders.
    guard order == "False" || shape.count(where: { $0 > 1 }) < 2 else {
      throw damaged("its numbers lie in Fortran's order; save it with numpy.ascontiguousarray")
    }
    guard file.count - start - length == total else {
      throw damaged(
        "its shape (\(sizes)) needs \(total) bytes, but \(file.count - start - length) follow",
        start + length)
    }
    self.shape = shape
    self.type = String(type)
    bytes = Array(file[(start + length)...])
  }

  /// True if the numbers are bytes from 0 to 255.
  package var holdsBytes: Bool { type.hasSuffix("u1") }

  /// The numbers; those of 64 bits that are too large for a class are none.
  package var integers: [Int] {
    let size = Int(type.suffix(1)) ?? 1
    let isSigned = type.dropLast().hasSuffix("i")
    let isBig = type.hasPrefix(">")
    return stride(from: 0, to: bytes.count, by: size).map { start in
      let number = bytes[start..<start + size]
      let bits = (isBig ? Array(number) : number.reversed()).reduce(UInt64(0)) {
        $0 << 8 | UInt64($1)
      }
      guard isSigned else { return Int(clamping: bits) }
      let unused = UInt64(64 - 8 * size)
      return Int(Int64(bitPattern: bits << unused) >> Int64(unused))
    }
  }
}
