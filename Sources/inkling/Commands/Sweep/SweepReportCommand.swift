import ArgumentParser
import Experiments
import Files
import Report

struct SweepReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Writes a page about a sweep, and its figures as PNG.",
    usage: "inkling sweep report [<options>] <dir> --output <dir>",
    discussion: """
      Which configurations cannot be told apart from the best, which parameters
      matter, what the best have in common, how training and validation differ. A
      sweep that is not done gives what it says so far.

      Example: inkling sweep report output/course --output output/course/report
      """)

  @Argument(help: ArgumentHelp("The folder that sweep plan wrote.", valueName: "dir"))
  var folder: String
  @Option(help: ArgumentHelp("The folder of the page.", valueName: "dir"))
  var output: String
  @Option(help: ArgumentHelp("Folder of the report's templates.", valueName: "dir"))
  var templates: String?
  @OptionGroup var outputOptions: OutputOptions

  struct Result: Encodable {
    let index: String
    let files: [String]
  }

  func run() throws {
    try SweepPage.check(output)
    let templates = try Templates.find(folder: templates, executable: Executable.path)
    let progress = try SweepProgress(in: folder)
    let choice = try SweepChoice.read(in: progress.folder)
    guard let page = SweepPage(progress, choice: choice, templates: templates) else {
      throw Failure("no trial of the sweep is done yet; see sweep status", .badData)
    }
    let files = try page.write(to: output).map { "\(output)/\($0)" }
    if outputOptions.json { return try JSONOutput.print(Result(index: files[0], files: files)) }
    Terminal.print("\(files[0])  (\(files.count) files)")
  }
}
