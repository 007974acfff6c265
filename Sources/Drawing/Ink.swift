/// The role of a color in a figure; a theme says which color it is.
public enum Ink: Hashable, Sendable {
  /// The page.
  case background
  /// Pale cells.
  case background2
  /// Tracks.
  case background3
  /// Text and main lines.
  case ink
  /// Captions.
  case ink2
  /// Labels; the palest ink allowed for text.
  case ink3
  /// Hairlines.
  case rule
  /// Axes.
  case rule2
  /// Neutral bars.
  case bar
  /// Errors and nothing else.
  case wrong
  /// Done ticks.
  case right
  /// Lines and labels of what is above zero.
  case positive
  /// Lines and labels of what is below zero.
  case negative
  /// Accents on activations.
  case activation
  /// A shaded gap.
  case highlight
  /// The background of an error cell, from 1 (few) to 5 (many); others are clamped.
  case heat(Int)
  /// The text on an error cell, from 1 to 5; others are clamped.
  case heatText(Int)
  /// The color of a class; beyond ten classes the colors repeat.
  case category(Int)
  /// A color that is the same in every theme, for pictures of pixels.
  case fixed(Color)

  /// Every role that a theme decides, in a fixed order.
  package static let roles: [Ink] =
    [
      .background, .background2, .background3, .ink, .ink2, .ink3, .rule, .rule2, .bar, .wrong,
      .right, .positive, .negative, .activation, .highlight,
    ] + (1...5).map(Ink.heat) + (1...5).map(Ink.heatText) + (0..<10).map(Ink.category)

  /// The name of the role's custom property in a style sheet, or nil for a fixed color.
  package var customProperty: String? {
    switch self {
    case .background: "--bg"
    case .background2: "--bg-2"
    case .background3: "--bg-3"
    case .ink: "--ink"
    case .ink2: "--ink-2"
    case .ink3: "--ink-3"
    case .rule: "--rule"
    case .rule2: "--rule-2"
    case .bar: "--bar"
    case .wrong: "--wrong"
    case .right: "--right"
    case .positive: "--pos"
    case .negative: "--neg"
    case .activation: "--act"
    case .highlight: "--hl"
    case .heat(let level): "--h\(min(max(level, 1), 5))"
    case .heatText(let level): "--ht\(min(max(level, 1), 5))"
    case .category(let index): "--c\(Ink.wrapped(index))"
    case .fixed: nil
    }
  }

  /// The color index of a class, from 0 to 9.
  static func wrapped(_ index: Int) -> Int { ((index % 10) + 10) % 10 }
}
