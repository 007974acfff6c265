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

  /// A set where it lies: its files in a folder, or the archive that holds them.
  ///
  /// - Parameters:
  ///   - dataset: the set.
  ///   - inCacheOnly: true to look nowhere else.
  /// - Returns: the set; `nil` if it is nowhere.
  /// - Throws: `DatasetError.missing` if the user named a folder that lacks the set, `.damaged` if the
  ///   environment's folder holds a part of it.
  public func find(
    _ dataset: KnownDataset, inCacheOnly: Bool = false
  ) throws(DatasetError) -> FoundDataset? {
    if inCacheOnly { return findInCache(dataset) }
    if let explicit {
      if let found = Self.find(dataset, in: explicit) { return found }
      throw .missing(
        "\(explicit): the data set \(dataset.name) is not here; expected"
          + " \(dataset.editions.map(Self.files).joined(separator: ", or ")) in it or in \(dataset.folder)/;"
          + " \(Self.contents(of: explicit))")
    }
    if let fromEnvironment {
      if let found = Self.find(dataset, in: fromEnvironment) { return found }
      // Half a set in the user's own folder is a mistake to tell; in the cache, a download to finish.
      let own = "\(fromEnvironment)/\(dataset.folder)"
      let files = dataset.published.layout.files
      let missing = files.filter { $0.path(in: own) == nil }
      if let first = missing.first, missing.count < files.count {
        throw .damaged(
          path: own, reason: "the data set is not complete: \(first.name) is missing", offset: nil)
      }
    }
    return findInCache(dataset)
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
    return "\(cache)/\(dataset.folder)"
  }

  private func findInCache(_ dataset: KnownDataset) -> FoundDataset? {
    cache.flatMap { Self.find(dataset, in: $0) }
  }

  private static func find(_ dataset: KnownDataset, in root: String) -> FoundDataset? {
    let folders =
      (["\(root)/\(dataset.name)", "\(root)/\(dataset.folder)", root]
      + dataset.folders.map { "\(root)/\($0)" }).filter(FileBytes.isFolder)
    for folder in folders {
      for edition in dataset.editions
      where edition.layout.files.allSatisfy({ $0.path(in: folder) != nil }) {
        return FoundDataset(dataset, edition.layout, .folder(folder))
      }
    }
    // Only then: what somebody has unpacked is read sooner than the archive beside it.
    for folder in folders {
      for edition in dataset.editions {
        guard let archive = edition.archive?.file.path(in: folder) else { continue }
        return FoundDataset(dataset, edition.layout, .archive(archive))
      }
    }
    return nil
  }

  /// What an edition's files are called, for whoever has to put them somewhere.
  private static func files(_ edition: KnownDataset.Edition) -> String {
    let names = edition.layout.files.map(\.name)
    let archive = edition.archive.map { "\($0.file.publishedName), or " } ?? ""
    return archive + names.joined(separator: ", ") + (names.count > 1 ? " (plain or .gz)" : "")
  }

  /// What lies in a folder, in a few words.
  private static func contents(of folder: String) -> String {
    guard let names = try? FileBytes.names(in: folder) else { return "there is no such folder" }
    guard !names.isEmpty else { return "the folder is empty" }
    let more = names.count > 6 ? " and \(names.count - 6) more" : ""
    return "what lies there is \(names.prefix(6).joined(separator: ", "))\(more)"
  }
}
