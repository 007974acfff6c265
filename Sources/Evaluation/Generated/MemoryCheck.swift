/// Whether pictures are copies of what was learned: their distances to the nearest training image beside those of test
/// images, which nobody learned from.
public struct MemoryCheck: Codable, Equatable, Sendable {
  /// How near is near.
  public struct Limit: Codable, Equatable, Sendable {
    /// The share of the test images that are nearer, such as 0.05.
    public let share: Double
    /// The squared distance below which those lie.
    public let squaredDistance: Double
    /// Pictures that are nearer than that.
    public let nearer: Int
    /// Test images that are.
    public let testNearer: Int
  }

  /// Pictures that were looked at.
  public let count: Int
  /// Test images that were looked at.
  public let testCount: Int
  /// One for 5 % and one for 1 % of the test images, where so few would be at least five images; else the first alone.
  public let limits: [Limit]

  /// The shares of test images that set the limits.
  public static let shares = [0.05, 0.01]
  /// A limit that fewer test images set is mostly chance.
  private static let fewest = 5.0

  /// By how much the share of the pictures below a limit is larger than that of the test images: its 95 % interval.
  public func excess(_ limit: Limit) -> Interval {
    .difference(limit.nearer, of: count, minus: limit.testNearer, of: testCount)
  }

  /// Compares distances.
  ///
  /// - Parameters:
  ///   - pictures: the squared distance of each picture from its nearest training image.
  ///   - tests: the same of test images; at least one.
  public init(pictures: [Double], tests: [Double]) {
    let sorted = tests.sorted()
    (count, testCount) = (pictures.count, tests.count)
    let told = Self.shares.filter { $0 * Double(tests.count) >= Self.fewest }
    limits = (told.isEmpty ? [Self.shares[0]] : told).map { share in
      // The smallest distance that so many test images do not fall below.
      let place = min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)))
      let limit = sorted[place]
      return Limit(
        share: share, squaredDistance: limit, nearer: pictures.count { $0 < limit },
        testNearer: tests.count { $0 < limit })
    }
  }
}
