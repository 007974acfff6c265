internal import CCairo
package import Pictures

/// A canvas of pixels, drawn by Cairo.
///
/// Failures on the way are remembered and thrown once, when the picture is asked for.
package final class CairoCanvas: Canvas {
  private let surface: ImageSurface
  private let context: CairoContext
  private let theme: Theme
  private var failure: CairoError?

  /// The families tried for every line of text, the first with all its letters being taken.
  static let families = ["Inter", "DejaVu Sans", "sans-serif"]
  /// The families tried for text with letters of equal width.
  static let monospacedFamilies = ["JetBrains Mono", "DejaVu Sans Mono", "monospace"]

  /// A canvas filled with the page's color.
  ///
  /// - Parameters:
  ///   - width: The width in figure pixels, without margins.
  ///   - height: The height in figure pixels, without margins.
  ///   - theme: The colors.
  ///   - scale: Picture pixels per figure pixel.
  ///   - margin: Empty space on every side, in figure pixels.
  /// - Throws: `CairoError` if there is no memory or the picture would be too large.
  package init(
    width: Double, height: Double, theme: Theme, scale: Double = 2, margin: Double = 0
  ) throws(CairoError) {
    func extent(_ length: Double) -> Int {
      Int(max(1, min(((length + 2 * margin) * scale).rounded(.up), 1e9)))
    }
    surface = try ImageSurface(width: extent(width), height: extent(height))
    context = try CairoContext(surface)
    self.theme = theme
    setSource(.background)
    cairo_paint(context.pointer)
    cairo_scale(context.pointer, scale, scale)
    cairo_translate(context.pointer, margin, margin)
    cairo_set_line_join(context.pointer, CAIRO_LINE_JOIN_ROUND)
  }

  /// What was drawn, as opaque RGB.
  package func picture() throws(CairoError) -> PixelImage {
    if let failure { throw failure }
    try context.check()
    return try surface.picture()
  }

  /// Fills a rectangle.
  package func fill(_ rectangle: Rectangle, with ink: Ink, opacity: Double) {
    setSource(ink, opacity: opacity)
    cairo_rectangle(
      context.pointer, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    cairo_fill(context.pointer)
  }

  /// Draws the outline of a rectangle.
  package func stroke(_ rectangle: Rectangle, with stroke: Stroke) {
    cairo_rectangle(
      context.pointer, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    apply(stroke)
  }

  /// Draws a straight line.
  package func line(from start: Point, to end: Point, with stroke: Stroke) {
    polyline([start, end], with: stroke, title: nil)
  }

  /// Draws straight lines from each point to the next.
  package func polyline(_ points: [Point], with stroke: Stroke, title: String?) {
    path(points)
    apply(stroke)
  }

  /// Fills the area inside the points.
  package func polygon(_ points: [Point], with ink: Ink, opacity: Double) {
    path(points)
    cairo_close_path(context.pointer)
    setSource(ink, opacity: opacity)
    cairo_fill(context.pointer)
  }

  /// Draws a circle, filled or outlined or both.
  package func circle(
    center: Point, radius: Double, fill: Ink?, stroke: Stroke?, title: String?
  ) {
    cairo_new_path(context.pointer)
    cairo_arc(context.pointer, center.x, center.y, radius, 0, 2 * Double.pi)
    if let fill {
      setSource(fill)
      cairo_fill_preserve(context.pointer)
    }
    if let stroke { apply(stroke) } else { cairo_new_path(context.pointer) }
  }

  /// Sets one line of text.
  package func text(_ text: String, at position: Point, style: TextStyle) {
    let text = text.filter { $0 != "\0" }
    let width = width(of: text, style: style)
    // Figures are laid out for Inter. Another font that runs wider is set narrower, so that nothing overlaps.
    let room = TextMetrics.width(of: text, style: style)
    let narrowing = width > room && room > 0 ? room / width : 1
    let shift: Double =
      switch style.anchor {
      case .start: 0
      case .middle: width * narrowing / 2
      case .end: width * narrowing
      }
    cairo_save(context.pointer)
    cairo_translate(context.pointer, position.x - shift, position.y)
    cairo_scale(context.pointer, narrowing, 1)
    if let halo = style.halo {
      cairo_move_to(context.pointer, 0, 0)
      cairo_text_path(context.pointer, text)
      apply(Stroke(halo, width: 4))
    }
    setSource(style.ink)
    cairo_move_to(context.pointer, 0, 0)
    cairo_show_text(context.pointer, text)
    cairo_new_path(context.pointer)
    cairo_restore(context.pointer)
  }

  /// The width of a line of text in figure pixels, as this machine's fonts set it.
  package func width(of text: String, style: TextStyle) -> Double {
    selectFont(for: text, style: style)
    var extents = cairo_text_extents_t()
    cairo_text_extents(context.pointer, text.filter { $0 != "\0" }, &extents)
    return extents.x_advance
  }

  /// Draws a picture into a rectangle, each pixel as a sharp box.
  package func image(_ picture: Picture, in rectangle: Rectangle) {
    var pixels = picture.pixels(theme.appearance)
    guard pixels.width > 0, pixels.height > 0 else { return }
    if case .ink(let image) = picture { pixels = image.inked(theme.color(.ink)) }
    do throws(CairoError) {
      let source = try ImageSurface(pixels)
      cairo_save(context.pointer)
      cairo_translate(context.pointer, rectangle.x, rectangle.y)
      cairo_scale(
        context.pointer, rectangle.width / Double(pixels.width),
        rectangle.height / Double(pixels.height))
      cairo_set_source_surface(context.pointer, source.pointer, 0, 0)
      cairo_pattern_set_filter(cairo_get_source(context.pointer), CAIRO_FILTER_NEAREST)
      cairo_rectangle(context.pointer, 0, 0, Double(pixels.width), Double(pixels.height))
      cairo_fill(context.pointer)
      cairo_restore(context.pointer)
    } catch {
      failure = failure ?? error
    }
  }

  private func path(_ points: [Point]) {
    cairo_new_path(context.pointer)
    for point in points { cairo_line_to(context.pointer, point.x, point.y) }
  }

  private func apply(_ stroke: Stroke) {
    setSource(stroke.ink)
    cairo_set_line_width(context.pointer, stroke.width)
    cairo_set_dash(context.pointer, stroke.dash, Int32(stroke.dash.count), 0)
    cairo_stroke(context.pointer)
  }

  private func setSource(_ ink: Ink, opacity: Double = 1) {
    let color = theme.color(ink)
    cairo_set_source_rgba(
      context.pointer, Double(color.red) / 255, Double(color.green) / 255,
      Double(color.blue) / 255, Double(color.alpha) / 255 * opacity)
  }

  private func selectFont(for text: String, style: TextStyle) {
    let weight =
      style.weight == .regular ? CAIRO_FONT_WEIGHT_NORMAL : CAIRO_FONT_WEIGHT_BOLD
    cairo_set_font_size(context.pointer, style.size)
    for family in style.isMonospaced ? Self.monospacedFamilies : Self.families {
      cairo_select_font_face(context.pointer, family, CAIRO_FONT_SLANT_NORMAL, weight)
      if hasEveryLetter(of: text) { return }
    }
  }

  /// True if the selected font has a shape of its own for every letter.
  private func hasEveryLetter(of text: String) -> Bool {
    guard text.utf8.contains(where: { $0 > 126 }) else { return true }
    var glyphs: UnsafeMutablePointer<cairo_glyph_t>?
    var count: Int32 = 0
    let status = cairo_scaled_font_text_to_glyphs(
      cairo_get_scaled_font(context.pointer), 0, 0, text, -1, &glyphs, &count, nil, nil, nil)
    defer { cairo_glyph_free(glyphs) }
    guard status == CAIRO_STATUS_SUCCESS, let glyphs else { return false }
    return (0..<Int(count)).allSatisfy { glyphs[$0].index != 0 }
  }
}
