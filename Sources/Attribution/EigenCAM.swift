public import Engine
import Networks
import Representations

/// The first principal component of a layer's activations over the places: what stands out, for whatever class.
///
/// The component's sign, which the decomposition leaves open, is chosen so that it goes with the sum of the
/// channels. Agrees with pytorch-grad-cam's `EigenCAM` up to that sign.
///
/// Reference: Muhammad, Yeasin, Eigen-CAM (2020).
public struct EigenCAM: AttributionMethod {
  private let layer: LayerChoice

  /// Eigen-CAM at a layer.
  public init(at layer: LayerChoice) { self.layer = layer }

  /// The scores, `[N][1][H][W]`; see `AttributionMethod`.
  public func attribution(
    of images: [Float], in executor: Executor, for targets: [Int]
  ) -> Attribution {
    let values = executor.tracer.activations(images, of: [layer.name])[layer.name] ?? []
    let size = layer.channels * layer.plane
    let maps = targets.indices.flatMap { component(values[$0 * size..<($0 + 1) * size]) }
    return layer.attribution(maps, for: targets, executor.network.architecture.inputShape)
  }

  /// The places, each a point with a coordinate per channel, on their first component.
  private func component(_ activations: ArraySlice<Float>) -> [Float] {
    let (channels, plane) = (layer.channels, layer.plane)
    let base = activations.startIndex
    let points = (0..<plane).flatMap { place in
      (0..<channels).map { activations[base + $0 * plane + place] }
    }
    let map = PrincipalComponents(points, dimensions: channels, components: 1).points.map { $0[0] }
    let sums = (0..<plane).map { place in
      (0..<channels).reduce(Float(0)) { $0 + points[place * channels + $1] }
    }
    return zip(map, sums).reduce(0) { $0 + $1.0 * $1.1 } < 0 ? map.map { -$0 } : map
  }
}
