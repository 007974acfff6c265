import Files
import Foundation

/// Finds data sets by name: where the user says, then in the environment's folder, then in the cache.
public struct DatasetLocator: Sendable {
  /// The user's folder (`--data`), if any.
  public let explicit: String?
  /// The environment's folder (`$INKLING_DATA`), if any.
  public let fromEnvironment: String?
  /// Where downloads are kept; `nil` if there is neither `$XDG_CACHE_HOME` nor a home folder.
  public let cache: String?

  /// A locator.
  ///
  /// - Parameters:
  ///   - explicit: the folder that the user named.
  ///   - environment: the process's variables.
  public init(explicit: String?, environment: [String: String]) {
    self.explicit = explicit
    fromEnvironment = environment["INKLING_DATA"].flatMap {
      $0.isEmpty ? nil : HomeFolder.expanded($0, environment)
    }
    // The specification of this variable asks to ignore a relative path.
    let base = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    cache = (base ?? HomeFolder.path(environment).map { "\($0)/.cache" }).map { "\($0)/inkling" }
  }

  /// The folder that holds every file of a set; `nil` if there is none.
  ///
  /// - Parameters:
  ///   - dataset: the set.
  ///   - inCacheOnly: true to look nowhere else.
  /// - Returns: the folder.
  /// - Throws: `DatasetError.missing` if the user named a folder that lacks the set, `.damaged` if the
  ///   environment's folder holds a part of it.
  public func folder(
    of dataset: KnownDataset, inCacheOnly: Bool = false
  ) throws(DatasetError) -> String? {
    if inCacheOnly { return folderInCache(of: dataset) }
    if let explicit {
      if let found = Self.folder(of: dataset, in: explicit) { return found }
      throw .missing(
        "\(explicit): the data set \(dataset.name) is not here; expected"
          + " \(dataset.files.map(\.name).joined(separator: ", "))"
          + " (each may be .gz) in it or in \(dataset.name)/; \(Self.contents(of: explicit))")
    }
    if let fromEnvironment {
      if let found = Self.folder(of: dataset, in: fromEnvironment) { return found }
      // Half a set in the user's own folder is a mistake to tell; in the cache, a download to finish.
      let own = "\(fromEnvironment)/\(dataset.name)"
      let missing = dataset.files.filter { Self.path(of: $0.name, in: own) == nil }
      if let first = missing.first, missing.count < dataset.files.count {
        throw .damaged(
          path: own, reason: "the data set is not complete: \(first.name) is missing", offset: nil)
      }
    }
    return folderInCache(of: dataset)
  }

  /// The folder that a set is downloaded to.
  ///
  /// - Throws: `DatasetError.unreachable` if there is no cache.
  public func folderForDownload(of dataset: KnownDataset) throws(DatasetError) -> String {
    guard let cache else {
      throw .unreachable(
        "there is no home folder to keep \(dataset.name) in; set XDG_CACHE_HOME to a folder, or name one that has"
          + " the set with --data")
    }
    return "\(cache)/\(dataset.name)"
  }

  private func folderInCache(of dataset: KnownDataset) -> String? {
    cache.flatMap { Self.folder(of: dataset, in: $0) }
  }

  private static func folder(of dataset: KnownDataset, in root: String) -> String? {
    let folders = ["\(root)/\(dataset.name)", root] + dataset.folders.map { "\(root)/\($0)" }
    return folders.first { folder in
      dataset.files.allSatisfy { path(of: $0.name, in: folder) != nil }
    }
  }

  /// What lies in a folder, in a few words.
  private static func contents(of folder: String) -> String {
    guard let names = try? FileBytes.names(in: folder) else { return "there is no such folder" }
    guard !names.isEmpty else { return "the folder is empty" }
    let more = names.count > 6 ? " and \(names.count - 6) more" : ""
    return "what lies there is \(names.prefix(6).joined(separator: ", "))\(more)"
  }

  /// The path of a file, plain or gzip, under its name or one that browsers, archives and other tools give it.
  static func path(of name: String, in folder: String) -> String? {
    let usual = ["\(folder)/\(name)", "\(folder)/\(name).gz"].first {
      FileBytes.exists($0) && !FileBytes.isFolder($0)
    }
    if let usual { return usual }
    let names = (try? FileBytes.names(in: folder)) ?? []
    for other in names where plain(other) == name {
      let path = "\(folder)/\(other)"
      guard FileBytes.isFolder(path) else { return path }
      // Some archives put each file into a folder of its own name.
      let inner = (try? FileBytes.names(in: path)) ?? []
      if let file = inner.first(where: { plain($0) == name && !FileBytes.isFolder("\(path)/\($0)") }
      ) {
        return "\(path)/\(file)"
      }
    }
    return nil
  }

  /// A file's name as published: `train-images.idx3-ubyte (1).gz` is `train-images-idx3-ubyte`.
  private static func plain(_ name: String) -> String {
    var name = name[...]
    func drop(_ ending: String) { if name.hasSuffix(ending) { name = name.dropLast(ending.count) } }
    func dropNumber() {
      guard name.hasSuffix(")"), let start = name.lastIndex(of: "("),
        name[name.index(after: start)...].dropLast().allSatisfy(\.isNumber)
      else { return }
      name = name[..<start]
      drop(" ")
    }
    dropNumber()
    drop(".gz")
    dropNumber()
    return String(name).replacing(".idx", with: "-idx")
  }
}

extension KnownDataset {
  /// Reads the set from a folder that holds its files.
  ///
  /// - Throws: `FileError` or `DatasetError.damaged`.
  public func read(from folder: String) throws -> Dataset {
    let paths = files.compactMap { DatasetLocator.path(of: $0.name, in: folder) }
    guard paths.count == files.count else {
      throw DatasetError.missing("\(folder): the data set \(name) is not complete")
    }
    if name == Self.cifar10.name {
      return Dataset(
        name: name, classes: classes, train: try CIFAR10.read(Array(paths.dropLast())),
        test: try CIFAR10.read(Array(paths.suffix(1))))
    }
    // The labels tell which set it is, before any of them is refused.
    let labels = try IDX.contents(paths[1], dimensions: 1)
    try checkIdentity(labels, path: paths[1])
    let contents = [
      try IDX.contents(paths[0], dimensions: 3), labels,
      try IDX.contents(paths[2], dimensions: 3), try IDX.contents(paths[3], dimensions: 1),
    ]
    func images(_ place: Int) throws -> LabeledImages {
      try IDX.images(
        contents[place], labels: contents[place + 1], classes: classes.count,
        paths: (paths[place], paths[place + 1]))
    }
    let (train, test) = (try images(0), try images(2))
    guard train.height == test.height, train.width == test.width else {
      throw DatasetError.damaged(
        path: paths[2], reason: "its images have another size than \(paths[0])", offset: 8)
    }
    var dataset = Dataset(name: name, classes: classes, train: train, test: test)
    dataset.isPublished = zip(contents, files).allSatisfy {
      SHA256(of: $0).hexadecimal == $1.sha256
    }
    if !dataset.isPublished {
      dataset.notes.append(
        "\(folder): these are not the published files of \(name), which have other SHA-256 sums")
    }
    return dataset
  }

  /// MNIST and Fashion-MNIST have files of the same names; the labels' hash tells them apart.
  private func checkIdentity(_ labels: [UInt8], path: String) throws {
    let hash = SHA256(of: labels).hexadecimal
    let others = Self.all.filter { $0.name != name && $0.files.count > 1 }
    if let other = others.first(where: { $0.files[1].sha256 == hash }) {
      throw DatasetError.damaged(
        path: path, reason: "this is \(other.name), not \(name)", offset: nil)
    }
  }
}
