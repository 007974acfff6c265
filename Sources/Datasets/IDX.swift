/// The IDX format of MNIST: two zero bytes, a type, the number of dimensions, the dimensions as
/// big-endian 32-bit numbers, then the data.
///
/// Reference: LeCun, Cortes, Burges, The MNIST Database of Handwritten Digits.
package enum IDX {
  /// What the numbers of a file are.
  package enum Number: UInt8, Sendable {
    /// Bytes from 0 to 255.
    case unsignedByte = 0x08
    /// Signed numbers of 32 bits, the highest byte first.
    case integer = 0x0c

    /// Bytes of one.
    var size: Int {
      switch self {
      case .unsignedByte: 1
      case .integer: 4
      }
    }
  }

  /// Numbers with their dimensions.
  package struct Array: Sendable, Equatable {
    /// The dimensions, slowest first.
    package let dimensions: [Int]
    /// The data, as the file has them.
    package let bytes: [UInt8]
  }

  /// Reads the contents of an IDX file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, uncompressed.
  ///   - type: what its numbers must be.
  ///   - count: how many dimensions it must have.
  ///   - path: for the error.
  /// - Returns: the dimensions and the data.
  /// - Throws: `DatasetError.damaged` with the reason and the byte.
  package static func parse(
    _ bytes: [UInt8], type: Number, dimensions count: Int, path: String
  ) throws(DatasetError) -> Array {
    func damaged(_ reason: String, _ offset: Int) -> DatasetError {
      .damaged(path: path, reason: reason, offset: offset)
    }
    let headerSize = 4 + 4 * count
    guard bytes.count >= 4 else {
      throw damaged("it has \(bytes.count) bytes, too few for an IDX file", 0)
    }
    guard bytes[0] == 0, bytes[1] == 0 else {
      throw damaged("it does not begin as an IDX file does", 0)
    }
    guard bytes[2] == type.rawValue else {
      throw damaged("its numbers have type \(bytes[2]) where type \(type.rawValue) is expected", 2)
    }
    guard Int(bytes[3]) == count else {
      throw damaged("it has \(bytes[3]) dimensions where \(count) are expected", 3)
    }
    guard bytes.count >= headerSize else { throw damaged("its header is cut short", bytes.count) }
    var sizes: [Int] = []
    var total = type.size
    for index in 0..<count {
      let offset = 4 + 4 * index
      let size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      sizes.append(size)
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard !overflow, product <= DatasetPlace.largestFile else {
        throw damaged(
          "its dimensions \(sizes) are above the \(DatasetPlace.largestFile) bytes that are read",
          offset)
      }
      total = product
    }
    guard bytes.count - headerSize == total else {
      throw damaged(
        "its dimensions \(sizes) need \(total) bytes, but \(bytes.count - headerSize) follow",
        headerSize)
    }
    return Array(dimensions: sizes, bytes: Swift.Array(bytes[headerSize...]))
  }
}
