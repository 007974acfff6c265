import Foundation

/// Numbers in a shape, stored in JSON as base64 of little-endian float32.
public struct Plane: Codable, Hashable, Sendable {
  /// Dimensions, slowest first; `[C, H, W]` for pictures.
  public let shape: [Int]
  /// The numbers.
  public let values: [Float]

  /// Numbers in a shape.
  public init(shape: [Int], values: [Float]) {
    self.shape = shape
    self.values = values
  }

  private enum CodingKeys: String, CodingKey {
    case shape
    case values = "float32_base64"
  }

  /// Reads the JSON form.
  ///
  /// - Throws: `DecodingError` if it is not one.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    shape = try container.decode([Int].self, forKey: .shape)
    let data = try container.decode(Data.self, forKey: .values)
    values = data.withUnsafeBytes { buffer in
      (0..<buffer.count / 4).map { buffer.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
    guard shape.reduce(1, *) == values.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .values, in: container, debugDescription: "the values do not fill the shape")
    }
  }

  /// Writes the JSON form.
  ///
  /// - Throws: what the encoder throws.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shape, forKey: .shape)
    try container.encode(values.withUnsafeBytes { Data($0) }, forKey: .values)
  }
}
