import ArgumentParser

/// Images by position: `7`, or `0-99` with both ends, or several separated by commas.
struct IndexRange: ExpressibleByArgument {
  private let ranges: [ClosedRange<Int>]

  /// More images than this at once are refused: each takes memory.
  private static let most = 100_000

  init?(argument: String) {
    var ranges: [ClosedRange<Int>] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        first >= 0, first <= last, last < Int.max
      else { return nil }
      ranges.append(first...last)
    }
    self.ranges = ranges
  }

  /// The positions, if all are below a count.
  ///
  /// - Throws: `Failure` naming what there is.
  func checked(below count: Int) throws -> [Int] {
    guard ranges.allSatisfy({ $0.upperBound < count }) else {
      throw Failure("--indices: test images are 0 to \(count - 1)", .usage)
    }
    let total = ranges.reduce(0) { $0 + $1.count }
    guard total <= max(count, Self.most) else {
      throw Failure("--indices: \(total) images are named, where there are \(count)", .usage)
    }
    return ranges.flatMap { Array($0) }
  }
}
