import KernelTable
import Networks

/// Maximum and average pooling, one image at a time.
struct PoolOperation: Operation {
  let output: Layout
  private let layer: Pool2D
  private let inputCount: Int
  private let shape: PoolShape

  init(_ layer: Pool2D, input: Layout, outputHeight: Int, outputWidth: Int) {
    self.layer = layer
    inputCount = input.count
    output = Layout(
      height: outputHeight, width: outputWidth, channels: input.channels, step: input.step)
    shape = PoolShape(
      height: input.height, width: input.width, outputHeight: outputHeight,
      outputWidth: outputWidth, channels: input.step, kernel: layer.kernel, stride: layer.stride,
      padding: layer.padding, countsPadding: layer.countsPadding)
  }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    // A crop has its own edges, over which windows that reach beyond the image's would be taken apart.
    layer.reachesBeyond
      ? nil : PoolOperation(layer, input: crop, outputHeight: height, outputWidth: width)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      switch layer.kind {
      case .maximum: pass.kernels.maxPool(pass.input[image], pass.output[image], shape)
      case .average: pass.kernels.averagePool(pass.input[image], pass.output[image], shape)
      }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    for image in images {
      inputGradient[image].update(repeating: 0, count: inputCount)
      switch layer.kind {
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

extension Pool2D: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    let (height, width) = site.result
    return (
      PoolOperation(self, input: site.input, outputHeight: height, outputWidth: width), 1
    )
  }
}
