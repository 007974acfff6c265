import KernelTable
import Networks

/// Maximum and average pooling, one image at a time.
struct PoolOperation: Operation {
  let kind: Pool2D.Kind
  let output: Layout
  private let inputCount: Int
  private let shape: PoolShape

  init(_ layer: Pool2D, input: Layout, outputHeight: Int, outputWidth: Int) {
    kind = layer.kind
    inputCount = input.count
    output = Layout(
      height: outputHeight, width: outputWidth, channels: input.channels, step: input.step)
    shape = PoolShape(
      width: input.width, outputHeight: outputHeight, outputWidth: outputWidth,
      channels: input.step, kernel: layer.kernel, stride: layer.stride)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      switch kind {
      case .maximum: pass.kernels.maxPool(pass.input[image], pass.output[image], shape)
      case .average: pass.kernels.averagePool(pass.input[image], pass.output[image], shape)
      }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    for image in images {
      inputGradient[image].update(repeating: 0, count: inputCount)
      switch kind {
      case .maximum:
        pass.kernels.maxPoolBackward(
          pass.input[image], pass.output[image], pass.outputGradient[image],
          inputGradient[image], shape)
      case .average:
        pass.kernels.averagePoolBackward(
          pass.outputGradient[image], inputGradient[image], shape)
      }
    }
  }
}
