import Files
public import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Fetches data sets: several mirrors, resumed where a connection was cut, checked, and moved into place only
/// when whole.
public struct Downloader: Sendable {
  /// What happens while files come in.
  public struct Progress: Sendable {
    /// The file.
    public var file: String
    /// Bytes received, those of an earlier attempt included.
    public var received: Int
    /// Bytes in all, if the server says.
    public var total: Int?
  }

  /// Seconds without a byte after which a mirror is given up.
  public let patience: TimeInterval

  /// A downloader; by default it takes at most 15 s in all to find that there is no network.
  public init(patience: TimeInterval = 4) { self.patience = patience }

  /// Downloads every file of a set that is missing, as gzip, into a folder.
  ///
  /// - Throws: `DatasetError.unreachable` if no mirror could give a file, `FileError` if it cannot be kept.
  public func fetch(
    _ dataset: KnownDataset, into folder: String, progress: (Progress) -> Void = { _ in }
  ) throws {
    guard !dataset.mirrors.isEmpty else {
      throw DatasetError.unreachable(
        "Inkling cannot download \(dataset.name) yet; put its files"
          + " (\(dataset.files.map(\.name).joined(separator: ", "))) into \(folder)")
    }
    try OutputPlace.check(folder: folder)
    try Folder.create(folder)
    let missing = dataset.files.filter { DatasetLocator.path(of: $0.name, in: folder) == nil }
    guard !missing.isEmpty else { return }
    // A mirror that failed for one file is asked last for the next.
    var mirrors =
      hasProxy ? dataset.mirrors : NameLookup.reachable(dataset.mirrors, within: patience)
    guard !mirrors.isEmpty else {
      throw DatasetError.unreachable(
        "cannot download \(dataset.name): no mirror's name is found; there seems to be no network")
    }
    for file in missing {
      var reasons: [String] = []
      for mirror in mirrors {
        do {
          // A part that another mirror began may not fit this one's file: once more from the start.
          let isResumed = FileBytes.exists("\(folder)/\(file.name).gz.part")
          do {
            try fetch(file, from: mirror, into: folder, progress: progress)
          } catch let error as MirrorFailure where isResumed && error.isContentWrong {
            try fetch(file, from: mirror, into: folder, progress: progress)
          }
          break
        } catch let error as MirrorFailure {
          reasons.append("\(mirror): \(error.reason)")
          mirrors.removeAll { $0 == mirror }
          mirrors.append(mirror)
        }
      }
      guard DatasetLocator.path(of: file.name, in: folder) != nil else {
        throw DatasetError.unreachable(
          "cannot download \(dataset.name): \(reasons.joined(separator: "; "))")
      }
    }
  }

  /// With a proxy it is the proxy that finds the names.
  private var hasProxy: Bool {
    let variables = ProcessInfo.processInfo.environment
    return ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"].contains {
      variables[$0]?.isEmpty == false
    }
  }

  private struct MirrorFailure: Error {
    let reason: String
    /// True if something came, but not the file.
    var isContentWrong = false
  }

  private func fetch(
    _ file: KnownDataset.File, from mirror: String, into folder: String,
    progress: (Progress) -> Void
  ) throws {
    guard let url = URL(string: "\(mirror)\(file.name).gz") else {
      throw MirrorFailure(reason: "not an address")
    }
    let partial = "\(folder)/\(file.name).gz.part"
    let transfer = Transfer(url: url, partial: partial, patience: patience)
    if let reason = try transfer.run(progress: {
      progress(Progress(file: file.name, received: $0, total: $1))
    }) {
      throw MirrorFailure(reason: reason)
    }
    let bytes = try FileBytes.read(partial, limit: IDX.maximumBytes)
    let hash: String
    do {
      hash =
        SHA256(of: try Gzip.decompress(bytes, path: partial, limit: IDX.maximumBytes)).hexadecimal
    } catch {
      try? FileManager.default.removeItem(atPath: partial)
      throw MirrorFailure(reason: "what came is not gzip", isContentWrong: true)
    }
    guard hash == file.sha256 else {
      try? FileManager.default.removeItem(atPath: partial)
      throw MirrorFailure(reason: "the SHA-256 of \(file.name) is wrong", isContentWrong: true)
    }
    try AtomicFile.write(bytes, to: "\(folder)/\(file.name).gz")
    try? FileManager.default.removeItem(atPath: partial)
  }
}

/// One request, written to a partial file that a later request goes on from.
private final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  /// Bytes that have to come within the time of patience.
  private static let leastBytes = 1024
  private let url: URL
  private let partial: String
  private let patience: TimeInterval
  private let condition = NSCondition()
  private var received = 0
  private var total: Int?
  private var outcome: String??
  private var handle: FileHandle?
  /// True if the partial file was longer than the server's.
  private(set) var mustStartAfresh = false
  private var writeFailure: FileError?

  init(url: URL, partial: String, patience: TimeInterval) {
    self.url = url
    self.partial = partial
    self.patience = patience
  }

  /// Returns why it failed, or `nil` when the file is whole.
  func run(progress: (_ received: Int, _ total: Int?) -> Void) throws -> String? {
    let already = (try? FileBytes.read(partial, limit: IDX.maximumBytes).count) ?? 0
    if !FileBytes.exists(partial) { try AtomicFile.write([], to: partial) }
    guard let handle = FileHandle(forWritingAtPath: partial) else {
      throw FileError(.create, partial, reason: "it cannot be opened")
    }
    defer { try? handle.close() }
    self.handle = handle
    received = already
    try handle.seek(toOffset: UInt64(already))
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = patience
    var request = URLRequest(url: url, timeoutInterval: patience)
    if already > 0 { request.setValue("bytes=\(already)-", forHTTPHeaderField: "Range") }
    let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
    session.dataTask(with: request).resume()
    defer { session.invalidateAndCancel() }
    var last = (received: already, time: Date())
    condition.lock()
    defer { condition.unlock() }
    while outcome == nil {
      _ = condition.wait(until: Date().addingTimeInterval(0.2))
      // A trickle counts as silence.
      if received - last.received >= Self.leastBytes { last = (received, Date()) }
      progress(received, total)
      if outcome == nil, Date().timeIntervalSince(last.time) > patience {
        outcome = .some("next to nothing came for \(Int(patience)) s")
      }
    }
    if let writeFailure { throw writeFailure }
    return outcome ?? nil
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    condition.lock()
    defer { condition.unlock() }
    let status = (response as? HTTPURLResponse)?.statusCode ?? 0
    switch status {
    case 206: break
    case 200:
      // The server sends the whole file: begin again.
      received = 0
      try? handle?.truncate(atOffset: 0)
    case 416:
      // What we have is as long as the file or longer: start afresh next time.
      try? handle?.truncate(atOffset: 0)
      outcome = .some("it cannot go on from what is there")
      mustStartAfresh = true
      condition.signal()
      completionHandler(.cancel)
      return
    default:
      outcome = .some("HTTP status \(status)")
      condition.signal()
      completionHandler(.cancel)
      return
    }
    let expected = Int(response.expectedContentLength)
    total = expected > 0 ? received + expected : nil
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    condition.lock()
    defer { condition.unlock() }
    do {
      try handle?.write(contentsOf: data)
      received += data.count
      if received > IDX.maximumBytes {
        outcome = .some("it sends more than any data set has")
        dataTask.cancel()
      }
    } catch {
      writeFailure = FileError(.write, partial, reason: "\(error.localizedDescription)")
      outcome = .some("")
      dataTask.cancel()
    }
    condition.signal()
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    condition.lock()
    defer { condition.unlock() }
    if outcome == nil {
      if let error {
        outcome = .some(error.localizedDescription)
      } else if let total, received < total {
        outcome = .some("the connection was cut after \(received) of \(total) bytes")
      } else {
        outcome = .some(nil)
      }
    }
    condition.signal()
  }
}
