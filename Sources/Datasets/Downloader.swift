import Files
public import Foundation

/// Fetches data sets: several mirrors, resumed where a connection was cut, checked, and moved into place only
/// when whole.
public struct Downloader: Sendable {
  /// What happens on the way.
  public enum Progress: Sendable {
    /// So many bytes of a file have come, those of an earlier attempt included, of so many if the server says.
    case downloading(file: String, received: Int, total: Int?)
    /// So many files have been taken out of an archive, of so many.
    case unpacking(file: String, done: Int, total: Int)
  }

  /// Seconds without a byte after which a mirror is given up.
  public let patience: TimeInterval

  /// A downloader; by default it takes at most 15 s in all to find that there is no network.
  public init(patience: TimeInterval = 4) { self.patience = patience }

  /// Downloads what is missing of a set into a folder: its files, or the archive that they are taken out of.
  ///
  /// - Throws: `DatasetError.unreachable` if no mirror could give a file, `.damaged` if an archive does not hold what it
  ///   should, `FileError` if something cannot be kept.
  public func fetch(
    _ dataset: KnownDataset, into folder: String, progress: (Progress) -> Void = { _ in }
  ) throws {
    try OutputPlace.check(folder: folder)
    try Folder.create(folder)
    let edition = dataset.published
    let missing = edition.layout.files.filter { $0.path(in: folder) == nil }
    guard !missing.isEmpty else { return }
    var source = Source(dataset: dataset.name, mirrors: edition.mirrors)
    if let archive = edition.archive {
      // It keeps its name of something unfinished until all that is wanted has been taken out of it.
      let part = try download(archive.file, from: &source, into: folder, progress: progress)
      try unpack(archive, at: part, into: folder, progress: progress)
      try FileBytes.remove(part)
    } else {
      for file in missing {
        let part = try download(file, from: &source, into: folder, progress: progress)
        try AtomicFile.move(part, to: "\(folder)/\(file.publishedName)")
      }
    }
  }

  /// Where a set is downloaded from.
  private struct Source {
    let dataset: String
    /// A mirror that failed for one file is asked last for the next.
    var mirrors: [String]
    var isLookedUp = false
  }

  private struct MirrorFailure: Error {
    let reason: String
    /// True if something came, but not the file.
    var isContentWrong = false
  }

  /// Downloads a file and checks it.
  ///
  /// - Returns: where it lies, still under the name of something unfinished.
  private func download(
    _ file: PublishedFile, from source: inout Source, into folder: String,
    progress: (Progress) -> Void
  ) throws -> String {
    let part = "\(folder)/\(file.publishedName).part"
    // An earlier run may have been ended when everything had come.
    if FileBytes.exists(part), (try? file.checksum?.isRight(forFile: part)) == true { return part }
    if !source.isLookedUp, !hasProxy {
      source.mirrors = NameLookup.reachable(source.mirrors, within: patience)
    }
    source.isLookedUp = true
    guard !source.mirrors.isEmpty else {
      throw DatasetError.unreachable(
        "cannot download \(source.dataset): no mirror's name is found; there seems to be no network"
      )
    }
    var reasons: [String] = []
    for mirror in source.mirrors {
      do {
        // A part that another mirror began may not fit this one's file: once more from the start.
        let isResumed = FileBytes.exists(part)
        do {
          try transfer(file, from: mirror, to: part, progress: progress)
        } catch let error as MirrorFailure where isResumed && error.isContentWrong {
          try transfer(file, from: mirror, to: part, progress: progress)
        }
        return part
      } catch let error as MirrorFailure {
        reasons.append("\(mirror): \(error.reason)")
        source.mirrors.removeAll { $0 == mirror }
        source.mirrors.append(mirror)
      }
    }
    throw DatasetError.unreachable(
      "cannot download \(source.dataset): \(reasons.joined(separator: "; "))")
  }

  /// With a proxy it is the proxy that finds the names.
  private var hasProxy: Bool {
    let variables = ProcessInfo.processInfo.environment
    return ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].contains {
      variables[$0]?.isEmpty == false
    }
  }

  private func transfer(
    _ file: PublishedFile, from mirror: String, to part: String, progress: (Progress) -> Void
  ) throws {
    let name = file.publishedName
    guard let url = URL(string: mirror + name) else {
      throw MirrorFailure(reason: "not an address")
    }
    let transfer = Transfer(url: url, partial: part, patience: patience)
    if let reason = try transfer.run(progress: {
      progress(.downloading(file: name, received: $0, total: $1))
    }) {
      throw MirrorFailure(reason: reason)
    }
    func refused(_ reason: String) -> MirrorFailure {
      try? FileBytes.remove(part)
      return MirrorFailure(reason: reason, isContentWrong: true)
    }
    let start = try FileBytes.start(of: part, count: 2)
    guard !file.isPacked || Gzip.isCompressed(start) else {
      throw refused("what came is not gzip")
    }
    guard let checksum = file.checksum else { return }
    let isRight: Bool
    do {
      isRight = try checksum.isRight(forFile: part)
    } catch is DatasetError {
      throw refused("what came is damaged gzip")
    }
    guard isRight else { throw refused("the \(checksum.name) of \(name) is wrong") }
  }

  private func unpack(
    _ archive: PublishedArchive, at path: String, into folder: String,
    progress: (Progress) -> Void
  ) throws {
    let name = archive.file.publishedName
    var missing = archive.members
    progress(.unpacking(file: name, done: 0, total: archive.members.count))
    try Archive.read(
      path, limit: DatasetPlace.largestFile,
      where: { name in missing.contains { $0.isCalled(name) } }
    ) { member in
      // Packed or not, as it lies in the archive.
      try AtomicFile.write(member.bytes, to: "\(folder)/\(member.name)")
      missing.removeAll { $0.isCalled(member.name) }
      let done = archive.members.count - missing.count
      progress(.unpacking(file: name, done: done, total: archive.members.count))
    }
    if let first = missing.first {
      throw DatasetError.damaged(
        path: path, reason: "it does not hold \(first.name)", offset: nil)
    }
  }
}
