/// How a published set is laid out: which files it has, and how these become images.
package protocol DatasetLayout: Sendable {
  /// The files, in the order in which `images` takes them.
  var files: [PublishedFile] { get }

  /// The images of the files.
  ///
  /// - Parameters:
  ///   - files: the contents of the layout's files, unpacked.
  ///   - classes: labels are below this.
  /// - Returns: the images of each part, all of one size.
  /// - Throws: `DatasetError.damaged` with the file, the reason and, where it helps, the byte.
  func images(_ files: [DatasetFile], classes: Int) throws -> DatasetParts
}

/// A file of a set, unpacked.
package struct DatasetFile: Sendable {
  /// Where it lies, for messages.
  package let path: String
  /// What it holds.
  package let contents: [UInt8]

  /// What a file holds.
  package init(path: String, contents: [UInt8]) {
    self.path = path
    self.contents = contents
  }
}

/// The images of a set, as its makers divide them.
package struct DatasetParts: Sendable {
  /// To learn from.
  package var train: LabeledImages
  /// The set's own validation images, if it has any.
  package var validation: LabeledImages?
  /// For the test.
  package var test: LabeledImages
}
