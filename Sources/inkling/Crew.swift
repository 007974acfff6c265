import Foundation
import Synchronization

/// Numbers that threads take, each once.
final class Turns: Sendable {
  private let next = Mutex(0)

  /// The next number; `nil` once a bound is reached.
  func take(below bound: Int) -> Int? {
    next.withLock { next in
      guard next < bound else { return nil }
      defer { next += 1 }
      return next
    }
  }
}

/// Threads of this program that work side by side while another tells how far they are.
enum Crew {
  /// Bytes of stack for a thread, as the first one of a program has.
  private static let stackSize = 8 << 20
  /// Seconds between two looks.
  static let interval = 0.5

  /// What the threads say at their end.
  private final class Outcome: Sendable {
    let failure = Mutex<Failure?>(nil)
    let isStopped = Atomic<Bool>(false)
    let left: Atomic<Int>

    init(threads: Int) { left = Atomic(threads) }
  }

  /// Runs the same work on some threads to its end.
  ///
  /// - Parameters:
  ///   - threads: how many.
  ///   - work: told whether to go on: no more once there is an interruption or a thread has failed.
  ///   - look: called now and then.
  /// - Throws: the first thread's `Failure`, if one failed.
  static func run(
    _ threads: Int, _ work: @escaping @Sendable (_ isOn: @Sendable () -> Bool) throws -> Void,
    look: () -> Void
  ) throws {
    let outcome = Outcome(threads: threads)
    for _ in 0..<threads {
      let thread = Thread {
        do {
          try work { !Interruption.isRequested && !outcome.isStopped.load(ordering: .relaxed) }
        } catch {
          let failure = Failure(error) ?? Failure("\(error)", .inputOutput)
          outcome.failure.withLock { if $0 == nil { $0 = failure } }
          outcome.isStopped.store(true, ordering: .relaxed)
        }
        outcome.left.subtract(1, ordering: .releasing)
      }
      thread.stackSize = stackSize
      thread.start()
    }
    while outcome.left.load(ordering: .acquiring) > 0 {
      Thread.sleep(forTimeInterval: interval)
      look()
    }
    if let failure = outcome.failure.withLock({ $0 }) { throw failure }
  }
}
