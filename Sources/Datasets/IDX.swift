import Files

/// The IDX format of MNIST: two zero bytes, a type, the number of dimensions, the dimensions as
/// big-endian 32-bit numbers, then the data.
///
/// Reference: LeCun, Cortes, Burges, The MNIST Database of Handwritten Digits.
public enum IDX {
  /// Files of at most this many bytes are read; MNIST's training images have 47 MB.
  package static let maximumBytes = 1 << 28

  /// Unsigned bytes with their dimensions.
  package struct Array: Sendable, Equatable {
    /// The dimensions, slowest first.
    package let dimensions: [Int]
    /// The data.
    package let bytes: [UInt8]
  }

  /// Reads the contents of an IDX file of unsigned bytes.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, uncompressed.
  ///   - count: how many dimensions it must have.
  ///   - path: for the error.
  /// - Returns: the dimensions and the data.
  /// - Throws: `DatasetError.damaged` with the reason and the byte.
  package static func parse(
    _ bytes: [UInt8], dimensions count: Int, path: String
  ) throws(DatasetError) -> Array {
    let (sizes, total) = try header(bytes, dimensions: count, path: path)
    let headerSize = 4 + 4 * count
    guard bytes.count - headerSize == total else {
      throw DatasetError.damaged(
        path: path,
        reason:
          "its dimensions \(sizes) need \(total) bytes, but \(bytes.count - headerSize) follow",
        offset: headerSize)
    }
    return Array(dimensions: sizes, bytes: Swift.Array(bytes[headerSize...]))
  }

  /// The dimensions and the number of bytes that have to follow the header.
  private static func header(
    _ bytes: [UInt8], dimensions count: Int, path: String
  ) throws(DatasetError) -> (sizes: [Int], total: Int) {
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
    guard bytes[2] == 0x08 else {
      throw damaged("its numbers have type \(bytes[2]); Inkling reads unsigned bytes, type 8", 2)
    }
    guard Int(bytes[3]) == count else {
      throw damaged("it has \(bytes[3]) dimensions where \(count) are expected", 3)
    }
    guard bytes.count >= headerSize else { throw damaged("its header is cut short", bytes.count) }
    var sizes: [Int] = []
    var total = 1
    for index in 0..<count {
      let offset = 4 + 4 * index
      let size = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
      sizes.append(size)
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard !overflow, product <= maximumBytes else {
        throw damaged(
          "its dimensions \(sizes) are above the \(maximumBytes) bytes that are read", offset)
      }
      total = product
    }
    return (sizes, total)
  }

  /// The uncompressed contents of a file, gzip or plain; a compressed one is unpacked only as far as its header
  /// promises.
  ///
  /// - Throws: `FileError` or `DatasetError.damaged`.
  static func contents(_ path: String, dimensions count: Int) throws -> [UInt8] {
    let bytes = try FileBytes.read(path, limit: maximumBytes)
    guard Gzip.isCompressed(bytes) else { return bytes }
    let headerSize = 4 + 4 * count
    let start = try Gzip.decompress(bytes, path: path, limit: maximumBytes, prefix: headerSize)
    let total = try header(Swift.Array(start.prefix(headerSize)), dimensions: count, path: path)
      .total
    return try Gzip.decompress(bytes, path: path, limit: headerSize + total)
  }

  /// Reads an image file and a label file, each gzip or plain.
  ///
  /// - Parameters:
  ///   - images: path of a file of three dimensions.
  ///   - labels: path of a file of one dimension.
  ///   - classes: labels must be below this.
  /// - Returns: the labelled images.
  /// - Throws: `FileError` or `DatasetError.damaged`.
  public static func read(images: String, labels: String, classes: Int) throws -> LabeledImages {
    try self.images(
      contents(images, dimensions: 3), labels: contents(labels, dimensions: 1), classes: classes,
      paths: (images, labels))
  }

  /// The labelled images of an image file and a label file.
  ///
  /// - Parameters:
  ///   - images: the contents of a file of three dimensions.
  ///   - labels: the contents of a file of one dimension.
  ///   - classes: labels must be below this.
  ///   - paths: of the two files, for the error.
  /// - Returns: the labelled images.
  /// - Throws: `DatasetError.damaged`.
  static func images(
    _ images: [UInt8], labels: [UInt8], classes: Int, paths: (images: String, labels: String)
  ) throws(DatasetError) -> LabeledImages {
    let pictures = try parse(images, dimensions: 3, path: paths.images)
    let answers = try parse(labels, dimensions: 1, path: paths.labels)
    let (count, height, width) = (
      pictures.dimensions[0], pictures.dimensions[1], pictures.dimensions[2]
    )
    guard (1...4096).contains(height), (1...4096).contains(width), count > 0 else {
      throw .damaged(
        path: paths.images, reason: "\(count) images of \(height) × \(width) are no data set",
        offset: 4)
    }
    guard answers.bytes.count == count else {
      throw .damaged(
        path: paths.labels, reason: "\(answers.bytes.count) labels for \(count) images", offset: 4)
    }
    if let bad = answers.bytes.firstIndex(where: { $0 >= classes }) {
      throw .damaged(
        path: paths.labels,
        reason: "label \(answers.bytes[bad]) where 0 to \(classes - 1) are classes",
        offset: 8 + bad)
    }
    return LabeledImages(
      channels: 1, height: height, width: width, pixels: pictures.bytes,
      labels: answers.bytes.map(Int.init))
  }
}
