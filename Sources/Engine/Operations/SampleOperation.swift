import Networks
import Randomness

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Normal numbers of means and log variances in training, the means otherwise. Backward draws the same again.
struct SampleOperation: Operation {
  let output: Layout
  private let inputCount: Int
  /// Where each pair lies in the input's memory.
  private let means: [Int]
  private let logVariances: [Int]

  init(input: Layout) {
    let count = input.positions * input.channels / 2
    output = Layout(height: 1, width: 1, channels: count)
    inputCount = input.count
    means = (0..<count).map { input.offset(of: $0) }
    logVariances = (0..<count).map { input.offset(of: count + $0) }
  }

  var readsOutput: Bool { false }

  /// Draws the image's ε; `nil` outside training.
  private func noise(_ image: Int, _ pass: Pass) -> SplitMix64? {
    pass.randomness.map {
      SplitMix64(seed: $0, purpose: "sample", index: UInt64(image / pass.imagesPerMask))
    }
  }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let (input, result) = (pass.input[image], pass.output[image])
      for (place, mean) in means.enumerated() { result[place] = input[mean] }
      output.clearPadding(result)
      guard var noise = noise(image, pass) else { continue }
      for (place, logVariance) in logVariances.enumerated() {
        result[place] += expf(input[logVariance] / 2) * noise.normal()
      }
    }
  }

  func backward(_ images: Range<Int>, _ pass: Pass) {
    guard let inputGradient = pass.inputGradient else { return }
    for image in images {
      let (gradient, result) = (pass.outputGradient[image], inputGradient[image])
      result.update(repeating: 0, count: inputCount)
      for (place, mean) in means.enumerated() { result[mean] = gradient[place] }
      guard var noise = noise(image, pass) else { continue }
      let input = pass.input[image]
      for (place, logVariance) in logVariances.enumerated() {
        result[logVariance] =
          gradient[place] * (expf(input[logVariance] / 2) * noise.normal()) / 2
      }
    }
  }
}

extension GaussianSample: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    (SampleOperation(input: site.input), 1)
  }
}
