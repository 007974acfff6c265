/// CIFAR-10 in its binary layout: records of one label and 3,072 bytes, red plane first.
///
/// Reference: Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009).
public enum CIFAR10 {
  private static let imageSize = 3 * 32 * 32

  /// Reads some of the files as one set of images.
  ///
  /// - Throws: `FileError`, or `DatasetError.damaged` with the byte.
  public static func read(_ paths: [String]) throws -> LabeledImages {
    var pixels: [UInt8] = []
    var labels: [Int] = []
    for path in paths {
      let bytes = try Gzip.read(path, limit: 1 << 26)
      let record = imageSize + 1
      guard !bytes.isEmpty, bytes.count % record == 0 else {
        throw DatasetError.damaged(
          path: path, reason: "\(bytes.count) bytes are no whole number of \(record)-byte records",
          offset: bytes.count / record * record)
      }
      for start in stride(from: 0, to: bytes.count, by: record) {
        guard bytes[start] < 10 else {
          throw DatasetError.damaged(
            path: path, reason: "label \(bytes[start]) where 0 to 9 are classes", offset: start)
        }
        labels.append(Int(bytes[start]))
        pixels += bytes[start + 1..<start + record]
      }
    }
    return LabeledImages(channels: 3, height: 32, width: 32, pixels: pixels, labels: labels)
  }
}
