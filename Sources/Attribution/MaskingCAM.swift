public import Engine
import Networks

/// A class activation map without gradients: each channel weighs what the score is when the image is seen through it.
///
/// Each channel is enlarged, brought to 0...1 and multiplied with the image; the softmax over the channels of the logits
/// that result are the weights. Equals pytorch-grad-cam's `ScoreCAM`, but enlarges with half-pixel centres, as for
/// every other map.
///
/// Reference: Wang et al., Score-CAM (2020).
public struct ScoreCAM: AttributionMethod {
  private let layer: LayerChoice

  /// Score-CAM at a layer.
  public init(at layer: LayerChoice) { self.layer = layer }

  /// The scores, `[N][1][H][W]`; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let shape = executor.network.architecture.inputShape
    let plane = shape.height * shape.width
    let values = executor.tracer.activations(images, of: [layer.name])[layer.name] ?? []
    let size = layer.channels * layer.plane
    let maps = targets.indices.flatMap { image -> [Float] in
      let activations = Array(values[image * size..<(image + 1) * size])
      var masked: [Float] = []
      masked.reserveCapacity(layer.channels * shape.count)
      let masks = layer.enlarged(activations, to: shape)
      for channel in 0..<layer.channels {
        let mask = masks[channel * plane..<(channel + 1) * plane]
        let low = mask.min() ?? 0
        let span = (mask.max() ?? 0) - low + 1e-8
        for i in 0..<shape.count {
          let share = (mask[mask.startIndex + i % plane] - low) / span
          masked.append(images[image * shape.count + i] * share)
        }
      }
      let logits = executor.logits(masked)
      let classes = executor.network.architecture.outputs
      let scores = (0..<layer.channels).map { logits[$0 * classes + targets[image]] }
      return layer.sum(activations, weights: CrossEntropy.probabilities(scores))
    }
    return layer.attribution(maps, for: targets, shape)
  }
}

/// A class activation map without gradients: each channel weighs the share of the score that is lost without it.
///
/// Weight of channel k: (F - F without k) / F, where “without” means zeros in a layer whose smallest output is zero, and
/// far below the smallest in any other. Equals pytorch-grad-cam's `AblationCAM`.
///
/// Reference: Desai, Ramaswamy, Ablation-CAM (2020).
public struct AblationCAM: AttributionMethod {
  private let layer: LayerChoice

  /// Ablation-CAM at a layer.
  public init(at layer: LayerChoice) { self.layer = layer }

  /// The scores, `[N][1][H][W]`; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let tracer = executor.tracer
    let classes = executor.network.architecture.outputs
    let values = tracer.activations(images, of: [layer.name])[layer.name] ?? []
    let size = layer.channels * layer.plane
    let maps = targets.indices.flatMap { image -> [Float] in
      let activations = Array(values[image * size..<(image + 1) * size])
      let low = activations.min() ?? 0
      let nothing = low == 0 ? 0 : low - 1e5
      var changed = activations
      for channel in 0..<layer.channels {
        var copy = activations
        for i in channel * layer.plane..<(channel + 1) * layer.plane { copy[i] = nothing }
        changed += copy
      }
      let pixels = images.count / targets.count
      let logits = tracer.logits(
        changed, from: layer.name, of: Array(images[image * pixels..<(image + 1) * pixels]))
      let whole = logits[targets[image]]
      return layer.sum(
        activations,
        weights: (1...layer.channels).map {
          // A score of nothing has no shares.
          whole == 0 ? 0 : (whole - logits[$0 * classes + targets[image]]) / whole
        })
    }
    return layer.attribution(maps, for: targets, executor.network.architecture.inputShape)
  }
}

extension LayerChoice {
  /// One image's channels added up with weights.
  fileprivate func sum(_ activations: [Float], weights: [Float]) -> [Float] {
    (0..<plane).map { place in
      (0..<channels).reduce(Float(0)) { $0 + weights[$1] * activations[$1 * plane + place] }
    }
  }
}
