public import Engine
import Networks

/// How far each pixel's difference from a baseline explains the score's: differences are passed back instead of slopes.
///
/// An activation function passes back Δout/Δin, a maximum pooling the cross-maximum's share to each of the two maxima's places, and
/// linear layers their weights, an ensemble its mean slope between the two; where Δin is below 1e-10 the gradient stands in. The scores add up to F(x) - F(b).
/// Equals Captum's `DeepLift` (rescale rule) where that is complete: it is not with a rectifier right before a maximum
/// pooling, nor with windows that overlap.
///
/// Reference: Shrikumar, Greenside, Kundaje, Learning Important Features Through Propagating Activation
/// Differences (2017).
public struct DeepLIFT: AttributionMethod {
  private let baseline: Baseline

  /// DeepLIFT with the rescale rule.
  public init(baseline: Baseline = .black) { self.baseline = baseline }

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let architecture = executor.network.architecture
    let baselines = baseline.images(for: images, architecture.inputShape)
    let trace = executor.tracer.trace(
      images, of: .logit(targets), by: RescaleRule(), references: baselines.values)
    let size = baselines.size
    let scores = images.indices.map { i in
      trace.pixels[i] * (images[i] - baselines.values[baselines.start(i / size) + i % size])
    }
    let logits = executor.logits(baselines.values)
    let start = targets.enumerated().map { image, target in
      logits[baselines.start(image) / size * architecture.outputs + target]
    }
    return Attribution(
      scores: scores, targets: targets,
      convergenceDelta: Completeness.residual(scores, of: trace.outputs, targets, from: start))
  }
}

/// The multipliers of DeepLIFT's rescale rule.
private struct RescaleRule: BackwardRule {
  /// A smaller difference is none.
  private static let smallest: Float = 1e-10

  func inputGradient(of pass: LayerPass) -> [Float]? {
    guard let input = pass.referenceInput, let output = pass.referenceOutput else { return nil }
    switch pass.layer.layer.family {
    case .activation: return activation(pass, input, output)
    case .pooling(.maximum): return maximum(pass, input, output)
    case .affine, .pooling(.average), .normalization, .reshape, .selection, .constants, .memory,
      .noise, .joint:
      return nil
    }
  }

  /// A mean of probabilities is no sum of what its inputs add: its mean slopes are, on the way from the references.
  func inputGradients(ofJoint pass: LayerPass) -> [[Float]]? {
    guard pass.layer.layer.family == .joint(.mixture), let references = pass.referenceInputs else {
      return nil
    }
    let start = zip(pass.inputs, references).map { tiled($1, to: $0.count) }
    return pass.meanInputGradients(ofJoint: pass.outputGradient, from: start)
  }

  private func activation(
    _ pass: LayerPass, _ referenceInput: [Float], _ referenceOutput: [Float]
  ) -> [Float] {
    let (input, output, gradient) = (pass.input, pass.output, pass.outputGradient)
    // Where nothing differs the slope stands in.
    var result = pass.inputGradient(of: gradient)
    var reference = 0
    for i in result.indices {
      let difference = input[i] - referenceInput[reference]
      if abs(difference) >= Self.smallest {
        result[i] = gradient[i] * (output[i] - referenceOutput[reference]) / difference
      }
      reference += 1
      if reference == referenceInput.count { reference = 0 }
    }
    return result
  }

  private func maximum(
    _ pass: LayerPass, _ referenceInput: [Float], _ referenceOutput: [Float]
  ) -> [Float] {
    let (input, output, gradient) = (pass.input, pass.output, pass.outputGradient)
    let otherInput = tiled(referenceInput, to: input.count)
    let otherOutput = tiled(referenceOutput, to: output.count)
    var (toOwn, toOther) = (gradient, gradient)
    for i in gradient.indices {
      let cross = max(output[i], otherOutput[i])
      toOwn[i] *= cross - otherOutput[i]
      toOther[i] *= output[i] - cross
    }
    let own = pass.inputGradient(of: toOwn)
    let other = pass.inputGradient(of: toOther, input: otherInput, output: otherOutput)
    let plain = pass.inputGradient(of: gradient)
    return input.indices.map { i in
      let difference = input[i] - otherInput[i]
      return abs(difference) < Self.smallest ? plain[i] : (own[i] + other[i]) / difference
    }
  }

  private func tiled(_ values: [Float], to count: Int) -> [Float] {
    values.count == count ? values : (0..<count / values.count).flatMap { _ in values }
  }
}
