#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// An sRGB color of 8 bits per channel, with straight (not premultiplied) alpha.
public struct Color: Hashable, Sendable {
  /// The red channel.
  public var red: UInt8
  /// The green channel.
  public var green: UInt8
  /// The blue channel.
  public var blue: UInt8
  /// The opacity: 0 is invisible and 255 opaque.
  public var alpha: UInt8

  /// A color from its four channels.
  public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// An opaque color from `0xRRGGBB`; higher bits are ignored.
  public init(hex: UInt32) {
    self.init(
      red: UInt8(truncatingIfNeeded: hex >> 16), green: UInt8(truncatingIfNeeded: hex >> 8),
      blue: UInt8(truncatingIfNeeded: hex))
  }

  /// A color from `#rrggbb` or `#rrggbbaa`, the number sign being optional; nil for other text.
  public init?(_ text: String) {
    let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
    guard digits.utf8.allSatisfy({ UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "f") }),
      digits.utf8.count == 6 || digits.utf8.count == 8, let value = UInt32(digits, radix: 16)
    else { return nil }
    if digits.utf8.count == 6 {
      self.init(hex: value)
    } else {
      self.init(hex: value >> 8)
      alpha = UInt8(truncatingIfNeeded: value)
    }
  }

  /// The complement: each channel but opacity counted from the other end.
  package var inverted: Color {
    Color(red: 255 - red, green: 255 - green, blue: 255 - blue, alpha: alpha)
  }

  /// The color as `#rrggbb`, or `#rrggbbaa` where it is not opaque.
  public var hex: String {
    let channels = alpha == 255 ? [red, green, blue] : [red, green, blue, alpha]
    return "#"
      + channels.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The relative luminance of WCAG 2, from 0 (black) to 1 (white), ignoring alpha.
  package var luminance: Double {
    func linear(_ channel: UInt8) -> Double {
      let value = Double(channel) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The contrast ratio of WCAG 2 with another color, from 1 to 21.
  package func contrast(with other: Color) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }
}
