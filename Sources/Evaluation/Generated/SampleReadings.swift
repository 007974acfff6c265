/// How a classifier reads pictures that a generator drew, and which classes are missing among them.
///
/// A generator that draws some classes only has collapsed onto them; that is told from the missing ones.
public struct SampleReadings: Codable, Equatable, Sendable {
  /// Pictures read as each class.
  public let counts: [Int]
  /// Pictures read with more than `sureness`.
  public let sure: Int
  /// Of pictures that were asked to be of a class, how many were read as it; `nil` if none was asked.
  public let asAsked: Int?

  /// Confidence above which a reading counts as sure.
  public static let sureness: Float = 0.9
  /// A class counts as covered from this share of what it would have if all had as many.
  public static let leastShare = 0.1

  /// Readings of pictures.
  ///
  /// - Parameters:
  ///   - predictions: what the classifier says of each; its labels are not looked at.
  ///   - asked: the class that each was asked to be of; `nil` if none was.
  public init(_ predictions: Predictions, asked: [Int]? = nil) {
    var counts = [Int](repeating: 0, count: predictions.classes)
    for answer in predictions.predicted { counts[answer] += 1 }
    self.counts = counts
    sure = (0..<predictions.count).count { predictions.confidence($0) > Self.sureness }
    asAsked = asked.map { zip($0, predictions.predicted).count { $0 == $1 } }
  }

  /// Readings that were counted elsewhere.
  package init(counts: [Int], sure: Int, asAsked: Int? = nil) {
    (self.counts, self.sure, self.asAsked) = (counts, sure, asAsked)
  }

  /// Pictures.
  public var count: Int { counts.reduce(0, +) }
  /// Share of the pictures read surely.
  public var sureShare: Double { Double(sure) / Double(max(1, count)) }
  /// The classes that are drawn hardly ever or never.
  public var missing: [Int] {
    let least = Self.leastShare * Double(count) / Double(max(1, counts.count))
    return counts.indices.filter { counts[$0] == 0 || Double(counts[$0]) < least }
  }
  /// How many classes are drawn.
  public var covered: Int { counts.count - missing.count }
}
