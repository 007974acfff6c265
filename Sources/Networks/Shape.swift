/// The shape of one image's activation, without the batch dimension.
public enum Shape: Hashable, Sendable, CustomStringConvertible {
  /// Feature maps: channels, rows, columns.
  case image(channels: Int, height: Int, width: Int)
  /// A flat list of numbers.
  case vector(Int)

  /// How many numbers.
  public var count: Int {
    switch self {
    case .image(let channels, let height, let width): channels * height * width
    case .vector(let count): count
    }
  }

  /// The dimensions as PyTorch orders them: `[C, H, W]` or `[N]`.
  public var dimensions: [Int] {
    switch self {
    case .image(let channels, let height, let width): [channels, height, width]
    case .vector(let count): [count]
    }
  }

  /// What batch normalisation and a ReLU's unit count go by: the channels, or every number of a vector.
  public var channels: Int { dimensions[0] }

  /// True for feature maps.
  public var hasPlaces: Bool { dimensions.count == 3 }

  /// The sentence that a person reads.
  public var description: String {
    dimensions.map(String.init).joined(separator: " × ")
  }
}

/// The shape of the images that a network reads.
public struct ImageShape: Hashable, Sendable, Codable, CustomStringConvertible {
  /// 1 for grey, 3 for colour.
  public let channels: Int
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int

  /// A shape `[C, H, W]`.
  public init(channels: Int, height: Int, width: Int) {
    self.channels = channels
    self.height = height
    self.width = width
  }

  /// How many numbers an image has.
  public var count: Int { channels * height * width }
  /// `[C, H, W]`.
  public var dimensions: [Int] { [channels, height, width] }

  /// The sentence that a person reads.
  public var description: String { "\(channels) × \(height) × \(width)" }
}
