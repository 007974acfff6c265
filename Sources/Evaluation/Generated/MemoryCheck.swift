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
  }

  /// Pictures that were looked at.
  public let count: Int
  /// Test images that were looked at.
  public let testCount: Int
  /// One for 5 % and one for 1 % of the test images.
  public let limits: [Limit]

  /// The shares of test images that set the limits.
  public static let shares = [0.05, 0.01]

  /// Compares distances.
  ///
  /// - Parameters:
  ///   - pictures: the squared distance of each picture from its nearest training image.
  ///   - tests: the same of test images; at least one.
  public init(pictures: [Double], tests: [Double]) {
    let sorted = tests.sorted()
    (count, testCount) = (pictures.count, tests.count)
    limits = Self.shares.map { share in
      // The smallest distance that so many test images do not fall below.
      let place = min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)))
      let limit = sorted[place]
      return Limit(
        share: share, squaredDistance: limit, nearer: pictures.count { $0 < limit })
    }
  }
}
