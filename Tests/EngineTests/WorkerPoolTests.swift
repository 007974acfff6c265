import Dispatch
import Engine
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: [1, 2, 3, 8])
  func `every task runs once, on a worker of its own`(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let counts = Mutex([Int](repeating: 0, count: 1000))
    let busy = Mutex(Set<Int>())
    for _ in 0..<20 {
      pool.run(1000) { task, worker in
        let isAlone = busy.withLock { $0.insert(worker).inserted }
        #expect(isAlone && worker < threads)
        counts.withLock { $0[task] += 1 }
        _ = busy.withLock { $0.remove(worker) }
      }
    }
    #expect(counts.withLock { $0.allSatisfy { $0 == 20 } })
  }

  @Test(arguments: [1, 3])
  func `calls from several threads wait for one another`(threads: Int) {
    let pool = WorkerPool(threads: threads)
    let busy = Mutex(Set<Int>())
    let sum = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      for _ in 0..<50 {
        pool.run(20) { task, worker in
          let isAlone = busy.withLock { $0.insert(worker).inserted }
          #expect(isAlone)
          sum.wrappingAdd(task, ordering: .relaxed)
          _ = busy.withLock { $0.remove(worker) }
        }
      }
    }
    #expect(sum.load(ordering: .relaxed) == 8 * 50 * 190)
  }

  /// A number that is not known before it runs.
  @inline(never) private func half(_ value: Float) -> Float { value * 0.5 }

  @Test(arguments: [1, 2, 3])
  func `numbers below the smallest are zero on every thread, and only while it works`(threads: Int)
  {
    let pool = WorkerPool(threads: threads)
    let smallest = Float.leastNormalMagnitude
    let found = Mutex([Float](repeating: -1, count: 64))
    for count in [1, 64] {
      pool.run(count) { task, _ in
        let value = half(smallest)
        found.withLock { $0[task] = value }
      }
      #expect(found.withLock { $0[..<count].allSatisfy { $0 == 0 } })
      #expect(half(smallest) > 0)
    }
  }

  @Test func `no task is no work`() {
    let pool = WorkerPool(threads: 2)
    pool.run(0) { _, _ in Issue.record("a task ran") }
  }

  @Test func `pools come and go`() {
    for threads in 1...30 {
      let pool = WorkerPool(threads: threads % 5)
      let sum = Atomic<Int>(0)
      pool.run(10) { task, _ in sum.wrappingAdd(task, ordering: .relaxed) }
      #expect(sum.load(ordering: .relaxed) == 45)
    }
  }
}
