import Dispatch
import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A small HTTP server on this machine's loopback address, for the downloader's tests.
public final class LoopbackServer: @unchecked Sendable {
  /// What the server does with a path.
  public enum Behavior: Sendable {
    /// Sends the file; with ranges if asked.
    case file([UInt8])
    /// Promises the file, sends so many bytes of what was asked for, and hangs up.
    case cut([UInt8], after: Int)
    /// Sends the file whole, whatever range is asked for.
    case wholeOnly([UInt8])
    /// Answers with a status and no content.
    case status(Int)
    /// Accepts and never answers.
    case silent
  }

  /// The address, such as `http://127.0.0.1:4711/`.
  public let address: String
  private let socket: Int32
  private let ended = DispatchSemaphore(value: 0)
  private let behaviors: Mutex<[String: [Behavior]]>
  private let log = Mutex<[String]>([])

  /// A server for some paths; a path's behaviors are used one after the other, the last one for good.
  public init(_ behaviors: [String: [Behavior]]) throws {
    self.behaviors = Mutex(behaviors)
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    let socket = Self.open(kind)
    var place = sockaddr_in()
    place.sin_family = sa_family_t(AF_INET)
    place.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &place) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(socket, address, length) == 0 && listen(socket, 16) == 0
          && getsockname(socket, address, &length) == 0
      }
    }
    guard status else { throw POSIXError(.EADDRNOTAVAIL) }
    self.socket = socket
    address = "http://127.0.0.1:\(UInt16(bigEndian: place.sin_port))/"
    Thread.detachNewThread { [self] in
      while true {
        let client = accept(socket, nil, nil)
        guard client >= 0 else {
          ended.signal()
          return
        }
        Thread.detachNewThread { self.serve(client) }
      }
    }
  }

  private static func open(_ kind: Int32) -> Int32 {
    #if canImport(Glibc)
      Glibc.socket(AF_INET, kind, 0)
    #else
      Darwin.socket(AF_INET, kind, 0)
    #endif
  }

  /// Stops listening.
  public func stop() {
    shutdown(socket, Int32(SHUT_RDWR))
    #if canImport(Glibc)
      // Closed when nobody accepts any more: its number may be that of another server's socket at once. Elsewhere a listening
      // socket wakes nobody but by being closed.
      ended.wait()
    #endif
    close(socket)
  }

  /// The requests so far: path and, behind a space, the range asked for.
  public var requests: [String] { log.withLock { $0 } }

  private func serve(_ client: Int32) {
    defer { close(client) }
    var request = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !request.contains("\r\n\r\n") {
      let count = recv(client, &buffer, buffer.count, 0)
      guard count > 0 else { return }
      request += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let lines = request.split(separator: "\r\n").map(String.init)
    let path = lines[0].split(separator: " ").dropFirst().first.map(String.init) ?? "/"
    let range = lines.first { $0.lowercased().hasPrefix("range: bytes=") }
    let start = range.flatMap { Int($0.dropFirst(13).prefix { $0.isNumber }) } ?? 0
    log.withLock { $0.append(range == nil ? path : "\(path) \(start)-") }
    let behavior = behaviors.withLock { all -> Behavior in
      var rest = all[path] ?? [.status(404)]
      let first = rest[0]
      if rest.count > 1 { rest.removeFirst() }
      all[path] = rest
      return first
    }
    switch behavior {
    case .file(let bytes): send(client, bytes, from: start, limit: .max)
    case .cut(let bytes, let limit): send(client, bytes, from: start, limit: limit)
    case .wholeOnly(let bytes): send(client, bytes, from: 0, limit: .max)
    case .status(let code):
      put(
        client, Array("HTTP/1.1 \(code) No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".utf8))
    case .silent: sleep(30)
    }
  }

  private func send(_ client: Int32, _ bytes: [UInt8], from start: Int, limit: Int) {
    let part = Array(bytes[min(start, bytes.count)...])
    let head =
      start > 0
      ? "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
      : "HTTP/1.1 200 OK"
    put(client, Array("\(head)\r\nContent-Length: \(part.count)\r\nConnection: close\r\n\r\n".utf8))
    put(client, Array(part.prefix(limit)))
  }

  private func put(_ client: Int32, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes {
        #if canImport(Glibc)
          Glibc.send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        #else
          Darwin.send(client, $0.baseAddress, $0.count, 0)
        #endif
      }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
