import Drawing
import Figures
import Study

/// First weights as pictures, all on one scale: those of three channels in the colors that they want, all others as the mean
/// over the channels in the colors of signed numbers.
struct WeightPictures {
  /// For each network, or each stage of one, its filters.
  let stages: [[Picture]]
  /// The magnitude at which colors are full.
  let bound: Double
  /// True if the pictures are red, green and blue.
  let isColor: Bool

  /// Pictures of weights `[filters, C, k, k]`, of each at most so many filters; none of what is no such weights.
  ///
  /// - Parameters:
  ///   - weights: the weights.
  ///   - limit: how many filters at most.
  ///   - channels: channels of the images; where these are not three, three channels of a filter are no colors.
  init(_ weights: [Plane], limit: Int, channels: Int) {
    let filters = weights.map { weights -> [Plane] in
      guard weights.shape.count == 4, let count = weights.shape.first, count > 0 else { return [] }
      let size = weights.values.count / count
      return (0..<min(limit, count)).map { filter in
        Plane(
          shape: Array(weights.shape.dropFirst()),
          values: Array(weights.values[filter * size..<(filter + 1) * size]))
      }
    }
    let isColor =
      channels == 3 && filters.joined().allSatisfy { $0.dimensions.channels == 3 }
    let plate = Plate(
      filters.joined().flatMap { isColor ? $0.planes : [$0.mean] }, map: .signed, policy: .filters)
    let bound = plate.bounds.max() ?? 0
    var rest = plate.pictures[...]
    stages = filters.map { filters in
      guard !isColor else { return filters.map { Self.color($0, bound) } }
      defer { rest = rest.dropFirst(filters.count) }
      return Array(rest.prefix(filters.count))
    }
    (self.bound, self.isColor) = (bound, isColor)
  }

  /// Zero as middle grey.
  private static func color(_ filter: Plane, _ bound: Double) -> Picture {
    let scale = bound > 0 ? 0.5 / Float(bound) : 0
    return Plane(shape: filter.shape, values: filter.values.map { 0.5 + scale * $0 }).picture
  }
}
