import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Finds out which hosts have a name that can be resolved, all at once and within a time: where packets are
/// dropped, the system's own look-up takes far longer and cannot be stopped.
final class NameLookup: @unchecked Sendable {
  private let condition = NSCondition()
  private var found = Set<String>()
  private var pending = 0

  /// The addresses whose host was found in time, in their order.
  static func reachable(_ addresses: [String], within seconds: TimeInterval) -> [String] {
    let lookup = NameLookup()
    let hosts = Set(addresses.compactMap { URL(string: $0)?.host })
    lookup.pending = hosts.count
    for host in hosts { Thread.detachNewThread { lookup.resolve(host) } }
    let found = lookup.wait(until: Date().addingTimeInterval(seconds))
    return addresses.filter { URL(string: $0)?.host.map(found.contains) ?? false }
  }

  private func resolve(_ host: String) {
    var list: UnsafeMutablePointer<addrinfo>?
    let isKnown = getaddrinfo(host, nil, nil, &list) == 0
    if let list { freeaddrinfo(list) }
    condition.lock()
    defer { condition.unlock() }
    if isKnown { found.insert(host) }
    pending -= 1
    condition.signal()
  }

  private func wait(until deadline: Date) -> Set<String> {
    condition.lock()
    defer { condition.unlock() }
    while pending > 0, condition.wait(until: deadline) {}
    return found
  }
}
