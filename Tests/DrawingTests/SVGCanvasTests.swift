import Pictures
import Testing

@testable import Drawing

struct SVGCanvasTests {
  @Test func `hostile text is escaped in content and in attributes`() throws {
    let hostile = "<script>alert('1' & \"2\")</script> 🙂\u{1}"
    var canvas = SVGCanvas(width: 10, height: 10, label: hostile, mode: .inline(className: "\"x"))
    canvas.text(hostile, at: Point(0, 0), style: TextStyle())
    canvas.circle(center: Point(0, 0), radius: 1, fill: .ink, stroke: nil, title: hostile)
    let svg = try canvas.document()
    let safe = "&lt;script&gt;alert(&#39;1&#39; &amp; &quot;2&quot;)&lt;/script&gt; 🙂\u{fffd}"
    #expect(!svg.contains("<script"))
    #expect(svg.contains("aria-label=\"\(safe)\""))
    #expect(svg.contains(">\(safe)</text>"))
    #expect(svg.contains("<title>\(safe)</title>"))
    #expect(svg.contains("class=\"&quot;x\""))
  }

  @Test(
    arguments: [
      (0.0, "0"), (-0.001, "0"), (1, "1"), (2.5, "2.5"), (1.005, "1"), (12.345, "12.35"),
      (-0.05, "-0.05"), (-3.456, "-3.46"), (.nan, "0"), (.infinity, "0"), (99.999, "100"),
    ])
  func `numbers have at most two decimals`(value: Double, text: String) {
    #expect(Markup.number(value) == text)
  }

  @Test(arguments: [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")])
  func `base64 follows RFC 4648`(text: String, digits: String) {
    #expect(Markup.base64(Array(text.utf8)) == digits)
  }

  @Test func `colors are roles, except fixed ones`() throws {
    var canvas = SVGCanvas(width: 10, height: 10, label: "x")
    canvas.fill(Rectangle(x: 0, y: 0, width: 1, height: 1), with: .heat(9), opacity: 0.16)
    canvas.line(from: Point(0, 0), to: Point(1, 1), with: Stroke(.rule2, dash: [2, 3]))
    canvas.polygon([Point(0, 0)], with: .fixed(Color(hex: 0x010203)), opacity: 1)
    let svg = try canvas.document()
    #expect(svg.contains("fill=\"var(--h5)\" fill-opacity=\"0.16\""))
    #expect(svg.contains("stroke=\"var(--rule-2)\" stroke-dasharray=\"2 3\""))
    #expect(svg.contains("fill=\"#010203\""))
  }

  @Test func `the style sheet defines every role in both themes`() {
    for role in Ink.roles {
      let property = (role.customProperty ?? "missing") + ":"
      #expect(
        SVGCanvas.styleSheet.ranges(of: "{" + property).count
          + SVGCanvas.styleSheet.ranges(of: ";" + property).count == 3)
    }
  }

  @Test func `runs of like marks share a group, and one mark alone needs none`() throws {
    var canvas = SVGCanvas(width: 10, height: 10, label: "x")
    for x in 0..<5 { canvas.text("7", at: Point(Double(x), 0), style: TextStyle(.category(7))) }
    canvas.line(from: Point(0, 0), to: Point(1, 1), with: Stroke(.rule))
    canvas.text("7", at: Point(9, 0), style: TextStyle(.category(7)))
    let svg = try canvas.document()
    #expect(svg.ranges(of: "var(--c7)").count == 2)
    #expect(svg.ranges(of: "<g ").count == 1)
    #expect(svg.ranges(of: "</text></g>").count == 1)
    #expect(svg.hasSuffix("<text fill=\"var(--c7)\" x=\"9\" y=\"0\">7</text></svg>"))
  }

  @Test func `what is drawn later lies above, also in a group`() throws {
    var canvas = SVGCanvas(width: 10, height: 10, label: "x")
    canvas.text("7", at: Point(1, 1), style: TextStyle(.category(7)))
    canvas.circle(center: Point(1, 1), radius: 4, fill: .category(7), stroke: nil, title: nil)
    let svg = try canvas.document()
    let (letter, circle) = (svg.firstRange(of: "<text"), svg.firstRange(of: "<circle"))
    #expect(try #require(letter).lowerBound < #require(circle).lowerBound)
    #expect(svg.ranges(of: "<g ").count == 1)
  }

  @Test func `only a standalone file has a namespace and a style sheet`() throws {
    let inline = try SVGCanvas(width: 9, height: 9, label: "x").document()
    let file = try SVGCanvas(width: 9, height: 9, label: "x", mode: .standalone(margin: 16))
      .document()
    #expect(!inline.contains("xmlns") && !inline.contains("<style"))
    #expect(inline.contains("role=\"img\""))
    #expect(file.contains("xmlns=\"http://www.w3.org/2000/svg\""))
    #expect(file.contains("viewBox=\"-16 -16 41 41\""))
    #expect(file.contains("prefers-color-scheme:dark"))
  }

  @Test func `pictures are data, one for each theme where they differ`() throws {
    let image = PixelImage(width: 1, height: 1, channels: 1, pixels: [9])
    let place = Rectangle(x: 0, y: 0, width: 4, height: 4)
    func drawn(_ picture: Picture) throws -> String {
      var canvas = SVGCanvas(width: 9, height: 9, label: "x")
      canvas.image(picture, in: place)
      return try canvas.document()
    }
    #expect(try drawn(.fixed(image)).ranges(of: "data:image/png;base64,iVBOR").count == 1)
    #expect(try drawn(.ink(image)).contains("class=\"ink-picture\""))
    let themed = try drawn(.themed(light: image, dark: image))
    #expect(themed.contains("class=\"on-light\"") && themed.contains("class=\"on-dark\""))
    #expect(
      try drawn(.fixed(PixelImage(width: 0, height: 0, channels: 1))).contains("<image") == false)
  }
}
