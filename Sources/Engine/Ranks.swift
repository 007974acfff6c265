/// Processes that train one network together, seen from one of them: each works on a block of every mini-batch's shards,
/// and they exchange what they found.
///
/// All of them make the same calls in the same order.
public protocol Ranks: AnyObject {
  /// This one's number, 0 for the first.
  var rank: Int { get }
  /// How many there are.
  var count: Int { get }
  /// Sends and receives, and returns when all is there. Parcels from one rank to another arrive in the order in which they
  /// are sent, and are of the same size at both ends.
  func exchange(sending: [Parcel], receiving: [Parcel])
}

/// Memory that goes to another rank, or that is filled from there.
public struct Parcel {
  /// The other rank.
  public let rank: Int
  /// The memory.
  public let bytes: UnsafeMutableRawBufferPointer
}

/// Rows that lie one behind the other, of which each rank has some.
struct Rows {
  let base: UnsafeMutableRawPointer
  /// Bytes of a row.
  let size: Int

  init<Number>(_ base: UnsafeMutablePointer<Number>, numbers: Int = 1) {
    self.base = UnsafeMutableRawPointer(base)
    size = numbers * MemoryLayout<Number>.stride
  }

  /// The memory of some rows.
  func bytes(_ rows: Range<Int>) -> UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: base + rows.lowerBound * size, count: rows.count * size)
  }
}

extension Ranks {
  /// The other ranks.
  var others: [Int] { (0..<count).filter { $0 != rank } }

  /// Gives every rank's rows to all others, into the same places.
  ///
  /// - Parameters:
  ///   - lists: rows of several kinds.
  ///   - parts: for each rank, the rows that it has.
  func gather(_ lists: [Rows], _ parts: [Range<Int>]) {
    exchange(
      sending: others.flatMap { other in
        lists.map { Parcel(rank: other, bytes: $0.bytes(parts[rank])) }
      },
      receiving: others.flatMap { other in
        lists.map { Parcel(rank: other, bytes: $0.bytes(parts[other])) }
      })
  }

  /// What each rank says, the first rank's first.
  package func gather<Value: BitwiseCopyable>(_ value: Value) -> [Value] {
    var values = Array(repeating: value, count: count)
    gather(&values, count: 1, (0..<count).map { $0..<$0 + 1 })
    return values
  }

  /// Gives every rank's part of an array to all others.
  ///
  /// - Parameters:
  ///   - values: rows of so many values.
  ///   - count: values in a row.
  ///   - parts: for each rank, the rows that it has.
  package func gather<Value: BitwiseCopyable>(
    _ values: inout [Value], count: Int, _ parts: [Range<Int>]
  ) {
    values.withUnsafeMutableBufferPointer { values in
      guard let base = values.baseAddress else { return }
      gather([Rows(base, numbers: count)], parts)
    }
  }

  /// Some things divided evenly: those of each rank.
  package func parts(of total: Int) -> [Range<Int>] {
    (0..<count).map { $0 * total / count..<($0 + 1) * total / count }
  }
}
