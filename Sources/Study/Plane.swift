import Foundation
import Networks

extension CodingUserInfoKey {
  /// Set to true, an encoder writes the shapes of planes without their numbers: for JSON beside which the pictures
  /// are. It cannot be read back.
  package static let leavesOutPlanes: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "leavesOutPlanes") else {
      preconditionFailure("any name is one")
    }
    return key
  }()
}

/// Numbers in a shape; in JSON base64 of bytes where bytes say them exactly, else of little-endian float32.
///
/// Pixels that came from 8 bits are stored as they were (`uint8_base64`, in 255ths); numbers rounded with `rounded()`
/// as signed multiples of `step` (`int8_base64`); all others in full (`float32_base64`).
package struct Plane: Codable, Hashable, Sendable {
  /// Dimensions, slowest first; `[C, H, W]` for pictures.
  package let shape: [Int]
  /// The numbers.
  package let values: [Float]
  /// The numbers are whole multiples of it, from -127 to 127; `nil` if they were not rounded.
  package let step: Float?

  /// Numbers in a shape.
  package init(shape: [Int], values: [Float]) { self.init(shape, values, step: nil) }

  /// Channels, height and width of a picture; a row of numbers is one line high.
  package var dimensions: (channels: Int, height: Int, width: Int) {
    switch shape.count {
    case 3: (shape[0], shape[1], shape[2])
    case 2: (1, shape[0], shape[1])
    default: (1, 1, values.count)
    }
  }

  private init(_ shape: [Int], _ values: [Float], step: Float?) {
    self.shape = shape
    self.values = values
    self.step = step
  }

  /// The numbers in 127 steps to the largest magnitude: enough for a picture, at a quarter of the size.
  ///
  /// What is not finite becomes zero.
  package func rounded() -> Plane {
    let finite = values.map { $0.isFinite ? $0 : 0 }
    let step = (finite.map { abs($0) }.max() ?? 0) / 127
    guard step > 0 else { return Plane(shape: shape, values: finite.map { _ in 0 }) }
    return Plane(shape, finite.map { Self.steps($0, step) * step }, step: step)
  }

  private static func steps(_ value: Float, _ step: Float) -> Float {
    min(max((value / step).rounded(), -127), 127)
  }

  private enum CodingKeys: String, CodingKey {
    case shape, step
    case floats = "float32_base64"
    case pixels = "uint8_base64"
    case steps = "int8_base64"
  }

  /// Reads the JSON form.
  ///
  /// - Throws: `DecodingError` if it is not one.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    shape = try container.decode([Int].self, forKey: .shape)
    step = try container.decodeIfPresent(Float.self, forKey: .step)
    if let pixels = try container.decodeIfPresent(Data.self, forKey: .pixels) {
      values = pixels.map { Float($0) / 255 }
    } else if let step {
      values = try container.decode(Data.self, forKey: .steps).map {
        Float(Int8(bitPattern: $0)) * step
      }
    } else {
      let data = try container.decode(Data.self, forKey: .floats)
      values = data.withUnsafeBytes { $0.numbers(Float.self) }
    }
    guard shape.reduce(1, *) == values.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .shape, in: container, debugDescription: "the values do not fill the shape")
    }
  }

  /// Writes the JSON form.
  ///
  /// - Throws: what the encoder throws.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shape, forKey: .shape)
    if encoder.userInfo[.leavesOutPlanes] as? Bool == true { return }
    if let step {
      try container.encode(step, forKey: .step)
      let bytes = values.map { UInt8(bitPattern: Int8(Self.steps($0, step))) }
      try container.encode(Data(bytes), forKey: .steps)
    } else if let bytes = pixelBytes {
      try container.encode(Data(bytes), forKey: .pixels)
    } else {
      try container.encode(values.withUnsafeBytes { Data($0) }, forKey: .floats)
    }
  }

  /// The numbers in 255ths; `nil` if they are not whole ones from 0 to 255.
  private var pixelBytes: [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(values.count)
    for value in values {
      let byte = (value * 255).rounded()
      // Compared by bits, so that a negative zero is kept as it is.
      guard (0...255).contains(byte), (byte / 255).bitPattern == value.bitPattern else {
        return nil
      }
      bytes.append(UInt8(byte))
    }
    return bytes
  }
}
