public import Engine
import Networks

/// Where in a layer's feature maps the evidence for a class lies: channels added up with weights, what is below
/// zero cut off, enlarged to the image.
///
/// All variants differ only in how a channel's activations A and the gradients g of the logit with respect to
/// them become a map. Maps are not rescaled: pytorch-grad-cam, with which they agree otherwise, brings each to
/// 0...1.
public struct ClassActivationMap: AttributionMethod {
  /// How activations and gradients become a map.
  public enum Variant: Sendable {
    /// Each channel weighs its mean gradient. Selvaraju et al., Grad-CAM (2017).
    case gradCAM
    /// Positive gradients weigh g² / (2g² + ΣA g³). Chattopadhyay et al., Grad-CAM++ (2018).
    case gradCAMPlusPlus
    /// Gradients weighted by their share of the activation. Fu et al., Axiom-based Grad-CAM (2020).
    case xGradCAM
    /// Activation times gradient at every place. Draelos, Carin, Use HiResCAM Instead of Grad-CAM (2020).
    case hiResCAM
    /// Activation times positive gradient at every place. Jiang et al., LayerCAM (2021).
    case layerCAM
  }

  private let variant: Variant
  private let layer: LayerChoice

  /// A map of a variant at a layer.
  public init(_ variant: Variant = .gradCAM, at layer: LayerChoice) {
    self.variant = variant
    self.layer = layer
  }

  /// The scores, `[N][1][H][W]`; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let trace = executor.tracer.trace(images, of: .logit(targets), keeping: [layer.name])
    let activations = trace.activations[layer.name] ?? []
    let gradients = trace.gradients[layer.name] ?? []
    let plane = layer.plane
    var maps = [Float](repeating: 0, count: targets.count * plane)
    for row in 0..<targets.count * layer.channels {
      let range = row * plane..<(row + 1) * plane
      let map = row / layer.channels * plane
      let weights = weights(activations[range], gradients[range])
      for i in 0..<plane { maps[map + i] += weights[i] * activations[range.lowerBound + i] }
    }
    return layer.attribution(maps, for: targets, executor.network.architecture.inputShape)
  }

  /// What one channel's activations are multiplied by, at every place.
  private func weights(_ a: ArraySlice<Float>, _ g: ArraySlice<Float>) -> [Float] {
    func same(_ weight: Float) -> [Float] { Array(repeating: weight, count: a.count) }
    switch variant {
    case .gradCAM: return same(g.reduce(0, +) / Float(g.count))
    case .hiResCAM: return Array(g)
    case .layerCAM: return g.map { max($0, 0) }
    case .xGradCAM:
      let sum = a.reduce(0, +) + 1e-7
      return same(zip(a, g).reduce(0) { $0 + $1.0 * $1.1 / sum })
    case .gradCAMPlusPlus:
      let sum = a.reduce(0, +)
      return same(
        g.reduce(0) { total, g in
          total + (g > 0 ? g * g * g / (2 * g * g + sum * g * g * g + 1e-6) : 0)
        })
    }
  }
}

extension LayerChoice {
  /// Maps of the layer's size, `[N][h][w]`, cut off below zero and enlarged to the image.
  func attribution(_ maps: [Float], for targets: [Int], _ shape: ImageShape) -> Attribution {
    let raw = maps.map { max($0, 0) }
    let isNegative = targets.indices.map { image in
      let map = maps[image * plane..<(image + 1) * plane]
      return map.allSatisfy { $0 <= 0 } && map.contains { $0 < 0 }
    }
    return Attribution(
      scores: enlarged(raw, to: shape), targets: targets,
      raw: Attribution.LayerMap(
        values: raw, isNegative: isNegative, height: height, width: width))
  }

  /// Planes of the layer's size as large as the image.
  func enlarged(_ planes: [Float], to shape: ImageShape) -> [Float] {
    Bilinear.resized(
      planes, height: height, width: width, toHeight: shape.height, toWidth: shape.width)
  }
}

/// Guided backpropagation where Grad-CAM finds evidence: fine strokes in the right place.
///
/// Equals Captum's `GuidedGradCam` with `interpolate_mode="bilinear"`, as the paper has it.
///
/// Reference: Selvaraju et al., Grad-CAM (2017).
public struct GuidedGradCAM: AttributionMethod {
  private let layer: LayerChoice

  /// Guided Grad-CAM at a layer.
  public init(at layer: LayerChoice) { self.layer = layer }

  /// The scores; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let shape = executor.network.architecture.inputShape
    let map = ClassActivationMap(at: layer).attribution(of: images, in: executor, for: targets)
    let guided = GuidedBackpropagation().attribution(of: images, in: executor, for: targets)
    let plane = shape.height * shape.width
    let scores = guided.scores.indices.map { i in
      guided.scores[i] * map.scores[i / shape.count * plane + i % plane]
    }
    return Attribution(scores: scores, targets: targets)
  }
}
