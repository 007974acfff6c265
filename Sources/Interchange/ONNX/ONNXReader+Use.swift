import Foundation
import Networks

/// Values made ready for a layer to read.
extension ONNXReader {
  /// The number of a value in the graph, with the factor and zeros that are still to be applied.
  ///
  /// - Throws: `CheckpointError` if there is no layer for them.
  mutating func use(_ images: ONNXImages, by node: ONNXNode) throws(CheckpointError) -> Int {
    guard images.margins.allSatisfy({ $0 == 0 }) else {
      throw node.error(
        "zeros are put around what it reads (Pad), which Inkling does only as a part of a convolution"
      )
    }
    return try pixels(images, by: node)
  }

  /// The same, with zeros around left to whoever asks.
  mutating func pixels(_ images: ONNXImages, by node: ONNXNode) throws(CheckpointError) -> Int {
    guard images.value == 0 else {
      guard images.factor != 1 else { return images.value }
      let channels = images.shape.channels
      guard images.factor > 0, images.factor <= 1000 else {
        return channelwise(
          images.value, scale: Array(repeating: images.factor, count: channels),
          offset: Array(repeating: 0, count: channels))
      }
      return graph.add("multiply", ["\(images.factor)"], reading: images.value)
    }
    let asked = Self.normalization(images, channels: graph.inputShape.channels)
    let none = Normalization.identity(channels: graph.inputShape.channels)
    let isOne =
      asked.mean.allSatisfy(\.isFinite)
      && asked.standardDeviation.allSatisfy { $0.isFinite && $0 > 0 }
    if isOne, normalization ?? asked == asked {
      normalization = asked
      return 0
    }
    // What no mean and deviation say, such as inverted pixels, is a layer.
    guard normalization ?? none == none, (images.scale + images.offset).allSatisfy(\.isFinite)
    else {
      throw node.error("it reads the image scaled in another way than the layer before it did")
    }
    normalization = none
    return channelwise(0, scale: images.scale, offset: images.offset)
  }

  /// The mean and the deviation of a factor and an addend: `scale · x + offset = (x - mean) / deviation`.
  private static func normalization(_ images: ONNXImages, channels: Int) -> Normalization {
    guard !images.scale.isEmpty else { return .identity(channels: channels) }
    return Normalization(
      mean: zip(images.scale, images.offset).map { $1 == 0 ? 0 : tidy(-$1 / $0) },
      standardDeviation: images.scale.map { tidy(1 / $0) })
  }

  /// A number as a person wrote it, if it is that but for the rounding of a factor in place of a divisor.
  private static func tidy(_ value: Float) -> Float {
    guard value != 0 else { return value }
    // Six digits.
    let scale = pow(10, 5 - floor(log10(abs(Double(value)))))
    let written = Float((Double(value) * scale).rounded() / scale)
    return abs(written - value) <= 4 * value.ulp ? written : value
  }

  /// A layer that multiplies each channel and adds to it: batch normalisation that has nothing else to do.
  mutating func channelwise(_ value: Int, scale: [Float], offset: [Float]) -> Int {
    // 1 / √(variance + epsilon) is 1.
    let variance = 1 - VarianceFloor.usual
    let constant = { [Float](repeating: $0, count: scale.count) }
    return norm(value, scale, offset, mean: constant(0), variance: constant(variance))
  }

  /// Batch normalisation.
  mutating func norm(
    _ value: Int, _ scale: [Float], _ offset: [Float], mean: [Float], variance: [Float]
  ) -> Int {
    let tensors = [
      ("weight", scale), ("bias", offset), ("running_mean", mean), ("running_var", variance),
    ].map { Tensor(name: $0, shape: [$1.count], values: $1) }
    return graph.add("norm", reading: value, tensors)
  }

  /// A list of numbers that a layer of weights can read, and the order in which they stand.
  mutating func list(
    _ images: ONNXImages, by node: ONNXNode
  ) throws(CheckpointError) -> (value: Int, order: [Int]?) {
    guard images.isList else {
      throw node.error("it needs a list of numbers for each image, but gets maps; flatten them")
    }
    let value = try use(images, by: node)
    guard images.shape.hasPlaces else { return (value, images.order) }
    return (
      graph.add("flatten", reading: value, shape: .vector(images.shape.count)), images.flatOrder
    )
  }

  /// What a layer gives that reads maps as Inkling lays them.
  func usual(_ images: ONNXImages, for node: ONNXNode) throws(CheckpointError) -> ONNXImages {
    guard images.shape.hasPlaces, images.isUsual else {
      throw node.error(
        "it needs images of channels, rows and columns, but gets \(described(images))")
    }
    return images
  }

  /// What a value is, for a person.
  func described(_ images: ONNXImages) -> String {
    images.isList
      ? "lists of \(images.shape.count) numbers"
      : "arrays of \(images.dimensions.map { $0.map(String.init) ?? "N" }.joined(separator: " × "))"
  }

  /// What a layer gives, as it lies in the file.
  ///
  /// Mutating, so that a layer added in its first argument is there when it looks.
  mutating func given(_ value: Int, axes: [ONNXImages.Axis], order: [Int]? = nil) -> ONNXValue {
    .images(
      ONNXImages(value: value, shape: graph.shape(of: value), axes: axes, order: order))
  }

  /// What a layer that changes each number by itself gives: laid as what it read.
  mutating func given(_ value: Int, like images: ONNXImages) -> ONNXValue {
    given(value, axes: images.axes, order: images.order)
  }
}
