/// Estimates how wide a line of text is without asking for any font.
///
/// The widths are those of Inter, so that figures are laid out the same on every machine. What a
/// reader's browser sets may differ by a few percent; layouts leave that much room.
package enum TextMetrics {
  /// The estimated width of a line of text in figure pixels.
  package static func width(of text: String, style: TextStyle) -> Double {
    let table = style.weight == .regular ? regular : semibold
    let thousandths = text.unicodeScalars.reduce(0) { sum, scalar in
      if style.isMonospaced { return sum + (scalar.value > 0x2e7f ? 1200 : 600) }
      return sum + advance(of: scalar, in: table)
    }
    return Double(thousandths) * style.size / 1000
  }

  /// The text itself, or as much of its start as fits a width, ended by `…`.
  package static func truncated(_ text: String, to width: Double, style: TextStyle) -> String {
    guard self.width(of: text, style: style) > width else { return text }
    var kept = text
    while !kept.isEmpty, self.width(of: kept + "…", style: style) > width { kept.removeLast() }
    while kept.last == " " { kept.removeLast() }
    return kept + "…"
  }

  /// The text in lines that fit a width, broken at spaces; a word that is too long is truncated.
  package static func wrapped(_ text: String, to width: Double, style: TextStyle) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ").map(String.init) {
      if let last = lines.last, self.width(of: "\(last) \(word)", style: style) <= width {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(truncated(word, to: width, style: style))
      }
    }
    return lines
  }

  private static func advance(of scalar: Unicode.Scalar, in table: [Int]) -> Int {
    switch scalar.value {
    case 48...57: 648  // Figures use digits of equal width.
    case 32...126: table[Int(scalar.value) - 32]
    case ..<32, 0x300...0x36f, 0x200b...0x200f, 0xfe00...0xfe0f: 0
    case 0x1100...0x11ff, 0x2e80...0xffdc, 0x1f000...: 1050
    case 0x2026, 0x2190...0x21ff: 950
    default: 660
    }
  }

  /// Advance widths in thousandths of the size, from U+0020 to U+007E.
  private static let regular = [
    281, 278, 403, 631, 638, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 625, 464, 605,
    636, 642, 608, 624, 571, 616, 624, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727, 719, 598,
    587, 743, 740, 264, 543, 652, 562, 889, 753, 761, 635, 761, 639, 638, 642, 741, 676, 949, 642,
    665, 625, 362, 357, 362, 469, 452, 497, 564, 621, 558, 621, 582, 361, 609, 591, 237, 237, 544,
    237, 869, 585, 597, 609, 609, 372, 523, 364, 581, 557, 812, 540, 557, 541, 362, 327, 362, 659,
  ]
  private static let semibold = [
    248, 309, 396, 643, 649, 844, 663, 213, 393, 393, 543, 673, 295, 466, 290, 379, 667, 481, 621,
    652, 666, 632, 648, 587, 646, 648, 290, 295, 673, 673, 673, 544, 999, 724, 657, 744, 724, 608,
    586, 755, 744, 275, 561, 677, 566, 906, 741, 775, 643, 776, 651, 649, 660, 734, 724, 1007, 690,
    705, 653, 393, 379, 393, 481, 468, 497, 575, 630, 577, 630, 593, 377, 625, 613, 261, 261, 569,
    261, 898, 610, 608, 625, 625, 397, 549, 380, 608, 576, 837, 562, 576, 562, 393, 358, 393, 673,
  ]
}
