import Files

/// One file of NumPy arrays, `.npz`: for each part an array of images, `[N, H, W]` or `[N, H, W, 3]` bytes, and one of
/// labels, `[N]` or `[N, 1]` whole numbers.
///
/// Reference: numpy.savez; it is a zip archive of `.npy` files.
package struct NPZLayout: DatasetLayout {
  /// The names of a part's two arrays.
  package struct Part: Sendable {
    let images: String
    let labels: String

    /// A part with these arrays.
    package init(images: String, labels: String) {
      self.images = images
      self.labels = labels
    }
  }

  /// The one file.
  package let files: [PublishedFile]
  let train: Part
  let validation: Part?
  let test: Part

  /// A file with these arrays.
  package init(_ file: PublishedFile, train: Part, validation: Part? = nil, test: Part) {
    files = [file]
    self.train = train
    self.validation = validation
    self.test = test
  }

  package func images(_ files: [DatasetFile], classes: Int) throws -> DatasetParts {
    let parts = [train, validation, test].compactMap { $0 }
    let names = Set(parts.flatMap { [$0.images, $0.labels] })
    let path = files[0].path
    var arrays: [String: NPY] = [:]
    try Archive.read(
      files[0].contents, path: path, limit: DatasetPlace.largestFile,
      where: { $0.hasSuffix(".npy") && names.contains(String($0.dropLast(4))) }
    ) { member in
      arrays[String(member.name.dropLast(4))] = try NPY(
        member.bytes, path: "\(path): \(member.name)")
    }
    func images(_ part: Part) throws(DatasetError) -> LabeledImages {
      guard let images = arrays[part.images], let labels = arrays[part.labels] else {
        let missing = [part.images, part.labels].first { arrays[$0] == nil } ?? ""
        throw .damaged(path: path, reason: "it holds no array \(missing)", offset: nil)
      }
      return try Self.images(images, labels, part, classes: classes, path: path)
    }
    let train = try images(self.train)
    let others = try (validation.map { [$0] } ?? []).map(images)
    let test = try images(self.test)
    for part in others + [test]
    where [part.channels, part.height, part.width] != [train.channels, train.height, train.width] {
      throw DatasetError.damaged(
        path: path, reason: "its parts have images of different sizes", offset: nil)
    }
    return DatasetParts(train: train, validation: others.first, test: test)
  }

  private static func images(
    _ images: NPY, _ labels: NPY, _ part: Part, classes: Int, path: String
  ) throws(DatasetError) -> LabeledImages {
    func damaged(_ reason: String) -> DatasetError {
      .damaged(path: path, reason: reason, offset: nil)
    }
    let shape = images.shape
    guard images.holdsBytes else {
      throw damaged("the numbers of \(part.images) have type \(images.type) where |u1 is expected")
    }
    guard shape.count == 3 || shape.count == 4 && [1, 3].contains(shape[3]),
      shape[0] > 0, (1...4096).contains(shape[1]), (1...4096).contains(shape[2])
    else {
      throw damaged(
        "\(part.images) has the shape \(shape), which is not that of images [N, H, W] or [N, H, W, 3]"
      )
    }
    guard labels.shape == [shape[0]] || labels.shape == [shape[0], 1] else {
      throw damaged(
        "\(part.labels) has the shape \(labels.shape) where one label for each of \(shape[0]) images is expected"
      )
    }
    let answers = labels.integers
    if let bad = answers.firstIndex(where: { !(0..<classes).contains($0) }) {
      throw damaged(
        "label \(answers[bad]) of \(part.labels), number \(bad), where 0 to \(classes - 1) are classes"
      )
    }
    let channels = shape.count == 4 ? shape[3] : 1
    return LabeledImages(
      channels: channels, height: shape[1], width: shape[2],
      pixels: channels == 1
        ? images.bytes
        : images.bytes.transposed(rows: shape[1] * shape[2], columns: channels),
      labels: answers)
  }
}
