/// The shape of one image's activation, without the batch dimension.
public enum Shape: Hashable, Sendable, CustomStringConvertible {
  /// Feature maps: channels, rows, columns.
  case image(channels: Int, height: Int, width: Int)
  /// A flat list of numbers.
  case vector(Int)
  /// Lists of one width, one after the other: places, features.
  case sequence(length: Int, width: Int)

  /// How many numbers.
  public var count: Int {
    switch self {
    case .image(let channels, let height, let width): channels * height * width
    case .vector(let count): count
    case .sequence(let length, let width): length * width
    }
  }

  /// The dimensions as PyTorch orders them: `[C, H, W]`, `[N]` or `[T, D]`.
  public var dimensions: [Int] {
    switch self {
    case .image(let channels, let height, let width): [channels, height, width]
    case .vector(let count): [count]
    case .sequence(let length, let width): [length, width]
    }
  }

  /// What layers of weights, normalisations and a ReLU's unit count go by: the channels, every number of a vector, or the
  /// features of a sequence.
  public var channels: Int {
    switch self {
    case .image(let channels, _, _): channels
    case .vector(let count): count
    case .sequence(_, let width): width
    }
  }

  /// True for feature maps.
  public var hasPlaces: Bool {
    if case .image = self { true } else { false }
  }

  /// True for lists one after the other.
  public var isSequence: Bool {
    if case .sequence = self { true } else { false }
  }

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
