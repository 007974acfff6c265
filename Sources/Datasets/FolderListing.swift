import Files
import Foundation
import Pictures

/// The pictures of a folder of classes, and what else lies there.
struct FolderListing {
  /// One picture.
  struct Item {
    let path: String
    let label: Int
  }

  /// Class names in one normal form, sorted by their bytes; folders without a picture are no classes.
  let classes: [String]
  /// The pictures, class by class, those of deeper folders too, in the order of their paths' bytes.
  let items: [Item]
  /// What is left out, for people.
  let notes: [String]

  /// Folders that systems leave behind; whatever begins with a dot is left out as well.
  private static let junk: Set = [
    "__MACOSX", "@eaDir", "$RECYCLE.BIN", "lost+found", "System Volume Information", "#recycle",
  ]
  /// Deeper folders than this are a loop of links.
  private static let deepest = 16

  /// Lists a folder.
  ///
  /// - Parameters:
  ///   - folder: the folder of the classes' folders.
  ///   - known: the classes, if another folder has said which there are.
  /// - Throws: `FileError`, or `DatasetError.missing` if there is a class that is not known.
  init(_ folder: String, classes known: [String]? = nil) throws {
    var byClass: [String: [String]] = [:]
    var others: [String: Int] = [:]
    var empty: [String] = []
    for name in try FileBytes.names(in: folder)
    where !name.hasPrefix(".") && FileBytes.isFolder("\(folder)/\(name)") {
      guard !Self.junk.contains(name) else {
        empty.append(name)
        continue
      }
      var pictures: [String] = []
      try Self.collect("\(folder)/\(name)", depth: 0, &pictures, &others)
      // Systems write an accented letter in one piece or in two.
      let label = name.precomposedStringWithCanonicalMapping
      if pictures.isEmpty { empty.append(name) } else { byClass[label, default: []] += pictures }
    }
    let found = byClass.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    if let known, let stranger = found.first(where: { !known.contains($0) }) {
      throw DatasetError.missing(
        "\(folder)/\(stranger): there is no class of this name among the training images")
    }
    let classes = known ?? found
    self.classes = classes
    items = classes.enumerated().flatMap { label, name in
      (byClass[name] ?? []).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        .map { Item(path: $0, label: label) }
    }
    var notes: [String] = []
    if !empty.isEmpty {
      notes.append(
        "\(folder): left out \(Self.list(empty.map { "“\($0)”" })), which \(empty.count == 1 ? "holds" : "hold") no pictures of a class"
      )
    }
    if !others.isEmpty {
      let kinds = others.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      // Every kind of picture is named, of other files only the most frequent.
      let pictures = kinds.filter {
        PictureFile.foreignEndings.contains(String($0.key.dropFirst()))
      }
      let rest = kinds.filter { !PictureFile.foreignEndings.contains(String($0.key.dropFirst())) }
      func words(_ kinds: [(key: String, value: Int)]) -> [String] {
        kinds.map { "\($0.value) \($0.key)" }
      }
      let named = words(pictures) + (rest.isEmpty ? [] : [Self.list(words(rest))])
      notes.append(
        "\(folder): left out \(named.joined(separator: ", ")); Inkling reads PNG and JPEG")
    }
    self.notes = notes
  }

  /// The paths of all pictures in a folder and in the folders within it, in the order of their bytes.
  ///
  /// - Throws: `FileError`.
  static func pictures(in folder: String) throws -> [String] {
    var (pictures, others): ([String], [String: Int]) = ([], [:])
    try collect(folder, depth: 0, &pictures, &others)
    return pictures.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The folders in a folder but those that systems leave behind.
  static func subfolders(of folder: String) throws -> [String] {
    try FileBytes.names(in: folder).filter {
      !$0.hasPrefix(".") && !junk.contains($0) && FileBytes.isFolder("\(folder)/\($0)")
    }
  }

  /// Collects the paths of pictures, and counts other files by their ending.
  private static func collect(
    _ folder: String, depth: Int, _ pictures: inout [String], _ others: inout [String: Int]
  ) throws {
    for name in try FileBytes.names(in: folder) where !name.hasPrefix(".") && !junk.contains(name) {
      let path = "\(folder)/\(name)"
      if FileBytes.isFolder(path) {
        if depth < deepest { try collect(path, depth: depth + 1, &pictures, &others) }
        continue
      }
      let ending = name.split(separator: ".").count > 1 ? name.split(separator: ".").last : nil
      if let ending, PictureFile.endings.contains(ending.lowercased()) {
        pictures.append(path)
      } else {
        others[ending.map { ".\($0.lowercased())" } ?? "other", default: 0] += 1
      }
    }
  }

  private static func list(_ words: [String]) -> String {
    words.count <= 6
      ? words.joined(separator: ", ")
      : words.prefix(6).joined(separator: ", ") + " and \(words.count - 6) more"
  }
}
