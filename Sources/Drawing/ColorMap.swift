/// A sequence of 256 colors that turns a number into a color.
///
/// Zero is the page itself in every map: the first entry of `ink` and `activation`, and the middle
/// of `signed`, are the page's background.
package struct ColorMap: Hashable, Sendable {
  /// The colors from the lowest number to the highest.
  package let entries: [Color]

  private init(table: String) {
    let digits = Array(table.utf8)
    func value(_ digit: UInt8) -> UInt32 {
      let isDecimal = digit <= UInt8(ascii: "9")
      return UInt32(digit) - (isDecimal ? 48 : 87)
    }
    entries = (0..<256).map { entry in
      Color(hex: digits[entry * 6..<entry * 6 + 6].reduce(0) { $0 << 4 | value($1) })
    }
  }

  /// Pixels of a grey picture, from the page (0) to full ink (1).
  package static func ink(_ appearance: Appearance) -> ColorMap {
    appearance == .light ? inkLight : inkDark
  }

  /// Numbers of zero and above, from the page (0) to the strongest activation (1).
  package static func activation(_ appearance: Appearance) -> ColorMap {
    appearance == .light ? activationLight : activationDark
  }

  /// Signed numbers: blue below zero, the page at zero (0.5), orange above.
  package static func signed(_ appearance: Appearance) -> ColorMap {
    appearance == .light ? signedLight : signedDark
  }

  /// The color of a position from 0 to 1; positions outside are clamped, not-a-number is 0.
  package func color(at position: Double) -> Color {
    guard position > 0 else { return entries[0] }
    return entries[Int((min(position, 1) * 255).rounded())]
  }

  private static let inkLight = ColorMap(table: ColorMapTable.inkLight)
  private static let inkDark = ColorMap(table: ColorMapTable.inkDark)
  private static let activationLight = ColorMap(table: ColorMapTable.activationLight)
  private static let activationDark = ColorMap(table: ColorMapTable.activationDark)
  private static let signedLight = ColorMap(table: ColorMapTable.signedLight)
  private static let signedDark = ColorMap(table: ColorMapTable.signedDark)
}
