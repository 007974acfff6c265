/// A convolution: every filter looks at a small window of all channels, the same weights everywhere.
///
/// `output[o][y][x] = bias[o] + Σ weight[o][i][r][s] input[i][y·stride + r - p][x·stride + s - p]`
public struct Conv2D: Layer, Hashable {
  /// Zeros around the image.
  public enum Padding: Hashable, Sendable {
    /// As many as keep the size (at stride 1); an even kernel has one more behind than before.
    case same
    /// This many on each side.
    case exactly(Int)
  }

  /// The stem of the layer's name.
  public static let stem = "conv"
  /// Number of filters, the output's channels.
  public let filters: Int
  /// Side of the window.
  public let kernel: Int
  /// Step of the window.
  public let stride: Int
  /// Zeros around the image.
  public let padding: Padding

  /// A convolution of `filters` windows of `kernel` x `kernel`.
  public init(_ filters: Int, kernel: Int, stride: Int = 1, padding: Padding = .same) {
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
  }

  /// Zeros before the first row and column, and behind the last.
  public var margins: (before: Int, after: Int) {
    switch padding {
    case .same: ((kernel - 1) / 2, kernel - 1 - (kernel - 1) / 2)
    case .exactly(let count): (count, count)
    }
  }

  /// The layer as a specification writes it.
  public var text: String {
    var parts = ["\(filters)", "\(kernel)"]
    if stride != 1 { parts.append("stride=\(stride)") }
    if case .exactly(let count) = padding { parts.append("padding=\(count)") }
    return "conv(\(parts.joined(separator: ",")))"
  }

  /// The shape of the output for an input shape.
  ///
  /// - Throws: `LayerError` if the layer cannot stand on this input.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    guard case .image(_, let height, let width) = input else {
      throw LayerError("conv needs feature maps, but its input is flat; put it before flatten")
    }
    let padded = margins.before + margins.after
    guard height + padded >= kernel, width + padded >= kernel else {
      throw LayerError(
        "the \(kernel) × \(kernel) window is larger than its input of \(height) × \(width)")
    }
    return .image(
      channels: filters,
      height: (height + padded - kernel) / stride + 1,
      width: (width + padded - kernel) / stride + 1)
  }

  /// The tensors that it learns or keeps, for an input shape.
  public func parameters(for input: Shape) -> [ParameterShape] {
    let fanIn = input.channels * kernel * kernel
    return [
      ParameterShape(
        name: "weight", shape: [filters, input.channels, kernel, kernel],
        role: .uniform(fanIn: fanIn)),
      ParameterShape(name: "bias", shape: [filters], role: .uniform(fanIn: fanIn)),
    ]
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int {
    guard let output = try? outputShape(for: input) else { return 0 }
    return output.count * input.channels * kernel * kernel
  }
}
