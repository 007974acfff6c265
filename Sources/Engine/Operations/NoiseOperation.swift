import Networks
import Randomness

/// Gaussian noise in training, a copy otherwise; its gradient is the output's.
struct NoiseOperation: Operation {
  let deviation: Float
  let output: Layout
  var isElementwise: Bool { true }

  func cropped(to crop: Layout, height: Int, width: Int) -> (any Operation)? {
    NoiseOperation(deviation: deviation, output: crop)
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let target = pass.output[image]
      if pass.input[image] != target {
        target.update(from: pass.input[image], count: output.count)
      }
      guard let randomness = pass.randomness, deviation > 0 else { continue }
      // A purpose of its own: many numbers are drawn here, and layers' seeds lie a few draws apart.
      var generator = SplitMix64(
        seed: randomness, purpose: "noise", index: UInt64(image / pass.imagesPerMask))
      for position in 0..<output.positions {
        for channel in 0..<output.channels {
          target[position * output.step + channel] += deviation * generator.normal()
        }
      }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    for image in images where inputGradient[image] != pass.outputGradient[image] {
      inputGradient[image].update(from: pass.outputGradient[image], count: output.count)
    }
  }
}

extension GaussianNoise: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (NoiseOperation(deviation: deviation, output: site.input), 1)
  }
}
