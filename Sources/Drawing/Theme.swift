/// The color of every role on a light or on a dark page.
public struct Theme: Hashable, Sendable {
  /// Whether the page is light or dark.
  public let appearance: Appearance

  /// The light page.
  public static let light = Theme(appearance: .light)
  /// The dark page.
  public static let dark = Theme(appearance: .dark)

  /// The theme of a page.
  package init(appearance: Appearance) { self.appearance = appearance }

  /// The color that a role has in this theme.
  package func color(_ ink: Ink) -> Color {
    if case .fixed(let color) = ink { return color }
    let pair = Theme.pair(ink)
    return Color(hex: appearance == .light ? pair.light : pair.dark)
  }

  /// The roles as declarations of a style sheet: `--bg:#ffffff;--bg-2:#f6f7f8;…`.
  ///
  /// This is what a page puts into its `:root` rule so that figures in it find their colors.
  package var customProperties: String {
    Ink.roles.map { role in "\(role.customProperty ?? ""):\(color(role).hex);" }.joined()
  }

  private static func pair(_ ink: Ink) -> (light: UInt32, dark: UInt32) {
    switch ink {
    case .background: (0xffffff, 0x15171b)
    case .background2: (0xf6f7f8, 0x1c1f24)
    case .background3: (0xeceef0, 0x262a30)
    case .ink: (0x12161f, 0xf1f0ec)
    case .ink2: (0x434851, 0xc3c5c9)
    case .ink3: (0x5f646c, 0x999ca2)
    case .rule: (0xdddee0, 0x2f3238)
    case .rule2: (0xa9adb3, 0x5e6167)
    case .bar: (0x8b9097, 0x70747b)
    case .wrong: (0xb8235a, 0xff86a8)
    case .right: (0x016862, 0x60d09a)
    case .positive: (0xbe480d, 0xf0894a)
    case .negative: (0x2f75c0, 0x67b0ea)
    case .activation: (0x078674, 0x60d09a)
    case .highlight: (0xfff4d6, 0x3a3116)
    case .heat(let level): heat[min(max(level, 1), 5) - 1]
    case .heatText(let level): heatText[min(max(level, 1), 5) - 1]
    case .category(let index): categories[Ink.wrapped(index)]
    case .fixed: (0, 0)
    }
  }

  private static let heat: [(light: UInt32, dark: UInt32)] = [
    (0xfbe9ef, 0x33202a), (0xf3c3d3, 0x53293a), (0xe79ab5, 0x84385a), (0xb93466, 0xc65f86),
    (0x8c1342, 0xff9dba),
  ]

  /// Chosen for a contrast of at least 4.5 on the cell of the same level.
  private static let heatText: [(light: UInt32, dark: UInt32)] = [
    (0x5c0f2c, 0xffb6ca), (0x5c0f2c, 0xffd0dd), (0x3d0519, 0xffffff), (0xffffff, 0x15171b),
    (0xffffff, 0x15171b),
  ]

  private static let categories: [(light: UInt32, dark: UInt32)] = [
    (0x753cc4, 0x868bcf), (0x479bce, 0xb0ecff), (0x01464a, 0x06d29f), (0x036e52, 0x2f976f),
    (0x899c2c, 0xb49e05), (0x553700, 0xf1b206), (0xa24300, 0xd64f13), (0xd56d92, 0xffd0cd),
    (0x821b85, 0xd46f9a), (0x965b8b, 0xcdbbff),
  ]
}
