import Files

/// A published set where it lies on this machine.
public struct FoundDataset: Sendable {
  /// The set.
  public let dataset: KnownDataset
  /// The folder that holds its files, or the archive that holds them.
  public var path: String { place.path }
  /// How the files are laid out.
  private let layout: any DatasetLayout
  /// Where they are.
  private let place: DatasetPlace

  /// A set of which every file is there.
  init(_ dataset: KnownDataset, _ layout: any DatasetLayout, _ place: DatasetPlace) {
    self.dataset = dataset
    self.layout = layout
    self.place = place
  }

  /// Reads the set.
  ///
  /// - Returns: the set, with a note if its files are not those that were published.
  /// - Throws: `FileError` or `DatasetError.damaged`.
  public func read() throws -> Dataset { try read(among: KnownDataset.all) }

  /// Reads the set, whose files may turn out to be those of another of these sets.
  package func read(among sets: [KnownDataset]) throws -> Dataset {
    var files = [DatasetFile?](repeating: nil, count: layout.files.count)
    // Of each file, whether it is the published one; `nil` where that cannot be told.
    var verdicts: [Bool?] = []
    try place.read(layout.files) { number, path, bytes in
      let contents =
        Gzip.isCompressed(bytes)
        ? try Gzip.decompress(bytes, path: path, limit: DatasetPlace.largestFile) : bytes
      let verdict = Self.isRight(layout.files[number], bytes, contents)
      if verdict != true {
        try checkIdentity(layout.files[number], bytes, contents, path: path, among: sets)
      }
      verdicts.append(verdict)
      files[number] = DatasetFile(path: path, contents: contents)
    }
    let parts = try layout.images(files.compactMap { $0 }, classes: dataset.classes.count)
    var read = Dataset(
      name: dataset.name, classes: dataset.classes, train: parts.train, test: parts.test)
    read.validation = parts.validation
    read.origin = origin(verdicts, parts)
    if read.origin == .foreign {
      read.notes.append(
        "\(path): these are not the published files of \(dataset.name), which have other checksums or numbers of"
          + " images")
    }
    return read
  }

  private static func isRight(
    _ file: PublishedFile, _ bytes: [UInt8], _ contents: [UInt8]
  ) -> Bool? {
    file.checksum?.isRight(forFile: bytes, contents: contents, isPacked: file.isPacked) ?? nil
  }

  private func origin(_ verdicts: [Bool?], _ parts: DatasetParts) -> Dataset.Origin {
    let isWhole =
      parts.train.count == dataset.trainCount && parts.test.count == dataset.testCount
    if verdicts.contains(false) || !isWhole { return .foreign }
    return verdicts.contains(nil) ? .unverified : .published
  }

  /// Several sets have files of the same names; their sums tell them apart.
  private func checkIdentity(
    _ file: PublishedFile, _ bytes: [UInt8], _ contents: [UInt8], path: String,
    among sets: [KnownDataset]
  ) throws(DatasetError) {
    let other = sets.first { other in
      other.name != dataset.name
        && other.published.layout.files.contains {
          $0.name == file.name && Self.isRight($0, bytes, contents) == true
        }
    }
    if let other {
      throw .damaged(path: path, reason: "this is \(other.name), not \(dataset.name)", offset: nil)
    }
  }
}
