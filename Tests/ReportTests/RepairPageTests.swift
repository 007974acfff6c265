import Datasets
import Foundation
import Study
import StudySupport
import Testing

@testable import Report

/// A mistake that the reader repairs, on a real run.
@Suite(.serialized) struct RepairPageTests {
  private static let first = """
    window.part = (name) => document.querySelector(`.repair-figure [data-part=${name}]`);
    window.until = async (isSo) => {
      for (let i = 0; i < 1200 && !isSo(); i++) await new Promise((done) => setTimeout(done, 50));
      if (!isSo()) throw new Error("never so: " + isSo);
    };
    await until(() => !document.querySelector(".repair-figure").hidden);
    window.ink = (x, y, width, height) => {
      const copy = Object.assign(document.createElement("canvas"), { width: 28, height: 28 }), pen = copy.getContext("2d");
      pen.drawImage(part("grid"), 0, 0);
      return [...pen.getImageData(x, y, width, height).data].filter((_, i) => i % 4 === 3);
    };
    window.changed = () => Number(document.querySelector(".repair-figure").dataset.changed);
    window.touch = (name, x, y) => {
      const grid = part("grid"), box = grid.getBoundingClientRect(), scale = box.width / 28;
      grid.setPointerCapture = () => {};
      grid.dispatchEvent(new PointerEvent(name, { clientX: box.left + (x + 0.5) * scale, clientY: box.top + (y + 0.5) * scale,
        bubbles: true, pointerId: 1, pointerType: "touch" }));
    };
    """

  private func open(
    _ view: Browser.View = Browser.View(), _ body: (Page, RepairFacts) throws -> Void
  ) throws {
    let page = try Browser().open(
      "\(TrainedStudy.folder(isSingle: view.isSingle))/index.html", view)
    if view.isScripted { try page.run(Self.first) }
    try body(page, try #require(TrainedStudy.results.repair))
    #expect(page.console == [])
  }

  @Test(arguments: [Browser.View(), Browser.View(isSingle: true)])
  func `the search's repair, made by hand, is called a repair`(view: Browser.View) throws {
    try open(view) { page, facts in
      let worked = try #require(facts.worked)
      let place = try #require(facts.images.firstIndex { $0.index == worked.before.index })
      // Each changed pixel with the tool that makes it.
      let edits = worked.before.pixels.values.indices.filter {
        worked.before.pixels.values[$0] != worked.after.pixels.values[$0]
      }.map { [$0 % 28, $0 / 28, Int(worked.after.pixels.values[$0])] }
      #expect(edits.count == worked.changed)
      try page.run(
        """
        part("choice").value = \(place);
        part("choice").dispatchEvent(new Event("change"));
        """)
      #expect(
        try page.read("part('verdict').textContent", as: String.self).hasSuffix(
          "It is \(worked.before.label)."))
      #expect(try page.read("changed()", as: Int.self) == 0)
      try page.run(
        """
        for (const [x, y, value] of \(edits)) {
          document.querySelector(`[data-tool=${value ? "pen" : "eraser"}]`).click();
          touch("pointerdown", x, y);
          touch("pointerup", x, y);
        }
        """)
      #expect(
        try page.read("part('verdict').textContent", as: String.self).hasPrefix(
          "Repaired: it says \(worked.before.label), "))
      #expect(
        try page.read("part('count').textContent", as: String.self)
          == "You changed \(edits.count) pixel\(edits.count == 1 ? "" : "s"). The smallest found by search: \(edits.count)."
      )
      #expect(try page.read("part('margin').textContent", as: String.self).contains(": +"))
      // Touched again, a pixel counts once; undone, it does not.
      try page.run(
        """
        const [x, y, value] = \(edits)[\(edits.count - 1)];
        touch("pointerdown", x, y);
        touch("pointerup", x, y);
        """)
      #expect(try page.read("changed()", as: Int.self) == edits.count)
      try page.run("part('undo').click(); part('undo').click();")
      #expect(try page.read("changed()", as: Int.self) == edits.count - 1)
      try page.run("part('again').focus(); part('again').click()")
      #expect(
        try page.read("document.activeElement === part('grid')", as: Bool.self))
      #expect(
        try page.read("[changed(), Number(part('undo').disabled)]", as: [Int].self) == [0, 1])
    }
  }

  @Test func `the images are those of the test set`() throws {
    try open { page, facts in
      let test = TrainedStudy.dataset.test
      #expect(facts.images.count > 5)
      for place in [0, facts.images.count - 1] {
        try page.run(
          """
          part("choice").value = \(place);
          part("choice").dispatchEvent(new Event("change"));
          """)
        let alpha = try page.read(
          "ink(0, 0, 28, 28)",
          as: [UInt8].self)
        #expect(alpha == Array(test.bytes(facts.images[place].index)))
      }
    }
  }

  @Test func `a finger draws a line without gaps`() throws {
    try open { page, _ in
      try page.run(
        """
        document.querySelector("[data-tool=eraser]").click();
        touch("pointerdown", 2, 14);
        touch("pointermove", 25, 14);
        touch("pointerup", 25, 14);
        await new Promise((done) => setTimeout(done, 200));
        """)
      let alpha = try page.read(
        "ink(2, 14, 24, 1)",
        as: [Int].self)
      #expect(alpha == [Int](repeating: 0, count: 24))
    }
  }

  @Test func `it works by keyboard`() throws {
    try open { page, _ in
      try page.run("part('grid').focus()")
      try page.press("ArrowUp", code: 38)
      try page.press("e", code: 69, text: "e")
      #expect(
        try page.read(
          "document.querySelector('[data-tool=eraser]').getAttribute('aria-pressed')",
          as: String.self)
          == "true")
      try page.press("p", code: 80, text: "p")
      for _ in 0..<14 { try page.press("ArrowUp", code: 38) }
      for _ in 0..<15 { try page.press("ArrowLeft", code: 37) }
      try page.press("Enter", code: 13, text: "\\r")
      // Keys of the browser are left to it.
      #expect(
        try page.read(
          """
          ["p", "e", "ArrowLeft"].every((key) => ["ctrlKey", "metaKey", "altKey"].every((held) =>
            part("grid").dispatchEvent(new KeyboardEvent("keydown", { key, [held]: true, bubbles: true, cancelable: true }))))
          """, as: Bool.self))
      let corner = try page.read(
        "ink(0, 0, 1, 1)[0]", as: Int.self)
      #expect(corner == 255)
      #expect(try page.read("changed()", as: Int.self) == 1)
      #expect(try page.read("part('cursor').hidden", as: Bool.self) == false)
    }
  }

  @Test(arguments: [320, 390, 900])
  func `it fits`(width: Int) throws {
    try open(Browser.View(width: width)) { page, _ in
      let over = try page.read(
        """
        [...document.querySelectorAll(".repair-figure *")].filter((x) => x.checkVisibility() && !x.matches(".unseen")
          && x.getBoundingClientRect().right > \(width)).map((x) => x.outerHTML.slice(0, 90))
        """, as: [String].self)
      #expect(over == [])
    }
  }

  @Test func `without a script a worked repair stands in its place, and on paper neither`() throws {
    let shown =
      "['fig-repair', 'fig-repair-worked'].map((x) => document.getElementById(x).checkVisibility())"
    try open(Browser.View(isScripted: false)) { page, _ in
      let seen = try page.read(shown, as: [Bool].self)
      #expect(seen == [false, true])
    }
    try open { page, _ in
      #expect(try page.read(shown, as: [Bool].self) == [true, false])
      try page.send("Emulation.setEmulatedMedia", ["media": "print"])
      #expect(try page.read(shown, as: [Bool].self) == [false, false])
    }
  }

  @Test func `the words fit any data set`() throws {
    var results = Fixture.results(classes: ["cat", "dog"], shape: [3, 8, 8], dataset: "pets")
    results.repair = Fixture.repair(results)
    var builder = PageBuilder(results, date: nil, isSingle: false)
    let view = try builder.repairView(try #require(results.repair), number: "9.2")
    let words =
      view.title + view.caption + view.pen + view.eraser + view.worked[0].title
      + view.worked[0].caption
    #expect(!words.contains("digit") && !words.contains("ink"))
    #expect(words.contains("1 changed pixel of 64 make"))
  }
}
