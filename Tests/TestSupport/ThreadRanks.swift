public import Engine
import Foundation

/// Ranks that are threads of one process: what one sends lies in a box until the other takes it.
public final class ThreadRanks: Ranks {
  /// This thread's number.
  public let rank: Int
  /// How many there are.
  public let count: Int
  private let room: Room

  private final class Room: @unchecked Sendable {
    struct Way: Hashable {
      let from: Int
      let to: Int
    }
    private let condition = NSCondition()
    private var boxes: [Way: [[UInt8]]] = [:]

    func put(_ bytes: [UInt8], _ way: Way) {
      condition.withLock { boxes[way, default: []].append(bytes) }
      condition.broadcast()
    }

    func take(_ way: Way) -> [UInt8] {
      condition.withLock {
        while boxes[way, default: []].isEmpty { condition.wait() }
        return boxes[way, default: []].removeFirst()
      }
    }
  }

  private init(rank: Int, count: Int, room: Room) {
    (self.rank, self.count, self.room) = (rank, count, room)
  }

  /// Puts what is sent into boxes, and takes what is received out of others'.
  public func exchange(sending: [Parcel], receiving: [Parcel]) {
    for parcel in sending { room.put(Array(parcel.bytes), .init(from: rank, to: parcel.rank)) }
    for parcel in receiving {
      let bytes = room.take(.init(from: parcel.rank, to: rank))
      precondition(bytes.count == parcel.bytes.count, "ThreadRanks: a parcel of another size")
      parcel.bytes.copyBytes(from: bytes)
    }
  }

  /// What each of so many ranks comes to, the first rank's first.
  public static func run<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (ThreadRanks) -> Result
  ) -> [Result] {
    let room = Room()
    let results = Results<Result>()
    let group = DispatchGroup()
    for rank in 0..<count {
      group.enter()
      Thread {
        results.set(body(ThreadRanks(rank: rank, count: count, room: room)), rank)
        group.leave()
      }.start()
    }
    group.wait()
    return (0..<count).compactMap { results[$0] }
  }

  private final class Results<Result: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var values: [Int: Result] = [:]

    func set(_ value: Result, _ rank: Int) { lock.withLock { values[rank] = value } }
    subscript(rank: Int) -> Result? { lock.withLock { values[rank] } }
  }
}
