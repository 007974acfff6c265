import Files
import Foundation

/// Finds data sets by name: where the user says, then in the environment's folder, then in the cache.
public struct DatasetLocator: Sendable {
  /// The user's folder (`--data`), if any.
  public let explicit: String?
  /// The environment's folder (`$INKLING_DATA`), if any.
  public let fromEnvironment: String?
  /// Where downloads are kept.
  public let cache: String

  /// A locator.
  ///
  /// - Parameters:
  ///   - explicit: the folder that the user named.
  ///   - environment: the process's variables.
  public init(explicit: String?, environment: [String: String]) {
    self.explicit = explicit
    fromEnvironment = environment["INKLING_DATA"].flatMap { $0.isEmpty ? nil : $0 }
    let base = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    cache = (base ?? "\(environment["HOME"] ?? ".")/.cache") + "/inkling"
  }

  /// The folder that holds every file of a set; `nil` if there is none.
  ///
  /// - Throws: `DatasetError.missing` if the user named a folder that lacks the set.
  public func folder(of dataset: KnownDataset) throws(DatasetError) -> String? {
    if let explicit {
      if let found = Self.folder(of: dataset, in: explicit) { return found }
      throw .missing(
        "\(explicit): the data set \(dataset.name) is not here; expected"
          + " \(dataset.files.map(\.name).joined(separator: ", "))"
          + " (each may be .gz) in it or in \(dataset.name)/")
    }
    for root in [fromEnvironment, cache] {
      if let root, let found = Self.folder(of: dataset, in: root) { return found }
    }
    return nil
  }

  private static func folder(of dataset: KnownDataset, in root: String) -> String? {
    // CIFAR-10's archive unpacks to a folder of its own name.
    let folders = ["\(root)/\(dataset.name)", root, "\(root)/cifar-10-batches-bin"]
    return folders.first { folder in
      dataset.files.allSatisfy { path(of: $0.name, in: folder) != nil }
    }
  }

  /// The path of a file, plain or gzip.
  static func path(of name: String, in folder: String) -> String? {
    ["\(folder)/\(name)", "\(folder)/\(name).gz"].first(where: FileBytes.exists)
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
    let train = try IDX.read(images: paths[0], labels: paths[1], classes: classes.count)
    let test = try IDX.read(images: paths[2], labels: paths[3], classes: classes.count)
    guard train.height == test.height, train.width == test.width else {
      throw DatasetError.damaged(
        path: paths[2], reason: "its images have another size than \(paths[0])", offset: 8)
    }
    return Dataset(name: name, classes: classes, train: train, test: test)
  }
}
