import KernelTable
import Networks
import Randomness

/// The rectifier. Backward looks at the output, so forward may write over its input.
struct ReLUOperation: Operation {
  let output: Layout
  var isElementwise: Bool { true }
  var overwritesInput: Bool { true }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    ReLUOperation(output: crop)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images { pass.kernels.relu(pass.input[image], pass.output[image], output.count) }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    for image in images {
      pass.kernels.reluBackward(
        pass.output[image], pass.outputGradient[image], inputGradient[image], output.count)
    }
  }
}

/// Dropout: the same mask is drawn again backward; a copy outside training.
///
/// It does not write over its input: a pooling before it finds the places of its maxima in its own output again.
struct DropoutOperation: Operation {
  let probability: Float
  let output: Layout
  var isElementwise: Bool { true }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    DropoutOperation(probability: probability, output: crop)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    apply(images, pass, from: pass.input, to: pass.output)
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    apply(images, pass, from: pass.outputGradient, to: inputGradient)
  }

  private func apply(
    _ images: Range<Int>, _ pass: Pass, from source: ShardStrip, to target: ShardStrip
  ) {
    for image in images {
      if let randomness = pass.randomness, probability > 0 {
        var generator = SplitMix64(seed: randomness &+ UInt64(image / pass.imagesPerMask))
        let seed = UInt32(truncatingIfNeeded: generator.next())
        pass.kernels.dropout(source[image], target[image], output.count, probability, seed)
      } else if source[image] != target[image] {
        target[image].update(from: source[image], count: output.count)
      }
    }
  }
}

/// Flattening, and its inverse: the memory stays as it is, only PyTorch's order of the numbers gets a name.
struct FlattenOperation: Operation {
  let output: Layout
  var isElementwise: Bool { true }
  var overwritesInput: Bool { true }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    copy(images, from: pass.input, to: pass.output)
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    copy(images, from: pass.outputGradient, to: inputGradient)
  }

  private func copy(_ images: Range<Int>, from source: ShardStrip, to target: ShardStrip) {
    for image in images where source[image] != target[image] {
      target[image].update(from: source[image], count: output.count)
    }
  }
}

extension ReLU: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (ReLUOperation(output: site.input), 1)
  }
}

extension Dropout: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (DropoutOperation(probability: probability, output: site.input), 1)
  }
}

extension Flatten: ExecutableLayer {
  /// The images flattened into a linear layer are one operation, which sums over their inked pixels only.
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    guard let background = site.background, let linear = site.following.first as? Linear else {
      return (FlattenOperation(output: site.input), 1)
    }
    let operation = LinearOperation(
      linear, input: site.input, background: background, firstTensor: site.firstTensor)
    return (operation, 2)
  }
}
