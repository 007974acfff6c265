import Foundation

/// The names of the files that Inkling made in a folder, kept in that folder, so that a later run replaces these and
/// nothing of anybody else's.
package struct Manifest: Sendable {
  /// What the manifest of a folder is called where it stands in the folder itself.
  package static let fileName = "inkling-manifest.json"

  private static let format = "inkling-manifest"

  private struct Contents: Codable {
    let format: String
    let files: [String]
  }

  private let folder: String
  private let path: String
  /// The files, relative to the folder.
  package private(set) var files: Set<String>

  /// The manifest of a folder; an empty one if there is none.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - name: where in the folder the manifest stands.
  /// - Throws: `FileError` if a file of that name is none of Inkling's manifests.
  package init(of folder: String, at name: String) throws(FileError) {
    self.folder = folder
    path = "\(folder)/\(name)"
    files = []
    guard FileBytes.exists(path) else { return }
    let bytes = try FileBytes.read(path, limit: 1 << 26)
    guard let contents = try? JSONDecoder().decode(Contents.self, from: Data(bytes)),
      contents.format == Self.format
    else {
      throw FileError(.create, path, reason: "Inkling did not make it; name another folder")
    }
    files = Set(contents.files)
  }

  /// Checks that files may be written: each is new, or was made by Inkling.
  ///
  /// - Throws: `FileError` of `.create` naming the first that may not.
  package func check(_ names: some Sequence<String>) throws(FileError) {
    for name in names where !files.contains(name) && FileBytes.exists("\(folder)/\(name)") {
      throw FileError(
        .create, "\(folder)/\(name)",
        reason: "Inkling did not make what stands there; name another folder, or move it away")
    }
  }

  /// Adds names and keeps them.
  ///
  /// - Throws: `FileError` if the manifest cannot be written.
  package mutating func add(_ names: some Sequence<String>) throws(FileError) {
    files.formUnion(names)
    try write()
  }

  /// Writes files into the folder, where they replace those made before.
  ///
  /// What stood there stays whole until all are whole on the disk. Files made before that are none of these any more
  /// are removed.
  ///
  /// - Parameter new: names, relative to the folder, with their bytes, put into place in this order.
  /// - Throws: `FileError` if one would replace what Inkling did not make, or cannot be written.
  package mutating func replace(
    with new: [(name: String, bytes: ContiguousArray<UInt8>)]
  ) throws(FileError) {
    let names = Set(new.map(\.name))
    try check(names)
    let before = files
    let isNew = !FileBytes.isFolder(folder)
    let old = files.subtracting(names)
    // Both generations are ours until the change is complete.
    do throws(FileError) {
      try add(names)
      try AtomicFile.write(new.map { (path: "\(folder)/\($0.name)", bytes: $0.bytes) })
    } catch {
      withdraw(to: before, of: names, removing: isNew)
      throw error
    }
    for name in old where FileBytes.exists("\(folder)/\(name)") {
      try FileBytes.remove("\(folder)/\(name)")
    }
    files = names
    try write()
  }

  /// After a failure: what is there is still told apart, and nothing is left where there was nothing.
  private mutating func withdraw(
    to before: Set<String>, of names: Set<String>, removing isNew: Bool
  ) {
    let made = names.filter { FileBytes.exists("\(folder)/\($0)") }
    files = before.union(made)
    guard files.isEmpty else {
      // The full disk that was the failure may be one here too; then both generations stay named.
      try? write()
      return
    }
    try? FileBytes.remove(path)
    let folders = Set(
      names.map { Folder.parentFolder(of: "\(folder)/\($0)") } + [Folder.parentFolder(of: path)])
    for folder in folders.sorted(by: >) { Folder.removeIfEmpty(folder) }
    if isNew { Folder.removeIfEmpty(folder) }
  }

  private func write() throws(FileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let contents = Contents(format: Self.format, files: files.sorted())
    guard let data = try? encoder.encode(contents) else { return }
    try AtomicFile.write(data, to: path)
  }
}
