import KernelTable
import Networks

/// A function of every number. Backward needs what went in, so forward does not write over it.
struct ActivationOperation: Operation {
  private let kernel: ActivationKernel
  private let parameter: Float
  let output: Layout
  var isElementwise: Bool { true }

  init(_ layer: any ActivationLayer, at site: OperationSite) {
    guard let kernel = site.kernels.activation(type(of: layer).stem) else {
      preconditionFailure("ActivationOperation: no kernel computes \(layer.text)")
    }
    self.init(kernel: kernel, parameter: layer.parameter ?? 0, output: site.input)
  }

  private init(kernel: ActivationKernel, parameter: Float, output: Layout) {
    self.kernel = kernel
    self.parameter = parameter
    self.output = output
  }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    ActivationOperation(kernel: kernel, parameter: parameter, output: crop)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    var atZero: Float = 0
    withUnsafePointer(to: Float.zero) { kernel.forward(parameter, $0, &atZero, 1) }
    for image in images {
      kernel.forward(parameter, pass.input[image], pass.output[image], output.count)
      if atZero != 0 { output.clearPadding(pass.output[image]) }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    for image in images {
      kernel.backward(
        parameter, pass.input[image], pass.output[image], pass.outputGradient[image],
        inputGradient[image], output.count)
    }
  }
}
