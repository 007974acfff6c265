public import Engine
import Networks

/// How well the images of each class can be made to pass for each other class.
///
/// Only images that are right before count, as for the success rate of an attack.
public struct TargetGrid: Sendable, Equatable, Codable {
  /// Images of each class that were right before.
  public let counts: [Int]
  /// How many of them the network takes for the target after the attack: rows are true classes, columns targets;
  /// 0 on the diagonal.
  public let hits: [[Int]]
  /// For each pair the first image that hit its target, changed, `[C][H][W]`; `nil` where none did.
  public let examples: [[[Float]?]]

  /// Aims the images of each class at each other class.
  ///
  /// - Parameters:
  ///   - kind: an attack that can aim.
  ///   - settings: its settings; the target is set here.
  ///   - images: pixels in [0, 1], `[N][C][H][W]`.
  ///   - labels: their classes.
  ///   - executor: the network.
  ///   - progress: told how many targets are done.
  public init(
    _ kind: any Attack.Type, _ settings: AttackSettings, _ images: [Float], labels: [Int],
    against executor: Executor, progress: (Int) -> Void = { _ in }
  ) {
    let classes = executor.network.architecture.outputs
    let size = executor.network.architecture.inputShape.count
    let predictions = Outcome.predictions(images, executor)
    let right = labels.indices.filter { predictions[$0] == labels[$0] }
    counts = (0..<classes).map { name in right.count { labels[$0] == name } }
    var hits = [[Int]](repeating: [Int](repeating: 0, count: classes), count: classes)
    var examples = [[[Float]?]](
      repeating: [[Float]?](repeating: nil, count: classes), count: classes)
    for target in 0..<classes {
      let aimed = right.filter { labels[$0] != target }
      var settings = settings
      settings.target = target
      settings.starts = images.picked(
        Array(right.filter { labels[$0] == target }.prefix(16)), size: size)
      let changed = kind.init(settings).adversarial(
        images.picked(aimed, size: size), labels: aimed.map { labels[$0] }, against: executor)
      for (place, answer) in Outcome.predictions(changed, executor).enumerated()
      where answer == target {
        let source = labels[aimed[place]]
        hits[source][target] += 1
        if examples[source][target] == nil {
          examples[source][target] = changed.picked([place], size: size)
        }
      }
      progress(target + 1)
    }
    self.hits = hits
    self.examples = examples
  }

  /// The share of a class's images that pass for a target; `nil` on the diagonal or without images.
  public func rate(from source: Int, to target: Int) -> Double? {
    guard source != target, counts[source] > 0 else { return nil }
    return Double(hits[source][target]) / Double(counts[source])
  }

  /// The same as a table: rows are true classes, columns targets.
  public var rates: [[Double?]] {
    counts.indices.map { source in counts.indices.map { rate(from: source, to: $0) } }
  }

  /// The mean over all pairs that have a rate; `nil` if none has.
  public var meanRate: Double? {
    let rates = rates.joined().compactMap { $0 }
    return rates.isEmpty ? nil : rates.reduce(0, +) / Double(rates.count)
  }
}
