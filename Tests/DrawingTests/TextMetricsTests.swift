import Drawing
import Testing

struct TextMetricsTests {
  private let style = TextStyle(size: 12)

  @Test func `widths grow with size and are additive`() {
    let single = TextMetrics.width(of: "abc", style: style)
    #expect(abs(TextMetrics.width(of: "abcabc", style: style) - 2 * single) < 1e-9)
    #expect(abs(TextMetrics.width(of: "abc", style: TextStyle(size: 24)) - 2 * single) < 1e-9)
  }

  @Test func `digits are equally wide`() {
    let widths = Set((0...9).map { TextMetrics.width(of: "\($0)", style: style) })
    #expect(widths.count == 1)
  }

  @Test(arguments: [0.0, 5, 20, 60, 200])
  func `truncated text fits`(width: Double) {
    let text = "a class with a rather long name"
    let short = TextMetrics.truncated(text, to: width, style: style)
    #expect(short == text || short.hasSuffix("…"))
    #expect(short == "…" || TextMetrics.width(of: short, style: style) <= width)
  }

  @Test func `wrapped lines fit and keep every word`() {
    let text = "it falls after epoch four and then it rises again"
    let lines = TextMetrics.wrapped(text, to: 90, style: style)
    #expect(lines.count > 2)
    #expect(lines.joined(separator: " ") == text)
    #expect(lines.allSatisfy { TextMetrics.width(of: $0, style: style) <= 90 })
  }
}
