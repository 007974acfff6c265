/// The binary layout of CIFAR-10 and CIFAR-100: records of one or two labels and 3,072 bytes, red plane first, each
/// 32 × 32.
///
/// Reference: Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009).
package struct CIFARLayout: DatasetLayout {
  /// Training images, and those for the test in the last file.
  package let files: [PublishedFile]
  /// The labels of a record; the last of them is the class, what stands before is a coarser one.
  let labels: Int

  /// A layout of some files, the last of them for the test.
  package init(_ files: [PublishedFile], labels: Int = 1) {
    self.files = files
    self.labels = labels
  }

  private static let imageSize = 3 * 32 * 32

  package func images(_ files: [DatasetFile], classes: Int) throws -> DatasetParts {
    DatasetParts(
      train: try read(files.dropLast(), classes), test: try read(files.suffix(1), classes))
  }

  private func read(
    _ files: ArraySlice<DatasetFile>, _ classes: Int
  ) throws(DatasetError) -> LabeledImages {
    let record = labels + Self.imageSize
    let total = files.reduce(0) { $0 + $1.contents.count / record }
    var (pixels, answers): ([UInt8], [Int]) = ([], [])
    pixels.reserveCapacity(total * Self.imageSize)
    answers.reserveCapacity(total)
    for file in files {
      let bytes = file.contents
      guard !bytes.isEmpty, bytes.count % record == 0 else {
        throw .damaged(
          path: file.path,
          reason: "\(bytes.count) bytes are no whole number of \(record)-byte records",
          offset: bytes.count / record * record)
      }
      for start in stride(from: 0, to: bytes.count, by: record) {
        let place = start + labels - 1
        guard bytes[place] < classes else {
          throw .damaged(
            path: file.path,
            reason: "label \(bytes[place]) where 0 to \(classes - 1) are classes", offset: place)
        }
        answers.append(Int(bytes[place]))
        pixels += bytes[place + 1..<start + record]
      }
    }
    return LabeledImages(channels: 3, height: 32, width: 32, pixels: pixels, labels: answers)
  }
}
