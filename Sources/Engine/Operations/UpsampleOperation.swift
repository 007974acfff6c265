import KernelTable
import Networks

/// Each place of feature maps as a square of places.
struct UpsampleOperation: Operation {
  let output: Layout
  private let input: Layout
  private let factor: Int

  init(input: Layout, factor: Int) {
    self.input = input
    self.factor = factor
    output = Layout(
      height: input.height * factor, width: input.width * factor, channels: input.channels,
      step: input.step)
  }

  var readsOutput: Bool { false }

  /// Numbers of a row of the output.
  private var rowCount: Int { output.width * output.step }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    let step = input.step
    for image in images {
      var (source, row) = (pass.input[image], pass.output[image])
      for _ in 0..<input.height {
        for x in 0..<output.width {
          (row + x * step).update(from: source + x / factor * step, count: step)
        }
        for copy in 1..<max(1, factor) {
          (row + copy * rowCount).update(from: row, count: rowCount)
        }
        source += input.width * step
        row += factor * rowCount
      }
    }
  }

  /// The sum over each square, row by row.
  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    let step = input.step
    for image in images {
      var (row, sum) = (pass.outputGradient[image], inputGradient[image])
      sum.update(repeating: 0, count: input.count)
      for _ in 0..<input.height {
        for _ in 0..<factor {
          // The places of a square's row lie one behind the other.
          for x in 0..<input.width {
            pass.kernels.addRows(row + x * factor * step, factor, step, sum + x * step)
          }
          row += rowCount
        }
        sum += input.width * step
      }
    }
  }
}

extension Upsample: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (UpsampleOperation(input: site.input, factor: factor), 1)
  }
}
