import Drawing
import Testing

struct ColorTests {
  @Test func `hexadecimal text and numbers give the same color`() {
    #expect(Color("#b8235a") == Color(hex: 0xb8235a))
    #expect(Color("b8235a") == Color(red: 0xb8, green: 0x23, blue: 0x5a))
    #expect(Color("#b8235a80")?.alpha == 0x80)
    #expect(Color("#b8235a80")?.hex == "#b8235a80")
    #expect(Color(hex: 0x00000a).hex == "#00000a")
  }

  @Test(arguments: ["", "#", "#12345", "#1234567", "#gg0000", "#+12345", "#-1234567"])
  func `other text is no color`(text: String) {
    #expect(Color(text) == nil)
  }

  @Test func `contrast of black and white is 21`() {
    let contrast = Color(hex: 0).contrast(with: Color(hex: 0xffffff))
    #expect(abs(contrast - 21) < 1e-9)
  }

  @Test(arguments: Appearance.allCases)
  func `text roles are legible on the page`(appearance: Appearance) {
    let theme = Theme(appearance: appearance)
    for role in [Ink.ink, .ink2, .ink3, .wrong, .right, .positive, .negative] {
      #expect(theme.color(role).contrast(with: theme.color(.background)) >= 4.5, "\(role)")
    }
    for level in 1...5 {
      let pair = (theme.color(.heatText(level)), theme.color(.heat(level)))
      #expect(pair.0.contrast(with: pair.1) >= 4.5, "heat \(level)")
    }
    for index in 0..<10 {
      #expect(theme.color(.category(index)).contrast(with: theme.color(.background)) >= 3)
    }
  }

  @Test func `every role has a custom property of its own`() {
    let names = Ink.roles.compactMap(\.customProperty)
    #expect(names.count == Ink.roles.count)
    #expect(Set(names).count == names.count)
    #expect(Theme.dark.customProperties.hasPrefix("--bg:#15171b;--bg-2:#1c1f24;"))
  }

  @Test func `classes beyond ten repeat their colors`() {
    #expect(Theme.light.color(.category(13)) == Theme.light.color(.category(3)))
    #expect(Theme.light.color(.category(-1)) == Theme.light.color(.category(9)))
  }
}

struct ColorMapTests {
  @Test(arguments: Appearance.allCases)
  func `zero is the page in every map`(appearance: Appearance) {
    let page = Theme(appearance: appearance).color(.background)
    #expect(ColorMap.ink(appearance).color(at: 0) == page)
    #expect(ColorMap.activation(appearance).color(at: 0) == page)
    for map in [ColorMap.ink, ColorMap.activation, ColorMap.signed] {
      #expect(map(appearance).entries.count == 256)
    }
  }

  @Test func `the ends are the colors of the palettes`() {
    #expect(ColorMap.ink(.light).color(at: 1) == Color(hex: 0x12161f))
    #expect(ColorMap.ink(.dark).color(at: 1) == Color(hex: 0xf6f5f1))
    #expect(ColorMap.activation(.light).color(at: 1) == Color(hex: 0x002f38))
    #expect(ColorMap.activation(.dark).color(at: 1) == Color(hex: 0xecf999))
    #expect(ColorMap.signed(.light).color(at: 0) == Color(hex: 0x1b428f))
    #expect(ColorMap.signed(.light).color(at: 1) == Color(hex: 0x7d260f))
    #expect(ColorMap.signed(.dark).color(at: 0) == Color(hex: 0x99ddf3))
    #expect(ColorMap.signed(.dark).color(at: 1) == Color(hex: 0xfbc77c))
  }

  @Test func `the middle of the signed map is nearly the page`() {
    let middle = ColorMap.signed(.light).color(at: 0.5)
    #expect(middle.contrast(with: Color(hex: 0xffffff)) < 1.02)
  }

  @Test func `positions outside are clamped`() {
    let map = ColorMap.activation(.light)
    #expect(map.color(at: -3) == map.entries[0])
    #expect(map.color(at: .nan) == map.entries[0])
    #expect(map.color(at: .infinity) == map.entries[255])
  }
}
