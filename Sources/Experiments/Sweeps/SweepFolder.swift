package import Datasets
import Files
import Foundation
import Training

/// A sweep in a folder that any number of workers share:
///
///     sweep.json    the sweep, and which images it is of
///     results/      one file for each trial and rung, never changed
///     states/       where trials stand that may go on
///     claims/       which trials are at work
package struct SweepFolder: Sendable {
  /// The folder.
  package let path: String
  /// The sweep.
  package let sweep: Sweep
  /// Every configuration.
  package let configurations: [SweepConfiguration]
  /// The images that all workers must have.
  package let images: Images

  /// What makes a data set the same on every machine.
  package struct Images: Codable, Hashable, Sendable {
    /// One name a class.
    package let classes: [String]
    /// Training images, validation images included.
    package let count: Int
    /// Hash of sizes, pixels and labels of what is learned from and chosen by.
    package let hash: String

    /// The images of a set. Its own test images are not among them where they are for the end, and so may differ.
    package init(of dataset: Dataset, scheme: Split.Scheme) {
      classes = dataset.classes
      let test = scheme == .course ? dataset.test : nil
      let parts = [dataset.train, dataset.validation, test].compactMap { $0 }
      count = parts.reduce(0) { $0 + $1.count }
      hash =
        SHA256(
          of: parts.flatMap { part in
            Array("\(part.channels),\(part.height),\(part.width);".utf8)
              + SHA256(of: part.pixels).bytes
              + SHA256(of: Array(part.labels.map(String.init).joined(separator: ",").utf8)).bytes
          }
        ).hexadecimal
    }
  }

  /// True for the images that the sweep was planned for.
  package func holds(_ dataset: Dataset) -> Bool {
    Images(of: dataset, scheme: sweep.base.splitScheme) == images
  }

  private struct Plan: Codable {
    var format: String
    var images: Images
    /// A sweep file's text: it has a reader of its own.
    var sweep: String
  }

  private static let formatName = "inkling-sweep"

  /// Plans a sweep in a folder. What another sweep of the same images left there is used, as far as trials are the same.
  ///
  /// - Throws: `SweepError`, `RunConfigurationError`, or `FileError`.
  package init(planning sweep: Sweep, of dataset: Dataset, in path: String) throws {
    var sweep = sweep
    sweep.base.dataset = dataset.name
    let images = Images(of: dataset, scheme: sweep.base.splitScheme)
    let configurations = try sweep.configurations(classes: images.classes.count)
    let file = "\(path)/sweep.json"
    if FileBytes.exists(file) {
      guard try Self.plan(file).images == images else {
        throw SweepError("\(path) holds a sweep of other images; take another folder")
      }
    }
    for folder in ["results", "states", "claims"] { try Folder.create("\(path)/\(folder)") }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let plan = Plan(format: Self.formatName, images: images, sweep: try sweep.json)
    try AtomicFile.write(Array(try encoder.encode(plan)), to: file)
    (self.path, self.sweep, self.configurations, self.images) = (
      path, sweep, configurations, images
    )
  }

  /// Opens a sweep that was planned.
  ///
  /// - Throws: `SweepError` or `FileError`.
  package init(_ path: String) throws {
    let plan = try Self.plan("\(path)/sweep.json")
    self.path = path
    images = plan.images
    do {
      sweep = try Sweep(json: plan.sweep.utf8)
      configurations = try sweep.configurations(classes: plan.images.classes.count)
    } catch {
      throw SweepError("\(path)/sweep.json: \(error)")
    }
  }

  private static func plan(_ file: String) throws -> Plan {
    let bytes = try FileBytes.read(file, limit: 1 << 26)
    guard let plan = try? JSONDecoder().decode(Plan.self, from: Data(bytes)),
      plan.format == formatName
    else {
      throw SweepError("\(file) is not what sweep plan writes")
    }
    return plan
  }

  /// Trials of all rungs together, each rung's counted anew.
  package var trialCount: Int {
    var (count, total) = (configurations.count, 0)
    for _ in sweep.rungs {
      total += count * sweep.seeds
      count = Sweep.survivors(of: count)
    }
    return total
  }

  // MARK: Results

  /// The name of a trial's part up to some epoch.
  static func name(_ trial: Trial, _ epochs: Int) -> String { "\(trial.id)-\(epochs)" }

  private func resultPath(_ trial: Trial, _ epochs: Int) -> String {
    "\(path)/results/\(Self.name(trial, epochs)).json"
  }

  /// What came of a trial; `nil` if it is not done.
  ///
  /// - Throws: `FileError`, or `SweepError` for a file that is no result of this trial.
  package func result(of trial: Trial, epochs: Int) throws -> TrialResult? {
    let file = resultPath(trial, epochs)
    guard FileBytes.exists(file) else { return nil }
    let bytes = try FileBytes.read(file, limit: 1 << 26)
    guard let result = try? JSONDecoder().decode(TrialResult.self, from: Data(bytes)),
      result.id == trial.id
    else {
      throw SweepError("\(file) is not the result of a trial; delete it, and it is tried again")
    }
    return result
  }

  /// Keeps what came of a trial.
  ///
  /// - Throws: `FileError`.
  func write(_ result: TrialResult, of trial: Trial, epochs: Int) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(Array(try encoder.encode(result)), to: resultPath(trial, epochs))
  }

  /// The names of all results that are there.
  ///
  /// - Throws: `FileError`.
  func resultNames() throws -> Set<String> {
    Set(
      try FileBytes.names(in: "\(path)/results").compactMap { name in
        name.hasSuffix(".json") ? String(name.dropLast(5)) : nil
      })
  }

  // MARK: States

  /// Where it is kept how far a trial has come.
  func statePath(_ trial: Trial) -> String { "\(path)/states/\(trial.id).safetensors" }

  /// The folder of the claims.
  package var claims: String { "\(path)/claims" }
}
