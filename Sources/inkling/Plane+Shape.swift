import Networks
import Study

extension Plane {
  /// An image's numbers, or those of a map of it, which may have a channel of its own: `[C][H][W]`.
  init(_ values: some Sequence<Float>, _ shape: ImageShape) {
    let values = Array(values)
    self.init(
      shape: [values.count / (shape.height * shape.width), shape.height, shape.width],
      values: values)
  }
}
