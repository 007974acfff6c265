import Pictures
import Testing

@testable import Drawing

struct CairoTests {
  @Test func `half transparent colors are premultiplied`() {
    // 255 * 128 / 255 = 128; 100 * 128 / 255 = 50.2; 1 * 128 / 255 = 0.502.
    let pixel = Premultiplied.pixel(Color(red: 255, green: 100, blue: 1, alpha: 128))
    #expect(pixel == 0x8080_3201)
    #expect(Premultiplied.pixel(Color(red: 9, green: 8, blue: 7, alpha: 0)) == 0)
  }

  @Test func `a surface gives back the pixels of a picture`() throws {
    let image = PixelImage(
      width: 2, height: 1, channels: 3, pixels: [255, 0, 254, 10, 20, 30])
    let surface = try ImageSurface(image)
    #expect(try surface.picture() == image)
  }

  @Test func `a surface of 50,000 by 50,000 is refused in words`() {
    let error = #expect(throws: CairoError.self) {
      _ = try CairoCanvas(width: 50_000, height: 50_000, theme: .light, scale: 1)
    }
    #expect(error?.description.contains("too big") == true)
  }

  @Test func `half ink over the page is the mean of both`() throws {
    let canvas = try CairoCanvas(width: 4, height: 4, theme: .light, scale: 1)
    canvas.fill(
      Rectangle(x: 0, y: 0, width: 4, height: 4), with: .fixed(Color(hex: 0)), opacity: 0.5)
    let color = try canvas.picture().color(x: 1, y: 1)
    #expect((126...129).contains(color.red))
  }

  @Test func `pictures are drawn as sharp boxes in the page's ink`() throws {
    let digit = PixelImage(width: 2, height: 1, channels: 2, pixels: [0, 255, 0, 0])
    for theme in [Theme.light, .dark] {
      let canvas = try CairoCanvas(width: 8, height: 4, theme: theme, scale: 1)
      canvas.image(.ink(digit), in: Rectangle(x: 0, y: 0, width: 8, height: 4))
      let picture = try canvas.picture()
      #expect((0..<4).allSatisfy { picture.color(x: $0, y: 2) == theme.color(.ink) })
      #expect((4..<8).allSatisfy { picture.color(x: $0, y: 2) == theme.color(.background) })
    }
  }

  @Test(arguments: ["Accuracy 99.27%", "ε ≥ 0.1 → 日本語 🙂", "", "a\0b", "naïve Übung"])
  func `text of any script is measured and drawn without failure`(text: String) throws {
    let canvas = try CairoCanvas(width: 200, height: 20, theme: .light)
    let width = canvas.width(of: text, style: TextStyle())
    #expect(text.isEmpty ? width == 0 : width > 0 && width < 200)
    canvas.text(text, at: Point(2, 15), style: TextStyle(.ink, halo: .background))
    let picture = try canvas.picture()
    let page = Theme.light.color(.background)
    let hasInk = picture.pixels.contains { $0 != page.red }
    #expect(hasInk == !text.isEmpty)
  }

  @Test func `the same drawing gives the same bytes`() throws {
    func draw() throws -> [UInt8] {
      let canvas = try CairoCanvas(width: 60, height: 40, theme: .dark)
      canvas.circle(
        center: Point(20, 20), radius: 8.5, fill: .background, stroke: Stroke(.ink, width: 1.75),
        title: nil)
      canvas.polygon([Point(0, 0), Point(50, 3), Point(9, 30)], with: .positive, opacity: 0.16)
      canvas.text("0.029", at: Point(30, 20), style: TextStyle(.ink, weight: .semibold))
      return try PNG.write(canvas.picture())
    }
    #expect(try draw() == draw())
  }
}
