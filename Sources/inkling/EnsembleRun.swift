import Datasets
import Engine
import Experiments
import Figures
import Files
import Foundation
import Networks
import Synchronization
import Training

/// Several networks of one kind, trained from data to one checkpoint: as many at once as there are threads, for a thread
/// each does more than all of them on one network.
struct EnsembleRun {
  let output: String
  var resumes = false
  /// True to measure the test images too.
  var tests = false
  /// Who is told how each member's training goes; `nil` for nobody.
  var tracking: TrackingOptions?
  let pool: WorkerPool
  private let prepared: PreparedEnsemble

  /// An ensemble on the images of a set.
  ///
  /// - Throws: `SpecificationError` or `RunRefusal` if the network does not go with the images.
  init(
    _ run: RunConfiguration, from source: Checkpoint? = nil, on dataset: Dataset, split: Split,
    output: String, pool: WorkerPool
  ) throws {
    prepared = try PreparedEnsemble(
      run, on: PreparedImages(for: run, of: dataset, split: split), from: source)
    self.output = output
    self.pool = pool
  }

  /// What of the network that it begins with did not fit, and what became of it.
  var notes: [String] { prepared.members[0].notes }
  /// What it learns from, and is looked at with.
  var split: Split { prepared.members[0].images.split }

  /// What the threads tell one another.
  private final class Board: Sendable {
    struct State {
      /// Of each member: images that it has learned from, and what became of it.
      var images: [Int]
      var trained: [TrainingRun.Trained?]
      /// What could not be told of the first member of which something could not.
      var missed: Failure?
    }
    let next = Turns()
    let state: Mutex<State>

    init(members: Int) {
      state = Mutex(
        State(
          images: [Int](repeating: 0, count: members),
          trained: [TrainingRun.Trained?](repeating: nil, count: members)))
    }
  }

  /// Checks that the files of the members can be written on the way.
  ///
  /// - Throws: `FileError` if they cannot.
  static func check(_ output: String, members: Int) throws {
    for path in [memberPath(0, of: output), memberPath(members - 1, of: output)] {
      try OutputPlace.check(file: path)
      try OutputPlace.check(file: ResumeFile.path(for: path))
    }
  }

  /// True if something was left by a run that was stopped.
  private var hasLeft: Bool {
    prepared.members.indices.map { Self.memberPath($0, of: output) }.contains {
      FileBytes.exists($0) || FileBytes.exists(ResumeFile.path(for: $0))
    }
  }

  /// Trains the members, saves the checkpoint and measures it.
  func train() throws -> TrainingRun.Outcome {
    if resumes, !hasLeft {
      Terminal.inform("there is nothing left of \(output) to go on with; starting anew")
    }
    let (count, threads) = (prepared.members.count, pool.threads)
    // Those that are left over after full rounds have all threads, one after the other.
    let abreast = count - count % threads
    try RunHousekeeping.checkMemory(
      prepared.members[0].byteCount(threads: 1) * min(threads, count))
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    let board = Board(members: count)
    var line = ProgressLine()
    defer { line.finish() }
    if abreast > 0 { try work(board, below: abreast, on: threads, threadsEach: 1, &line) }
    if abreast < count { try work(board, below: count, on: 1, threadsEach: threads, &line) }
    let seconds = line.elapsed / .seconds(1)
    line.finish()
    let trained = board.state.withLock { $0.trained.compactMap(\.self) }
    guard trained.count == count else {
      throw Failure(
        "interrupted after \(trained.count) of \(count) members; go on with --resume", .interrupted)
    }
    let checkpoint = try prepared.checkpoint(
      trained.map(\.checkpoint.network), history: trained[0].checkpoint.history)
    try checkpoint.write(to: output)
    for place in 0..<count { try? FileBytes.remove(Self.memberPath(place, of: output)) }
    let images = trained.reduce(0) { $0 + $1.images }
    var outcome = TrainingRun.Outcome(
      checkpoint, at: output, seconds: seconds, images: images, on: split, tests: tests, pool: pool)
    outcome.missed = board.state.withLock(\.missed)
    if split.validation.count > 0 {
      outcome.result.members = trained.map {
        TrainingRun.Outcome.score($0.checkpoint.network, on: split.validation, pool: pool)
      }
    }
    return outcome
  }

  /// Trains members until none below a bound is left.
  private func work(
    _ board: Board, below bound: Int, on threads: Int, threadsEach: Int, _ line: inout ProgressLine
  ) throws {
    try Crew.run(threads) { isOn in
      let pool = WorkerPool(threads: threadsEach)
      while isOn(), let place = board.next.take(below: bound) {
        var member = TrainingRun(
          prepared.members[place], output: Self.memberPath(place, of: output), pool: pool)
        member.resumes = resumes
        member.tracker = tracking.map {
          RunTracker(
            $0.ofMember(place), of: prepared.members[place],
            output: Self.memberPath(place, of: output), resumes: resumes, pool: pool)
        }
        do {
          let trained = try member.takenUp { images in
            board.state.withLock { $0.images[place] = images }
          } while: {
            isOn()
          }
          let missed = member.tracker?.missed(of: output)
          board.state.withLock {
            $0.trained[place] = trained
            $0.missed = $0.missed ?? missed
          }
        } catch let failure as Failure where failure.status == .interrupted {
          // What is needed to go on is saved.
          return
        } catch let failure as Failure {
          throw Failure("member \(place + 1): \(failure.message)", failure.status)
        }
      }
    } look: {
      let (images, done) = board.state.withLock { state in
        (state.images.reduce(0, +), state.trained.count { $0 != nil })
      }
      line.update(
        "\(done) of \(prepared.members.count) members", images,
        of: prepared.members.count * prepared.run.passes * split.train.count, unit: "images")
    }
  }

  /// `NAME.member-01.safetensors` beside the output, until all are there.
  private static func memberPath(_ place: Int, of output: String) -> String {
    CheckpointName.path(memberName(place), beside: output)
  }

  /// What a member is called, the first one being 0.
  static func memberName(_ place: Int) -> String { "member-\(place < 9 ? "0" : "")\(place + 1)" }
}
