import Files
import Foundation

/// What all training runs do beside training.
enum RunHousekeeping {
  /// Writes what was trained; then the resume file has done its work.
  ///
  /// - Parameters:
  ///   - resumePath: the file that the run goes on from.
  ///   - canResume: false for a run that leaves none.
  ///   - write: writes the checkpoint.
  /// - Throws: what `write` throws; `Failure` with how to go on where that is possible.
  static func write(
    resumePath: String, canResume: Bool, _ write: () throws -> Void
  ) throws {
    do {
      try write()
    } catch {
      guard canResume, FileBytes.exists(resumePath) else { throw error }
      throw Failure(
        "\(error); nothing is lost: the finished run is in \(resumePath), and the same command with --resume writes it"
          + " once that is mended", .inputOutput)
    }
    try? FileBytes.remove(resumePath)
  }

  /// Checks, before it begins, that there is memory for a run.
  ///
  /// - Throws: `Failure` if there is not.
  static func checkMemory(_ needed: Int) throws {
    guard needed < Int(clamping: ProcessInfo.processInfo.physicalMemory) else {
      throw Failure(
        "training would take \(needed / 1_000_000) MB, more than this machine has; take a smaller"
          + " --batch-size, network or number of --threads", .usage)
    }
  }
}
