/// Four files in the IDX format, as MNIST has them: images and labels for training, images and labels for the test.
package struct IDXLayout: DatasetLayout {
  /// How the classes stand in the files of labels.
  package enum Labels: Sendable {
    /// A byte for each image; this one is the first class.
    case bytes(first: UInt8)
    /// Several numbers of 32 bits for each image, the first of which is the class.
    case table
  }

  /// Training images, training labels, test images, test labels.
  package let files: [PublishedFile]
  /// How the classes stand in the files of labels.
  let labels: Labels
  /// True if each image lies there with rows and columns exchanged.
  let isTransposed: Bool

  /// A layout of four files: training images, training labels, test images, test labels.
  package init(
    _ files: [PublishedFile], labels: Labels = .bytes(first: 0), isTransposed: Bool = false
  ) {
    precondition(files.count == 4, "IDXLayout: \(files.count) files where it has four")
    self.files = files
    self.labels = labels
    self.isTransposed = isTransposed
  }

  package func images(_ files: [DatasetFile], classes: Int) throws -> DatasetParts {
    let train = try images(files[0], files[1], classes)
    let test = try images(files[2], files[3], classes)
    guard train.height == test.height, train.width == test.width else {
      throw DatasetError.damaged(
        path: files[2].path, reason: "its images have another size than \(files[0].path)",
        offset: 8)
    }
    return DatasetParts(train: train, test: test)
  }

  private func images(
    _ pictures: DatasetFile, _ answers: DatasetFile, _ classes: Int
  ) throws(DatasetError) -> LabeledImages {
    let images = try IDX.parse(
      pictures.contents, type: .unsignedByte, dimensions: 3, path: pictures.path)
    let (count, height, width) = (
      images.dimensions[0], images.dimensions[1], images.dimensions[2]
    )
    guard (1...4096).contains(height), (1...4096).contains(width), count > 0 else {
      throw .damaged(
        path: pictures.path, reason: "\(count) images of \(height) × \(width) are no data set",
        offset: 4)
    }
    let labels = try self.labels(answers, classes)
    guard labels.count == count else {
      throw .damaged(
        path: answers.path, reason: "\(labels.count) labels for \(count) images", offset: 4)
    }
    return LabeledImages(
      channels: 1, height: isTransposed ? width : height, width: isTransposed ? height : width,
      pixels: isTransposed
        ? images.bytes.transposed(rows: height, columns: width) : images.bytes,
      labels: labels)
  }

  private func labels(
    _ file: DatasetFile, _ classes: Int
  ) throws(DatasetError) -> [Int] {
    let (numbers, first, place): ([Int], Int, (Int) -> Int)
    switch labels {
    case .bytes(let lowest):
      let array = try IDX.parse(
        file.contents, type: .unsignedByte, dimensions: 1, path: file.path)
      (numbers, first, place) = (array.bytes.map(Int.init), Int(lowest), { 8 + $0 })
    case .table:
      let array = try IDX.parse(file.contents, type: .integer, dimensions: 2, path: file.path)
      let row = 4 * array.dimensions[1]
      guard row > 0 else {
        throw .damaged(path: file.path, reason: "its rows hold no number", offset: 8)
      }
      numbers = stride(from: 0, to: array.bytes.count, by: row).map {
        Int(Int32(truncatingIfNeeded: array.bytes[$0..<$0 + 4].reduce(0) { $0 << 8 | Int($1) }))
      }
      (first, place) = (0, { 12 + $0 * row })
    }
    if let bad = numbers.firstIndex(where: { !(first..<first + classes).contains($0) }) {
      throw .damaged(
        path: file.path,
        reason: "label \(numbers[bad]) where \(first) to \(first + classes - 1) are classes",
        offset: place(bad))
    }
    return numbers.map { $0 - first }
  }
}
