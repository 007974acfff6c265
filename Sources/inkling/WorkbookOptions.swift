import ArgumentParser
import Report
import Study

/// `--workbook`.
struct WorkbookOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Also a workbook of this run to print, and a sheet with its answers.", valueName: "dir"))
  var workbook: String?

  /// Checks before anything is done that it can be written.
  ///
  /// - Throws: `FileError`.
  func check() throws {
    if let workbook { try Workbook.check(workbook) }
  }

  /// Writes it, if it is asked for.
  ///
  /// - Parameters:
  ///   - results: what a study found.
  ///   - templates: that its pages are made from.
  ///   - date: to show.
  /// - Returns: The files.
  /// - Throws: as `Workbook.write`.
  @discardableResult
  func write(_ results: StudyResults, templates: Templates, date: String?) throws -> [String] {
    guard let workbook else { return [] }
    return try Workbook(results, templates: templates, date: date).write(to: workbook).map {
      "\(workbook)/\($0)"
    }
  }
}
