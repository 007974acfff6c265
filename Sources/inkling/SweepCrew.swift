import Datasets
import Engine
import Experiments
import Figures
import Foundation
import Synchronization

/// Workers on a sweep within this program, each with a thread of its own, and a line that tells how far it is.
struct SweepCrew {
  let folder: SweepFolder
  private let worker: SweepWorker
  private let threads: Int

  /// Bytes of stack for a worker, as the first thread of a program has.
  private static let stackSize = 8 << 20
  /// Seconds between two looks at the folder.
  private static let interval = 0.5

  /// Workers on the images of a sweep.
  ///
  /// - Throws: `SweepError` if the images are others.
  init(_ folder: SweepFolder, on dataset: Dataset, threads: Int?) throws {
    self.folder = folder
    worker = try SweepWorker(folder, on: dataset)
    self.threads = threads ?? WorkerPool.processors
  }

  /// What the threads say at their end.
  private final class Outcome: Sendable {
    let done = Mutex(0)
    let failure = Mutex<Failure?>(nil)
    let isStopped = Atomic<Bool>(false)
    let left: Atomic<Int>

    init(threads: Int) { left = Atomic(threads) }
  }

  /// Works until nothing is left, or until it is interrupted.
  ///
  /// - Parameter most: trials that each worker does at most.
  /// - Returns: how many trials were done.
  /// - Throws: `Failure` if it was interrupted or a file could not be read or written.
  func work(atMost most: Int = .max) throws -> Int {
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    let outcome = Outcome(threads: threads)
    for _ in 0..<threads {
      let thread = Thread { [worker] in
        do {
          let done = try worker.work(
            pool: WorkerPool(threads: 1), most: most,
            pause: { Thread.sleep(forTimeInterval: Self.interval) },
            while: {
              !Interruption.isRequested && !outcome.isStopped.load(ordering: .relaxed)
            })
          outcome.done.withLock { $0 += done }
        } catch {
          let failure = Failure(error) ?? Failure("\(error)", .inputOutput)
          outcome.failure.withLock { if $0 == nil { $0 = failure } }
          outcome.isStopped.store(true, ordering: .relaxed)
        }
        outcome.left.subtract(1, ordering: .releasing)
      }
      thread.stackSize = Self.stackSize
      thread.start()
    }
    try watch(until: { outcome.left.load(ordering: .acquiring) == 0 })
    if let failure = outcome.failure.withLock({ $0 }) { throw failure }
    if Interruption.isRequested {
      throw Failure(
        "interrupted; what is done is kept, and the same command goes on from here", .interrupted)
    }
    return outcome.done.withLock { $0 }
  }

  /// Tells how far the sweep is.
  private func watch(until isDone: () -> Bool) throws {
    var line = ProgressLine()
    defer { line.finish() }
    var progress = try SweepProgress(of: folder)
    while !isDone() {
      Thread.sleep(forTimeInterval: Self.interval)
      // A worker tells of a result that cannot be read.
      guard (try? progress.refresh()) != nil, let rung = progress.rungs.last else { continue }
      let label =
        folder.sweep.rungs.count > 1
        ? "rung \(progress.rungs.count)/\(folder.sweep.rungs.count), \(rung.done) of \(rung.count) trials"
        : "\(rung.done) of \(rung.count) trials"
      line.update(
        label, progress.epochs.done, of: progress.epochs.planned, unit: "epochs",
        detail: progress.best.map { "best \(Format.percent($0.score.accuracy))" } ?? "")
    }
  }
}
