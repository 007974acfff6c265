import CProcessor
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Threads that wait for work: a bounded spin, then sleep.
///
/// Every thread has its own run of a call's tasks, the same whenever as many are called for, so that what it works on stays in
/// its caches; who has done them takes over what others have left. So which thread does which is left to chance, and whoever
/// uses the pool makes each task's result independent of that.
public final class WorkerPool: Sendable {
  /// Threads at work, the calling one included.
  public let threads: Int
  private let crew: Crew

  /// A pool of `threads` threads (at least one), the calling one included.
  ///
  /// Where the system grants fewer, fewer work; the results are the same.
  public init(threads: Int) {
    self.threads = max(1, threads)
    crew = Crew(helpers: self.threads - 1)
  }

  deinit { crew.dismiss() }

  /// The machine's processors that this process may use.
  public static var processors: Int { Int(processor_count()) }

  /// Calls `body` once for each task in 0..<count, on all threads, and returns when all are done.
  ///
  /// `worker` is below `threads` and is never used by two calls at once, so it can index scratch memory.
  /// Calls from several threads wait for one another. Not to be called from inside `body`. On every thread, numbers
  /// below the smallest normal one are zero while `body` runs.
  public func run(_ count: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    crew.run(count, body)
  }
}

/// Numbers below the smallest normal one, which cost a trap each: moments of pixels that are always blank decay into them.
enum Denormals {
  /// Runs `body` with such numbers taken for zero on this thread, and restores what was set before.
  static func flushed<Result>(_ body: () throws -> Result) rethrows -> Result {
    let state = processor_flush_denormals()
    defer { processor_restore_arithmetic(state) }
    return try body()
  }
}

/// Tasks that are taken one by one; on cache lines of its own, because its worker counts often.
private struct TaskRun: ~Copyable {
  private let next = Atomic<Int>(0)
  private var end = 0
  // Processors fetch lines in pairs.
  private let rest = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

  /// Sets the tasks, while no thread takes any.
  mutating func begin(_ tasks: Range<Int>) {
    next.store(tasks.lowerBound, ordering: .relaxed)
    end = tasks.upperBound
  }

  func take() -> Int? {
    // Only looked at where all are taken, so that those who seek work do not write.
    guard next.load(ordering: .relaxed) < end else { return nil }
    let task = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return task < end ? task : nil
  }
}

/// What the threads share. They hold it themselves, so that the pool can be released.
private final class Crew: @unchecked Sendable {
  private let generation = Atomic<Int>(0)
  private let finished = Atomic<Int>(0)
  /// Each worker's run of tasks.
  private let runs: UnsafeMutablePointer<TaskRun>
  private let dismissed = Atomic<Bool>(false)
  private var job: (_ task: Int, _ worker: Int) -> Void = { _, _ in }
  private var handles: [pthread_t] = []
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Held by the thread whose work is being done.
  private let turn = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  /// Longer than what a training step does between its parallel parts: on a virtual machine to wake a sleeping thread takes
  /// as long as a step of a small network.
  private static let spinTime = Duration.microseconds(200)
  private let workers: Int

  init(helpers: Int) {
    workers = helpers + 1
    runs = .allocate(capacity: workers)
    for worker in 0..<workers { (runs + worker).initialize(to: TaskRun()) }
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(done, nil)
    pthread_mutex_init(turn, nil)
    for _ in 0..<helpers {
      // Numbered by those that the system grants.
      let duty = Duty(crew: self, worker: handles.count + 1)
      let context = Unmanaged.passRetained(duty).toOpaque()
      #if canImport(Glibc)
        var handle = pthread_t()
        let status = pthread_create(
          &handle, nil,
          { context in
            if let context { Crew.enter(context) }
            return nil
          }, context)
        if status == 0 { handles.append(handle) }
      #else
        var handle: pthread_t?
        let status = pthread_create(
          &handle, nil,
          { context in
            Crew.enter(context)
            return nil
          }, context)
        if status == 0, let handle { handles.append(handle) }
      #endif
      if status != 0 { Unmanaged<Duty>.fromOpaque(context).release() }
    }
  }

  deinit {
    runs.deinitialize(count: workers)
    runs.deallocate()
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(wake)
    pthread_cond_destroy(done)
    pthread_mutex_destroy(turn)
    turn.deallocate()
    mutex.deallocate()
    wake.deallocate()
    done.deallocate()
  }

  private final class Duty {
    let crew: Crew
    let worker: Int
    init(crew: Crew, worker: Int) {
      self.crew = crew
      self.worker = worker
    }
  }

  private static func enter(_ context: UnsafeMutableRawPointer) {
    let duty = Unmanaged<Duty>.fromOpaque(context).takeRetainedValue()
    duty.crew.serve(worker: duty.worker)
  }

  func dismiss() {
    dismissed.store(true, ordering: .releasing)
    publish()
    for handle in handles { pthread_join(handle, nil) }
    handles = []
  }

  func run(_ count: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    pthread_mutex_lock(turn)
    defer { pthread_mutex_unlock(turn) }
    Denormals.flushed { share(count, body) }
  }

  private func share(_ count: Int, _ body: (_ task: Int, _ worker: Int) -> Void) {
    guard !handles.isEmpty, count > 1 else {
      for task in 0..<count { body(task, 0) }
      return
    }
    withoutActuallyEscaping(body) { body in
      job = body
      // Threads that were not granted have no run of their own.
      let present = handles.count + 1
      for worker in 0..<present {
        runs[worker].begin(worker * count / present..<(worker + 1) * count / present)
      }
      finished.store(0, ordering: .relaxed)
      publish()
      takeTasks(worker: 0)
      waitForHelpers()
      job = { _, _ in }
    }
  }

  private func serve(worker: Int) {
    // For the thread's whole life: it is the pool's alone.
    _ = processor_flush_denormals()
    var seen = 0
    while true {
      wait(on: wake) { generation.load(ordering: .acquiring) != seen }
      seen += 1
      if dismissed.load(ordering: .acquiring) { return }
      takeTasks(worker: worker)
      let arrived = finished.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
      if arrived == handles.count {
        pthread_mutex_lock(mutex)
        pthread_cond_signal(done)
        pthread_mutex_unlock(mutex)
      }
    }
  }

  private func takeTasks(worker: Int) {
    let present = handles.count + 1
    let job = job
    for step in 0..<present {
      let run = runs + (worker + step) % present
      while let task = run.pointee.take() { job(task, worker) }
    }
  }

  private func publish() {
    pthread_mutex_lock(mutex)
    generation.wrappingAdd(1, ordering: .releasing)
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(mutex)
  }

  private func waitForHelpers() {
    wait(on: done) { finished.load(ordering: .acquiring) == handles.count }
  }

  private func wait(
    on condition: UnsafeMutablePointer<pthread_cond_t>, until isMet: () -> Bool
  ) {
    let start = ContinuousClock.now
    repeat {
      for _ in 0..<64 {
        if isMet() { return }
        processor_relax()
      }
    } while ContinuousClock.now - start < Self.spinTime
    pthread_mutex_lock(mutex)
    while !isMet() { pthread_cond_wait(condition, mutex) }
    pthread_mutex_unlock(mutex)
  }
}
