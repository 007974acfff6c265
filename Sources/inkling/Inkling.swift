import ArgumentParser
import Files
import Foundation

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The command line: parses, runs, and turns every error into one line and an exit status.
@main
struct Inkling: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inkling",
    abstract:
      "Train small image classifiers, look inside them, break them, and set it all out in a report.",
    discussion: """
      Start here:
        inkling journey --output output/journey     the whole course in one report
        inkling explore --output output/explore     look at the data first
        inkling train --model cnn --output models/cnn.safetensors
        inkling report models/cnn.safetensors --output output/cnn

      Without MNIST at hand and without a network, the digits that Inkling draws itself are used.
      """,
    version: Version.text,
    subcommands: [
      JourneyCommand.self, DataCommand.self, ExploreCommand.self, DescribeCommand.self,
      TrainCommand.self, SweepCommand.self, TransferCommand.self, EvaluateCommand.self,
      SampleCommand.self, PredictCommand.self, RenderCommand.self, AttributeCommand.self,
      AttackCommand.self,
      ReportCommand.self, CheckCommand.self, ConvertCommand.self,
    ])

  static func main() {
    // A closed pipe is an error to report, not a reason to die without a word.
    signal(SIGPIPE, SIG_IGN)
    // So is a file that would grow past the limit of `ulimit -f`.
    signal(SIGXFSZ, SIG_IGN)
    Interruption.exitAtOnce()
    let launch = Launch(ProcessInfo.processInfo.environment)
    Terminal.isMuted = launch.map { $0.rank > 0 } ?? false
    do {
      var command = try parseAsRoot(arguments)
      try launch?.check(command)
      try command.run()
    } catch {
      finish(error)
    }
  }

  /// The arguments as bytes have them, a `~` at the beginning of one or behind `=` replaced by the home folder.
  private static var arguments: [String] {
    let environment = ProcessInfo.processInfo.environment
    return CommandLine.bytes.dropFirst().map { bytes in
      let argument = SystemPath.text(bytes)
      guard argument.hasPrefix("--"), let equals = argument.firstIndex(of: "=") else {
        return HomeFolder.expanded(argument, environment)
      }
      let value = argument[argument.index(after: equals)...]
      return argument[...equals] + HomeFolder.expanded(String(value), environment)
    }
  }

  private static func finish(_ error: any Error) -> Never {
    // Help and version are no errors; the parser prints them itself.
    if Failure(error) == nil, exitCode(for: error).isSuccess {
      Terminal.isMuted ? leave(0) : exit(withError: error)
    }
    let failure = Failure(ofAny: error)
    failure.tell()
    leave(failure.status.rawValue)
  }
}

extension CommandLine {
  /// The arguments before anything was taken for UTF-8.
  fileprivate static var bytes: [[UInt8]] {
    (0..<Int(argc)).compactMap { index in
      unsafeArgv[index].map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) }
    }
  }
}

private func leave(_ status: Int32) -> Never { exit(status) }
