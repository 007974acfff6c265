package import Pictures

/// A canvas that writes an SVG picture with real text and with colors that follow the page.
///
/// Colors are written as custom properties such as `var(--ink)`; `styleSheet` defines them.
package struct SVGCanvas: Canvas {
  /// Where the picture will live.
  package enum Mode: Hashable, Sendable {
    /// Inside a page that includes `styleSheet`; the class names are those of the `svg` element.
    case inline(className: String)
    /// In a file of its own, with its own style sheet, background and margin.
    case standalone(margin: Double)
  }

  /// What the whole picture's text looks like unless a mark says otherwise.
  private static let usualText = TextStyle()

  private let width: Double
  private let height: Double
  private let label: String
  private let mode: Mode
  private var body = ""
  private var failure: PictureError?
  /// The attributes of the open group; runs of like marks share them, which keeps files small.
  private var openGroup: String?
  /// What the open group holds: the names of elements, and all that follows them.
  private var members: [(name: String, rest: String)] = []
  /// The start of the path of dots that is open.
  private var openPath: String?
  /// Single letters of the open group that are not written yet: thousands of them share an element.
  private var letters: [(letter: Character, at: Point)] = []

  /// An empty picture.
  ///
  /// - Parameters:
  ///   - width: The width in pixels.
  ///   - height: The height in pixels.
  ///   - label: What the picture shows, for those who cannot see it.
  ///   - mode: Where the picture will live.
  package init(
    width: Double, height: Double, label: String, mode: Mode = .inline(className: "chart")
  ) {
    self.width = width
    self.height = height
    self.label = label
    self.mode = mode
  }

  /// The rules that figures need: colors of both themes, and which pictures each theme shows.
  ///
  /// A dark page inverts pictures of ink; `--ink-frame` is what becomes a rule's color by that.
  ///
  /// The dark theme applies when the system asks for it or the root has `data-theme="dark"`, and
  /// never when the root has `data-theme="light"`.
  package static let styleSheet: String = {
    func dark(_ root: String) -> String {
      "\(root){\(Theme.dark.customProperties)--ink-frame:\(Theme.dark.color(.rule).inverted.hex)}"
        + "\(root) .on-light{display:none}"
        + "\(root) .on-dark{display:inline}\(root) .ink-picture{filter:invert(1)}"
    }
    return ":root{\(Theme.light.customProperties)--ink-frame:var(--rule)}.on-dark{display:none}\n"
      + "@media (prefers-color-scheme:dark){\(dark(":root:not([data-theme=light])"))}\n"
      + dark(":root[data-theme=dark]")
  }()

  /// The whole picture as SVG.
  package func document() throws(PictureError) -> String {
    if let failure { throw failure }
    let body = body + (openPath == nil ? "" : "\"/>") + closedGroup
    let name = Markup.escaped(label)
    let usual = Self.usualText
    let font =
      "font:\(n(usual.size))px var(--sans,Inter,system-ui,sans-serif);font-variant-numeric:tabular-nums;"
      + "fill:\(paint(usual.ink))"
    switch mode {
    case .inline(let className):
      let size = "width=\"\(n(width))\" height=\"\(n(height))\""
      return "<svg class=\"\(Markup.escaped(className))\" viewBox=\"0 0 \(n(width)) \(n(height))\" "
        + "\(size) role=\"img\" aria-label=\"\(name)\" style=\"\(font)\">\(body)</svg>"
    case .standalone(let margin):
      let (w, h) = (n(width + 2 * margin), n(height + 2 * margin))
      let box = "\(n(-margin)) \(n(-margin)) \(w) \(h)"
      return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"\(box)\" width=\"\(w)\" "
        + "height=\"\(h)\" role=\"img\" aria-label=\"\(name)\" style=\"\(font)\">"
        + "<style>\(Self.styleSheet)</style>"
        + "<rect x=\"\(n(-margin))\" y=\"\(n(-margin))\" width=\"\(w)\" height=\"\(h)\" "
        + "fill=\"var(--bg)\"/>\(body)</svg>\n"
    }
  }

  /// Fills a rectangle.
  package mutating func fill(_ rectangle: Rectangle, with ink: Ink, opacity: Double) {
    share("<path fill=\"\(paint(ink))\"\(faint(opacity)) d=\"")
    // Edges are rounded, not sizes: neighbours keep touching.
    let (left, top) = (tenths(rectangle.x), tenths(rectangle.y))
    let width = tenths(rectangle.x + rectangle.width) - left
    let height = tenths(rectangle.y + rectangle.height) - top
    body += "M\(t(left)) \(t(top))h\(t(width))v\(t(height))h\(t(-width))z"
  }

  /// Draws the outline of a rectangle.
  package mutating func stroke(_ rectangle: Rectangle, with stroke: Stroke) {
    group(nil)
    body += "<rect \(box(rectangle)) fill=\"none\"\(outline(stroke))/>"
  }

  /// Draws a straight line.
  package mutating func line(from start: Point, to end: Point, with stroke: Stroke) {
    share("<path fill=\"none\"\(outline(stroke)) d=\"")
    body += path([start, end])
  }

  /// Draws straight lines from each point to the next. With a title they are of the class `pick`, with a broad invisible
  /// line for the pointer to hit.
  package mutating func polyline(_ points: [Point], with stroke: Stroke, title: String?) {
    guard !points.isEmpty else { return }
    group(nil)
    let line =
      "<path d=\"\(path(points))\" fill=\"none\"\(outline(stroke)) stroke-linejoin=\"round\"/>"
    guard let title else {
      body += line
      return
    }
    body += "<g class=\"pick\"><title>\(Markup.escaped(title))</title>\(line)"
    body +=
      "<path d=\"\(path(points))\" fill=\"none\" stroke=\"transparent\" stroke-width=\"9\"/></g>"
  }

  /// Fills the area inside the points.
  package mutating func polygon(_ points: [Point], with ink: Ink, opacity: Double) {
    guard !points.isEmpty else { return }
    group(nil)
    body += "<path d=\"\(path(points))Z\" fill=\"\(paint(ink))\"\(faint(opacity))/>"
  }

  /// Draws a circle, filled or outlined or both.
  package mutating func circle(
    center: Point, radius: Double, fill: Ink?, stroke: Stroke?, title: String?
  ) {
    if let fill, stroke == nil, title == nil, radius < 2 {
      // A dot is a line of no length with round ends: thousands of them share one path.
      share(
        "<path fill=\"none\" stroke=\"\(paint(fill))\" stroke-width=\"\(n(2 * radius))\" "
          + "stroke-linecap=\"round\" d=\"")
      body += "M\(t(tenths(center.x))) \(t(tenths(center.y)))h0"
      return
    }
    group("fill=\"\(fill.map(paint) ?? "none")\"\(stroke.map(outline) ?? "")")
    let place = "cx=\"\(n(center.x))\" cy=\"\(n(center.y))\" r=\"\(n(radius))\""
    let end = title.map { "><title>\(Markup.escaped($0))</title></circle>" } ?? "/>"
    add(("circle", place + end))
  }

  /// Sets one line of text.
  package mutating func text(_ text: String, at position: Point, style: TextStyle) {
    var shared: [String] = []
    if style.size != Self.usualText.size { shared.append("font-size=\"\(n(style.size))\"") }
    if style.ink != Self.usualText.ink { shared.append("fill=\"\(paint(style.ink))\"") }
    if style.weight != .regular { shared.append("font-weight=\"\(style.weight.rawValue)\"") }
    if style.anchor != .start { shared.append("text-anchor=\"\(style.anchor.rawValue)\"") }
    if style.isMonospaced {
      shared.append("style=\"font-family:var(--mono,ui-monospace,monospace)\"")
    }
    if let halo = style.halo {
      shared.append("stroke=\"\(paint(halo))\" stroke-width=\"4\" stroke-linejoin=\"round\"")
      shared.append("paint-order=\"stroke\"")
    }
    group(shared.joined(separator: " "))
    if text.count == 1, let letter = text.first, letter.isASCII {
      letters.append((letter, position))
    } else {
      add(element(text, x: n(position.x), y: n(position.y)))
    }
  }

  /// Adds an element to the open group, behind the letters before it.
  private mutating func add(_ element: (name: String, rest: String)) {
    members += pendingLetters + [element]
    letters = []
  }

  private func element(_ text: String, x: String, y: String) -> (name: String, rest: String) {
    ("text", "x=\"\(x)\" y=\"\(y)\">\(Markup.escaped(text))</text>")
  }

  /// The letters as elements: one that places each of its letters where there are many.
  private var pendingLetters: [(name: String, rest: String)] {
    guard letters.count >= 20 else {
      return letters.map { element(String($0.letter), x: n($0.at.x), y: n($0.at.y)) }
    }
    return [
      element(
        String(letters.map(\.letter)), x: letters.map { n($0.at.x) }.joined(separator: " "),
        y: letters.map { n($0.at.y) }.joined(separator: " "))
    ]
  }

  /// The open group as text: one element alone has the attributes itself, and labels of the usual look have none.
  private var closedGroup: String {
    let members = members + pendingLetters
    let inside = members.map { "<\($0.name) \($0.rest)" }.joined()
    guard let openGroup, !openGroup.isEmpty else { return inside }
    return members.count == 1
      ? "<\(members[0].name) \(openGroup) \(members[0].rest)" : "<g \(openGroup)>\(inside)</g>"
  }

  /// Draws a picture into a rectangle, each pixel as a sharp box.
  package mutating func image(_ picture: Picture, in rectangle: Rectangle) {
    switch picture {
    case .ink(let image):
      embed(image.blackInk(), in: rectangle, className: "ink-picture")
    case .themed(let light, let dark):
      embed(light, in: rectangle, className: "on-light")
      embed(dark, in: rectangle, className: "on-dark")
    case .fixed(let image):
      embed(image, in: rectangle, className: nil)
    }
  }

  private mutating func embed(_ image: PixelImage, in rectangle: Rectangle, className: String?) {
    guard image.width > 0, image.height > 0 else { return }
    group(nil)
    do throws(PictureError) {
      let data = Markup.base64(try PNG.write(image))
      body += "<image\(className.map { " class=\"\($0)\"" } ?? "") \(box(rectangle)) "
      body += "preserveAspectRatio=\"none\" style=\"image-rendering:pixelated\" "
      body += "href=\"data:image/png;base64,\(data)\"/>"
    } catch {
      failure = failure ?? error
    }
  }

  /// Opens a path unless it is open: what is drawn alike in turn shares one.
  private mutating func share(_ path: String) {
    guard openPath != path else { return }
    group(nil)
    body += path
    openPath = path
  }

  /// Opens a group with these attributes unless it is open; nil only closes the open one, none stand for usual text.
  private mutating func group(_ attributes: String?) {
    if openPath != nil {
      body += "\"/>"
      openPath = nil
    }
    guard attributes != openGroup else { return }
    body += closedGroup
    (members, letters) = ([], [])
    openGroup = attributes
  }

  private func n(_ value: Double) -> String { Markup.number(value) }

  private func box(_ rectangle: Rectangle) -> String {
    "x=\"\(n(rectangle.x))\" y=\"\(n(rectangle.y))\" width=\"\(n(rectangle.width))\" "
      + "height=\"\(n(rectangle.height))\""
  }

  /// Lines from each point to the next, as steps between places in tenths of a pixel: short, and without drift.
  private func path(_ points: [Point]) -> String {
    guard let first = points.first else { return "" }
    var (x, y) = (tenths(first.x), tenths(first.y))
    var result = "M\(t(x)) \(t(y))"
    for point in points.dropFirst() {
      let (right, down) = (tenths(point.x) - x, tenths(point.y) - y)
      (x, y) = (x + right, y + down)
      // A sign separates numbers by itself.
      result += "l\(t(right))\(down < 0 ? "" : " ")\(t(down))"
    }
    return result
  }

  private func tenths(_ value: Double) -> Int {
    value.isFinite && abs(value) < 1e12 ? Int((value * 10).rounded()) : 0
  }

  /// Tenths as a number of pixels, without a zero before the point.
  private func t(_ tenths: Int) -> String {
    let (whole, rest) = (abs(tenths) / 10, abs(tenths) % 10)
    return (tenths < 0 ? "-" : "") + (whole > 0 || rest == 0 ? "\(whole)" : "")
      + (rest > 0 ? ".\(rest)" : "")
  }

  private func paint(_ ink: Ink) -> String {
    if case .fixed(let color) = ink { return color.hex }
    return "var(\(ink.customProperty ?? ""))"
  }

  private func outline(_ stroke: Stroke) -> String {
    var result = " stroke=\"\(paint(stroke.ink))\""
    if stroke.width != 1 { result += " stroke-width=\"\(n(stroke.width))\"" }
    if !stroke.dash.isEmpty {
      result += " stroke-dasharray=\"\(stroke.dash.map(n).joined(separator: " "))\""
    }
    return result
  }

  private func faint(_ opacity: Double) -> String {
    opacity == 1 ? "" : " fill-opacity=\"\(n(opacity))\""
  }
}
