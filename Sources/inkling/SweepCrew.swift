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

  /// Workers on the images of a sweep.
  ///
  /// - Throws: `SweepError` if the images are others.
  init(_ folder: SweepFolder, on dataset: Dataset, threads: Int?) throws {
    self.folder = folder
    worker = try SweepWorker(folder, on: dataset)
    self.threads = threads ?? WorkerPool.processors
  }

  /// Trials that were done, counted by all threads.
  private final class Count: Sendable {
    let done = Mutex(0)
  }

  /// Works until nothing is left, or until it is interrupted.
  ///
  /// - Parameter most: trials that each worker does at most.
  /// - Returns: how many trials were done.
  /// - Throws: `Failure` if it was interrupted or a file could not be read or written.
  func work(atMost most: Int = .max) throws -> Int {
    Interruption.watch()
    defer { Interruption.exitAtOnce() }
    let count = Count()
    var line = ProgressLine()
    defer { line.finish() }
    var progress = try SweepProgress(of: folder)
    try Crew.run(threads) { [worker] isOn in
      let done = try worker.work(
        pool: WorkerPool(threads: 1), most: most,
        pause: { Thread.sleep(forTimeInterval: Crew.interval) }, while: isOn)
      count.done.withLock { $0 += done }
    } look: {
      // A worker tells of a result that cannot be read.
      if (try? progress.refresh()) != nil { tell(progress, &line) }
    }
    if Interruption.isRequested {
      throw Failure(
        "interrupted; what is done is kept, and the same command goes on from here", .interrupted)
    }
    return count.done.withLock { $0 }
  }

  /// Tells how far the sweep is.
  private func tell(_ progress: SweepProgress, _ line: inout ProgressLine) {
    guard let rung = progress.rungs.last else { return }
    let label =
      folder.sweep.rungs.count > 1
      ? "rung \(progress.rungs.count)/\(folder.sweep.rungs.count), \(rung.done) of \(rung.count) trials"
      : "\(rung.done) of \(rung.count) trials"
    line.update(
      label, progress.epochs.done, of: progress.epochs.planned, unit: "epochs",
      detail: progress.best.map { "best \(Format.percent($0.score.accuracy))" } ?? "")
  }
}
