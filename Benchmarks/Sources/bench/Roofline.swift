import ArgumentParser
import Engine
import KernelTable

/// GFLOP/s of the general product on the shapes of the course's CNN, one thread, beside the machine's peak.
struct Roofline: ParsableCommand {
  @Option(help: "Seconds for each kernel.") var seconds = 0.3

  func run() {
    for kernels in InstructionSet.available {
      for (name, task, flops) in shapes() {
        let rate = repeated(seconds: seconds, work: flops) { kernels.multiply(task) }
        print("\(kernels.name)\t\(name)\t\(format(rate / 1e9)) GFLOP/s")
      }
    }
  }

  private func numbers(_ count: Int) -> UnsafeMutablePointer<Float> {
    let p = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
    for i in 0..<count { p[i] = Float(i % 7) * 0.1 }
    return p
  }

  private func shapes() -> [(String, MatrixTask, Double)] {
    let (a, b, c) = (numbers(4_000_000), numbers(1_000_000), numbers(1_000_000))
    func task(
      _ rows: Int, _ columns: Int, _ inner: Int, aRow: Int, aInner: Int, bInner: Int
    ) -> MatrixTask {
      MatrixTask(
        a: a, aRow: aRow, aInner: aInner, b: b, bInner: bInner, c: c, cRow: columns, rows: rows,
        columns: columns, inner: inner)
    }
    let flops = { (task: MatrixTask) in
      2.0 * Double(task.rows * task.columns * task.inner * task.outer * task.repeats)
    }
    var list: [(String, MatrixTask)] = [
      ("in L1, 48x16x256", task(48, 16, 256, aRow: 256, aInner: 1, bInner: 16)),
      ("winograd place 49x64x32", task(49, 64, 32, aRow: 32, aInner: 1, bInner: 64)),
      ("linear forward 16x128x3136", task(16, 128, 3136, aRow: 3136, aInner: 1, bInner: 128)),
      ("linear forward strip 16x16x3136", task(16, 16, 3136, aRow: 3136, aInner: 1, bInner: 16)),
      ("linear input gradient 3136x16x128", task(3136, 16, 128, aRow: 128, aInner: 1, bInner: 16)),
      ("linear weight gradient 64x128x64", task(64, 128, 64, aRow: 1, aInner: 3136, bInner: 128)),
      ("the same, packed", task(64, 128, 64, aRow: 1, aInner: 64, bInner: 128)),
    ]
    var first = task(28, 32, 3, aRow: 1, aInner: 1, bInner: 32)
    (first.outer, first.aOuter, first.bOuter) = (3, 30, 96)
    (first.repeats, first.aRepeat, first.cRepeat) = (2, 30, 28 * 32)
    list.append(("convolution 1->32 forward", first))
    var weights = task(3, 32, 28, aRow: 1, aInner: 1, bInner: 32)
    (weights.outer, weights.aOuter, weights.bOuter) = (2, 30, 28 * 32)
    (weights.repeats, weights.aRepeat, weights.cRepeat) = (3, 30, 96)
    weights.accumulates = true
    list.append(("convolution 1->32 weights", weights))
    var direct = task(14, 64, 96, aRow: 32, aInner: 1, bInner: 64)
    (direct.outer, direct.aOuter, direct.bOuter) = (3, 16 * 32, 96 * 64)
    (direct.repeats, direct.aRepeat, direct.cRepeat) = (14, 16 * 32, 14 * 64)
    list.append(("convolution 32->64 forward, direct", direct))
    return list.map { ($0.0, $0.1, flops($0.1)) }
  }
}
