import Files
import Foundation

/// What came of the configuration that a sweep chose, and what choosing it cost.
package struct SweepChoice: Codable, Hashable, Sendable {
  /// The trial's.
  package let id: String
  /// Of how many it was the best.
  package let configurations: Int
  /// Share of validation images that were right when it was chosen.
  package let chosen: Double
  /// The same with seeds that it was not chosen by; `nil` where it diverged.
  package let fresh: [Double?]
  /// The same of the run that leaves everything as it usually is, with the same fresh seeds; `nil` if that was not
  /// trained.
  package let usual: [Double?]?
  /// Share of the test images that the chosen network gets right; `nil` without any.
  package let test: Double?

  /// The choice of a sweep.
  package init(
    id: String, configurations: Int, chosen: Double, fresh: [Double?], usual: [Double?]? = nil,
    test: Double?
  ) {
    self.id = id
    self.configurations = configurations
    self.chosen = chosen
    self.fresh = fresh
    self.usual = usual
    self.test = test
  }

  /// Mean with the fresh seeds that came to something; `nil` without any.
  package var freshMean: Double? { Self.mean(fresh) }
  /// Mean of the usual run with those of the same seeds that came to something; `nil` without any.
  package var usualMean: Double? { usual.flatMap(Self.mean) }

  private static func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap(\.self)
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  private static func path(in folder: SweepFolder) -> String { "\(folder.path)/best.json" }

  /// The choice that was made in a folder; `nil` if none was.
  ///
  /// - Throws: `FileError`, or `SweepError` if the file is something else.
  package static func read(in folder: SweepFolder) throws -> SweepChoice? {
    let file = path(in: folder)
    guard FileBytes.exists(file) else { return nil }
    let bytes = try FileBytes.read(file, limit: 1 << 20)
    guard let choice = try? JSONDecoder().decode(SweepChoice.self, from: Data(bytes)) else {
      throw SweepError("\(file) is not what sweep best writes; delete it")
    }
    return choice
  }

  /// Keeps the choice in the sweep's folder.
  ///
  /// - Throws: `FileError`.
  package func write(in folder: SweepFolder) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try AtomicFile.write(Array(try encoder.encode(self)), to: Self.path(in: folder))
  }
}
