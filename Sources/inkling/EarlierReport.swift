import Files
import Foundation
import Networks
import Study

extension ReportSummary {
  /// More bytes than any report.json has.
  private static let largest = 1 << 30

  /// An earlier report's numbers, from its `report.json`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - checkpoint: what the later report is about; it has to know the same classes.
  /// - Returns: what it says.
  /// - Throws: `FileError`, or `Failure` if the file is something else.
  static func read(_ path: String, for checkpoint: Checkpoint) throws -> ReportSummary {
    let bytes = try FileBytes.read(path, limit: largest)
    let summary: ReportSummary
    do {
      summary = try ReportSummary(json: Data(bytes))
    } catch {
      throw Failure("\(path): \(error.reason)", .badData)
    }
    guard summary.model.classes == checkpoint.classes else {
      throw Failure(
        "\(path): it is a report on other classes (\(summary.model.classes.count)), so nothing in it can be compared",
        .badData)
    }
    return summary
  }
}
