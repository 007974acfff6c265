import Engine
import Files
import Foundation
import MessagePassing

/// The ranks that train one network together, or this process alone.
///
/// Whatever only one of them may do (write, print) is done by the first. Whatever can fail at one alone is done `together`, so
/// that nobody waits for one that has ended.
struct Company {
  /// `nil` for this process alone.
  private(set) var ranks: (any Ranks)?
  /// Ranks on this machine, this one included.
  private(set) var neighbours = 1
  private var leaving: () -> Void = {}

  /// This process alone.
  static var alone: Company { Company() }

  /// Works with the processes that were started together with this one, if there are any.
  ///
  /// - Throws: `Failure` if they cannot work together, and what `work` throws.
  static func join(_ work: (Company) throws -> Void) throws {
    let company = try others()
    guard company.ranks != nil else { return try work(company) }
    do {
      try work(company)
    } catch {
      // As soon as one has ended with a status, mpirun ends those that have not spoken yet.
      Failure(ofAny: error).tell()
      Terminal.isMuted = true
      company.leave()
      throw error
    }
    company.leave()
  }

  private static func others() throws(Failure) -> Company {
    guard let launch = Launch(ProcessInfo.processInfo.environment) else { return .alone }
    #if MPI
      let ranks = MPIRanks { reason, isFirst in
        if isFirst {
          Terminal.isMuted = false
          Terminal.note("error: \(reason); --resume goes on from what was saved last")
        }
        _exit(ExitStatus.unavailable.rawValue)
      }
      guard ranks.count == launch.count else {
        throw Failure(
          "\(launch.count) processes were started, but MPI knows of \(ranks.count); under Slurm start them with srun"
            + " --mpi=pmix, or with mpirun", .usage)
      }
      return Company(ranks: ranks, neighbours: ranks.neighbours, leaving: ranks.end)
    #else
      throw Failure(
        "\(launch.count) processes were started together, but this inkling was built without MPI; build it with swift"
          + " build -c release --product inkling --traits MPI, or start one", .usage)
    #endif
  }

  /// True for the one that writes and prints.
  var isFirst: Bool { ranks.map { $0.rank == 0 } ?? true }

  /// Takes leave of the others, once all do.
  private func leave() {
    _ = ranks?.gather(0)
    leaving()
  }

  /// True if all say so.
  func all(_ isSo: Bool) -> Bool { ranks.map { !$0.gather(isSo).contains(false) } ?? isSo }

  /// Does what every rank does by itself. If it fails at one it fails at all, and the first that failed says why.
  ///
  /// - Throws: what `body` throws, here or elsewhere.
  func together<Result>(_ body: () throws -> Result) throws -> Result {
    guard let ranks else { return try body() }
    let result = Swift.Result(catching: body)
    var failure: Failure?
    if case .failure(let error) = result { failure = Failure(ofAny: error) }
    let statuses = ranks.gather(failure?.status.rawValue ?? 0)
    guard let first = statuses.firstIndex(where: { $0 != 0 }) else { return try result.get() }
    guard first == ranks.rank, let failure else {
      // Somebody else speaks.
      Terminal.isMuted = true
      throw Failure("", ExitStatus(rawValue: statuses[first]) ?? .unavailable)
    }
    Terminal.isMuted = false
    throw first == 0 ? failure : Failure("rank \(first): \(failure.message)", failure.status)
  }

  /// Checks that all ranks have the same things.
  ///
  /// - Parameter things: what they are called, and their digests; worked out only where there are others.
  /// - Throws: `Failure` at all of them if one has something else than the first.
  func checkSame(
    _ things: @autoclosure () -> [(name: String, digest: SHA256)]
  ) throws(Failure) {
    guard let ranks else { return }
    for (name, digest) in things() {
      let found = ranks.gather(digest.words)
      guard let other = found.firstIndex(where: { $0 != found[0] }) else { continue }
      throw Failure(
        "rank \(other) has another \(name) than rank 0; all of them must see the same files and take the same options",
        .badData)
    }
  }
}

extension SHA256 {
  /// The digest as numbers.
  fileprivate var words: SIMD4<UInt64> {
    var words = SIMD4<UInt64>.zero
    for (place, byte) in bytes.enumerated() {
      words[place / 8] = words[place / 8] << 8 | UInt64(byte)
    }
    return words
  }
}
