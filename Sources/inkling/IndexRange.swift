import ArgumentParser

/// Test images by position: `7`, or `0-99` with both ends, or several separated by commas.
struct IndexRange: ExpressibleByArgument {
  let indices: [Int]

  init(_ range: Range<Int>) { indices = Array(range) }

  init?(argument: String) {
    var indices: [Int] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2,
        first >= 0, first <= last, last < 10_000_000
      else { return nil }
      indices += first...last
    }
    self.indices = indices
  }

  /// The positions, if all are below a count.
  ///
  /// - Throws: `Failure` naming what there is.
  func checked(below count: Int) throws -> [Int] {
    guard indices.allSatisfy({ $0 < count }) else {
      throw Failure("--indices: test images are 0 to \(count - 1)", .usage)
    }
    return indices
  }
}
