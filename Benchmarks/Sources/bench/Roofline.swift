import ArgumentParser
import Engine
import KernelTable

/// GFLOP/s of each kernel on the shapes of the course's networks, one thread, beside the machine's peak.
///
/// The peak is the general product on operands that never leave one cache line.
struct Roofline: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "GFLOP/s of each kernel and level, and the share of the peak.")
  @Option(help: "Seconds for each kernel.") var seconds = 0.2

  func run() {
    let memory = Operands()
    for kernels in InstructionSet.available {
      let peak = repeated(seconds: seconds, work: memory.peak.flops) {
        kernels.multiply(memory.peak.task)
      }
      func line(_ name: String, _ flops: Double, _ body: () -> Void) {
        let rate = repeated(seconds: seconds, work: flops, body)
        let padding = String(repeating: " ", count: max(0, 42 - name.count))
        print(
          "\(kernels.name)  \(name)\(padding) \(format(rate / 1e9)) GFLOP/s"
            + "  \(format(100 * rate / peak)) %")
      }
      line("peak", memory.peak.flops) { kernels.multiply(memory.peak.task) }
      for (name, product) in memory.products {
        line(name, product.flops) { kernels.multiply(product.task) }
      }
      let sparse = memory.sparse
      line("live places, 32 channels", 18 * 32 * 64 * 15) { kernels.accumulateSparse(sparse) }
      let gather = memory.gather
      line("inked rows, 150 of 784 x 128", 2 * 150 * 128) { kernels.gather(gather) }
      let update = memory.update
      // Twelve operations a number: two moments, a root, a division.
      line("Adam, 8192 numbers", 12 * 8192) { _ = kernels.update(update) }
    }
  }
}

/// Memory that the kernels are measured on.
private final class Operands {
  private let a = Operands.numbers(4_000_000)
  private let b = Operands.numbers(1_000_000)
  private let c = Operands.numbers(1_000_000)
  private let offsets = UnsafeMutablePointer<Int32>.allocate(capacity: 4096)
  private let counts = UnsafeMutablePointer<Int32>.allocate(capacity: 64)
  private let targets = UnsafeMutablePointer<Int32>.allocate(capacity: 64)

  private static func numbers(_ count: Int) -> UnsafeMutablePointer<Float> {
    let pointer = UnsafeMutableRawPointer.allocate(byteCount: 4 * count, alignment: 64)
      .bindMemory(to: Float.self, capacity: count)
    for i in 0..<count { pointer[i] = Float(i % 7) * 0.01 }
    return pointer
  }

  struct Product {
    var task: MatrixTask
    var flops: Double {
      2 * Double(task.rows * task.columns * task.inner * task.outer * task.repeats)
    }
  }

  private func product(
    _ rows: Int, _ columns: Int, _ inner: Int, aRow: Int, aInner: Int, bInner: Int,
    _ change: (inout MatrixTask) -> Void = { _ in }
  ) -> Product {
    var task = MatrixTask(
      a: a, aRow: aRow, aInner: aInner, b: b, bInner: bInner, c: c, cRow: columns, rows: rows,
      columns: columns, inner: inner)
    change(&task)
    return Product(task: task)
  }

  var peak: Product { product(84, 32, 4096, aRow: 0, aInner: 0, bInner: 0) }

  var products: [(String, Product)] {
    [
      ("Winograd place, 49 x 64 x 32", product(49, 64, 32, aRow: 32, aInner: 1, bInner: 64)),
      ("Winograd weights, 64 x 32 x 49", product(64, 32, 49, aRow: 1, aInner: 64, bInner: 32)),
      ("linear forward, 64 x 16 x 256", product(64, 16, 256, aRow: 3136, aInner: 1, bInner: 16)),
      (
        "linear input gradient, 3136 x 16 x 128",
        product(3136, 16, 16, aRow: 16, aInner: 1, bInner: 16) {
          ($0.outer, $0.aOuter, $0.bOuter) = (8, 16 * 3136, 256)
        }
      ),
      (
        "linear weight gradient, 64 x 16 x 64",
        product(64, 16, 64, aRow: 1, aInner: 64, bInner: 128)
      ),
      (
        "convolution 1 to 32, forward",
        product(28, 32, 3, aRow: 1, aInner: 1, bInner: 32) {
          ($0.outer, $0.aOuter, $0.bOuter) = (3, 30, 96)
          ($0.repeats, $0.aRepeat, $0.cRepeat) = (2, 30, 28 * 32)
        }
      ),
      (
        "convolution 1 to 32, weights",
        product(3, 32, 28, aRow: 1, aInner: 1, bInner: 32) {
          ($0.outer, $0.aOuter, $0.bOuter) = (2, 30, 28 * 32)
          ($0.repeats, $0.aRepeat, $0.cRepeat) = (3, 30, 96)
          $0.accumulates = true
        }
      ),
      (
        "convolution 5 x 5, 16 to 48, forward",
        product(14, 48, 80, aRow: 16, aInner: 1, bInner: 48) {
          ($0.outer, $0.aOuter, $0.bOuter) = (5, 18 * 16, 80 * 48)
          ($0.repeats, $0.aRepeat, $0.cRepeat) = (14, 18 * 16, 14 * 48)
        }
      ),
    ]
  }

  /// The weight gradient of 64 filters with 15 live places each.
  var sparse: SparseTask {
    for i in 0..<64 {
      counts[i] = 15
      targets[i] = Int32(i * 288)
      for entry in 0..<15 { offsets[i * 49 + entry] = Int32((i * 31 + entry * 17) % 190 * 32) }
    }
    return SparseTask(
      lists: 64, counts: counts, capacity: 49, offsets: offsets, values: b, source: a,
      sourceRow: 16 * 32, sourceColumn: 32, target: c, targets: targets, targetRow: 96,
      targetColumn: 32, channels: 32)
  }

  var gather: GatherTask {
    for entry in 0..<150 { offsets[entry] = Int32(16 * 5 * entry) }
    return GatherTask(
      count: 150, offsets: offsets, values: b, source: a, sourceStrip: 16 * 784, start: b,
      startFactor: 1, target: c, targetStrip: 16, strips: 8)
  }

  var update: UpdateTask {
    UpdateTask(
      parameters: c, gradient: b, first: c + 100_000, second: c + 200_000, count: 8192,
      coupledDecay: 0, shrink: 1,
      formula: .adam(rate: 1e-6, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, rootScale: 1))
  }
}
