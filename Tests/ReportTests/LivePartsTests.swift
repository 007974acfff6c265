import StudySupport
import Testing

@testable import Report

/// The live network taken apart, in a reader's browser, on a real run.
@Suite(.serialized) struct LivePartsTests {
  typealias View = Browser.View

  /// Opens the report of the trained study.
  private func open(_ view: View = View(), _ body: (Page) throws -> Void) throws {
    let browser = try Browser()
    try body(
      try browser.open("\(TrainedStudy.folder(isSingle: view.isSingle))/index.html", view))
  }

  /// A part of the live network's panel.
  private func part(_ name: String) -> String {
    "document.querySelector('.live [data-part=\(name)]')"
  }

  @Test(arguments: [View(), View(width: 390)])
  func `a number of a map is followed by keys, pointer and finger`(view: View) throws {
    try open(view) { page in
      let strips = "[...document.querySelectorAll('.live .maps[tabindex]')]"
      // One tab stop and one canvas a layer, however many maps it has.
      #expect(
        try page.read(
          "\(strips).every((x) => x.tabIndex === 0 && x.querySelectorAll('canvas').length === 1)",
          as: Bool.self))
      #expect(try page.read("\(strips).length", as: Int.self) == 4)
      let heading = "\(part("heading")).textContent"
      try page.run("\(strips)[0].focus(); \(strips)[0].scrollIntoView({ block: 'center' })")
      try page.press("Home", code: 36)
      let first = try page.read(heading, as: String.self)
      try page.press("PageDown", code: 34)
      let next = try page.read(heading, as: String.self)
      #expect(first.contains("map 0") && next.contains("map 1"))
      try page.press("Enter", code: 13)
      #expect(try page.read("\(part("hold")).textContent", as: String.self) == "Let go")
      // What is held stays while another number is pointed at.
      let point =
        "const box = \(strips)[1].getBoundingClientRect(), at = { clientX: box.left + 3, clientY: box.top + 3, bubbles: true };"
      try page.run(
        "\(point) \(strips)[1].dispatchEvent(new PointerEvent('pointermove', { ...at, pointerType: 'mouse' }))"
      )
      #expect(try page.read(heading, as: String.self) == next)
      try page.press("Escape", code: 27)
      try page.run(
        "\(point) \(strips)[1].dispatchEvent(new PointerEvent('pointermove', { ...at, pointerType: 'mouse' }))"
      )
      #expect(try page.read(heading, as: String.self).hasPrefix("relu2, map 0,"))
      // A finger's tap holds at once; what it is made of is said aloud.
      try page.run(
        "\(point) \(strips)[1].dispatchEvent(new MouseEvent('click', at)); await new Promise((done) => setTimeout(done, 400))"
      )
      #expect(
        try page.read("\(part("hold")).getAttribute('aria-pressed')", as: String.self) == "true")
      let said = try page.read("\(part("said")).textContent", as: String.self)
      #expect(
        said.hasPrefix("relu2, map 0,") && said.contains("products") && said.contains("(bias)"))
      // Its window is framed in the maps below, and the way down leads there.
      #expect(try page.read("\(strips)[0].querySelectorAll('.window').length", as: Int.self) > 0)
      try page.run("\(part("down")).click()")
      #expect(try page.read(heading, as: String.self).hasPrefix("pool1, map"))
      // A score ends in softmax.
      try page.run("\(strips)[3].focus()")
      try page.press("End", code: 35)
      let steps = try page.read("\(part("steps")).textContent", as: String.self)
      #expect(steps.contains("Softmax"))
    }
  }

  @Test func `a blank canvas says so, and strokes on an example leave it there`() throws {
    try open { page in
      let verdict = "\(part("verdict")).textContent"
      try page.run("\(part("clear")).click()")
      #expect(
        try page.read(verdict, as: String.self) == "Draw, open a picture, or load a test digit.")
      #expect(
        try page.read(
          "\(part("bars")).checkVisibility() || \(part("ledger")).checkVisibility()", as: Bool.self)
          == false)
      #expect(
        try page.read("\(part("blank")).textContent", as: String.self).hasPrefix(
          "Nothing is to be seen")
      )
      try page.run("document.querySelector('.live [data-example=\"0\"]').click()")
      let before = try page.read(verdict, as: String.self)
      let ink =
        "[...\(part("seen")).getContext('2d').getImageData(0, 0, 28, 28).data].filter((x, i) => i % 4 === 3)"
      let example = try page.read(ink, as: [Int].self)
      try page.run(
        """
        const pad = \(part("pad")), box = pad.getBoundingClientRect();
        pad.setPointerCapture = () => {};
        for (const [name, x] of [["pointerdown", 10], ["pointermove", 60], ["pointerup", 60]]) {
          pad.dispatchEvent(new PointerEvent(name, { clientX: box.left + x, clientY: box.top + 12, bubbles: true, pointerId: 1 }));
        }
        """)
      let drawn = try page.read(ink, as: [Int].self)
      #expect(zip(example, drawn).allSatisfy { $0 <= $1 } && example != drawn)
      try page.run("\(part("undo")).click()")
      #expect(try page.read(ink, as: [Int].self) == example)
      #expect(try page.read(verdict, as: String.self) == before)
    }
  }

  private struct Told: Decodable {
    let labels: [String]
    let numbers: [Double]
  }

  @Test func `the ledger's bars add up to the scores, and a unit opens what it is`() throws {
    try open { page in
      let told = try page.read(
        """
        ({
          labels: [...document.querySelectorAll(".ledger-rows > div:not(:first-child)")].map((x) => x.textContent),
          numbers: [...document.querySelectorAll(".ledger-rows em")].map((x) => Number(x.textContent.replace("−", "-"))),
        })
        """, as: Told.self)
      #expect(told.labels.last == "score" && told.labels.dropLast().last == "bias")
      #expect(told.numbers.count == 2 * told.labels.count && told.labels.count <= 15)
      for side in 0..<2 {
        let column = stride(from: side, to: told.numbers.count, by: 2).map { told.numbers[$0] }
        let total = column.dropLast().reduce(0, +)
        // Each of them is rounded to two decimals.
        #expect(abs(total - (column.last ?? 0)) < 0.005 * Double(column.count) + 1e-6)
      }
      try page.run(
        "document.querySelector('.ledger-rows button').click(); await new Promise((done) => setTimeout(done, 1500))"
      )
      let unit = try page.read("\(part("ledger-unit")).textContent", as: String.self)
      #expect(unit.hasPrefix(told.labels[0]) && unit.contains("answers most to"))
      #expect(
        try page.read(
          "\(part("ledger-unit")).querySelectorAll('canvas[aria-label]').length", as: Int.self) > 0)
    }
  }

  @Test(arguments: [View(), View(width: 390), View(width: 320)])
  func `the verdict is near the canvas, and no column is empty`(view: View) throws {
    try open(view) { page in
      let gap = try page.read(
        "(() => { const pad = \(part("pad")).getBoundingClientRect(), words = \(part("verdict")).getBoundingClientRect(); "
          + "return words.top < pad.bottom ? 0 : words.top - pad.bottom; })()", as: Double.self)
      #expect(gap < 40)
      let low = try page.read(
        "(() => { const panel = document.querySelector('.live').getBoundingClientRect(); "
          + "return panel.right - document.querySelector('.live-part').getBoundingClientRect().right; })()",
        as: Double.self)
      #expect(low < 30)
      #expect(
        try page.read(
          "document.querySelector('.live').scrollWidth <= document.querySelector('.live').clientWidth",
          as: Bool.self))
    }
  }
}
