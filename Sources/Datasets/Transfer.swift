import Files
import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// One request, written to a partial file that a later request goes on from.
final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
  /// Bytes that have to come within the time of patience.
  private static let leastBytes = 1024
  private let url: URL
  private let partial: String
  private let patience: TimeInterval
  /// More bytes than this are no data set.
  private static let largest = 1 << 30
  private let condition = NSCondition()
  private var received = 0
  private var total: Int?
  private var outcome: String??
  private var handle: FileHandle?
  private var writeFailure: FileError?

  init(url: URL, partial: String, patience: TimeInterval) {
    self.url = url
    self.partial = partial
    self.patience = patience
  }

  /// Returns why it failed, or `nil` when the file is whole.
  func run(progress: (_ received: Int, _ total: Int?) -> Void) throws -> String? {
    if !FileBytes.exists(partial) { try AtomicFile.write([], to: partial) }
    let already = try FileBytes.size(of: partial)
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
      if received > Self.largest {
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
