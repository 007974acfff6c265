import Datasets
import Drawing
import Evaluation
import Foundation
import Pictures
import Study
import StudySupport
import TestSupport
import Testing

@testable import Report

/// What a report must be in a reader's browser, on a real run.
@Suite(.serialized) struct AcceptanceTests {
  typealias View = Browser.View

  /// Opens the report of the trained study.
  private func open(
    _ view: View = View(), path: String = "index.html", _ body: (Page) throws -> Void
  ) throws {
    let browser = try Browser()
    try body(try browser.open("\(TrainedStudy.folder(isSingle: view.isSingle))/\(path)", view))
  }

  // MARK: 1 Contrast and barriers

  @Test(
    arguments: [View(), View(isDark: true), View(width: 390)], ["index.html", "a case"])
  func `axe-core finds no barrier`(view: View, path: String) throws {
    let axe = Fixture.folder + "/../.build/axe/axe.min.js"
    try #require(
      FileManager.default.fileExists(atPath: axe), "axe-core is missing: run Scripts/axe.sh")
    let first = try #require(TrainedStudy.results.cases?.cases.first)
    let file = path == "index.html" ? path : CasePages.path(first.example.index)
    try open(view, path: file) { page in
      try page.run("\(try String(contentsOfFile: axe, encoding: .utf8)); window.axe = axe")
      let found = try page.read(
        """
        axe.run(document, { runOnly:
          ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] })
          .then((all) => all.violations.map((x) => `${x.id}: ${x.nodes[0].html}`))
        """, as: [String].self)
      #expect(found == [])
    }
  }

  @Test(arguments: [false, true])
  func `what carries meaning stands out from the page`(isDark: Bool) throws {
    try open(View(isDark: isDark)) { page in
      let ratios = try page.read(
        """
        (() => {
          const light = (name) => {
            const probe = document.createElement("p");
            probe.style.color = `var(--${name})`;
            document.body.append(probe);
            const [r, g, b] = getComputedStyle(probe).color.match(/[\\d.]+/g).map((x) => {
              const c = x / 255;
              return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
            });
            probe.remove();
            return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
          };
          const ratio = (a, b) => Math.max(a / b, b / a);
          return Object.fromEntries(
            ["ink", "ink-2", "ink-3", "link", "wrong", "right", "bar", "pos", "neg", "act"]
              .map((name) => [name, ratio(light(name), light("bg"))]));
        })()
        """, as: [String: Double].self)
      #expect(ratios.count == 10)
      for (name, ratio) in ratios {
        let isText = ["ink", "ink-2", "ink-3", "link", "wrong"].contains(name)
        #expect(ratio >= (isText ? 4.5 : 3), "\(name): \(ratio)")
      }
    }
  }

  // MARK: 2 Alone

  @Test(arguments: [View(), View(isSingle: true)])
  func `nothing is fetched`(view: View) throws {
    try open(view) { page in
      let folder = try TrainedStudy.folder(isSingle: view.isSingle)
      let foreign = page.requests.filter {
        !$0.hasPrefix("file://") && !$0.hasPrefix("data:") && $0 != "about:blank"
      }
      #expect(foreign == [] && page.requests.count >= (view.isSingle ? 1 : 10))
      for file in try FileManager.default.subpathsOfDirectory(atPath: folder)
      where ["html", "css", "js"].contains((file as NSString).pathExtension) {
        let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
        #expect(!text.contains("@import"), "\(file)")
        for match in text.matches(of: /https?:\/\/[^"' )<]*/) {
          // The name of SVG's vocabulary, which nobody fetches, and what whoever wants to reads on elsewhere.
          let isLink = file == "index.html" && text.contains("<li><a href=\"\(match.output)\"")
          #expect(
            match.output == "http://www.w3.org/2000/svg" || isLink, "\(file): \(match.output)")
        }
        for match in text.matches(of: /url\(["']?([^)"']*)/) {
          #expect(match.1.hasPrefix("data:") || match.1.hasPrefix("#"), "\(file): \(match.1)")
        }
      }
    }
  }

  @Test func `without a script every figure is seen`() throws {
    try open(View(isScripted: false)) { page in
      let hidden = try page.read(
        """
        [...document.querySelectorAll("main figure")].filter((figure) => {
          const parts = [...figure.querySelectorAll("svg.chart, img.px, noscript")];
          return !parts.some((x) => x.getBoundingClientRect().height > 4);
        }).map((x) => x.id)
        """, as: [String].self)
      #expect(hidden == [])
      let words = try page.read("document.body.innerText", as: String.self)
      #expect(words.contains("JavaScript, which is switched off here"))
      #expect(
        try page.read(
          "[...document.images].filter((x) => x.complete && !x.naturalWidth).length", as: Int.self)
          == 0)
      #expect(try page.read("document.querySelectorAll('.steps').length", as: Int.self) == 0)
    }
  }

  // MARK: 3 Words for pictures

  @Test func `pictures and charts say what they show`() throws {
    try open { page in
      let found = try page.read(
        """
        (async () => {
          for (const details of document.querySelectorAll("details.data")) details.open = true;
          await new Promise((done) => setTimeout(done, 300));
          return {
          images: [...document.images].filter((x) => !x.hasAttribute("alt")).length,
          charts: [...document.querySelectorAll("svg.chart")].filter((x) =>
            x.getAttribute("role") !== "img" || (x.getAttribute("aria-label") || "").length < 20).length,
          untold: [...document.querySelectorAll("figure")].filter((x) => {
            const chart = x.querySelector("svg.chart");
            return chart && !chart.getAttribute("aria-label").includes(x.querySelector(".ft").textContent.trim());
          }).map((x) => x.id),
          bare: [...document.querySelectorAll("figure")].filter((x) => x.querySelector("svg.chart")
            && !x.querySelector("details.data tbody tr")).map((x) => x.id),
          untitled: [...document.querySelectorAll("figure")].filter((x) => !x.querySelector("h2.ft, h3.ft")).map((x) => x.id),
          wordy: [...document.querySelectorAll("figcaption")].filter((x) => x.textContent.trim().split(/\\s+/).length > 60)
            .map((x) => x.textContent),
          };
        })()
        """, as: Words.self)
      #expect(
        found == Words(images: 0, charts: 0, untold: [], bare: [], untitled: [], wordy: []))
    }
  }

  @Test func `method and numbers come when they are asked for`() throws {
    try open { page in
      let rows = "document.querySelectorAll('#fig-loss details.data tbody tr').length"
      #expect(try page.read(rows, as: Int.self) == 0)
      try page.run(
        """
        document.querySelector("#fig-loss details.data").open = true;
        await new Promise((done) => setTimeout(done, 100));
        """)
      #expect(try page.read(rows, as: Int.self) > 0)
      #expect(
        try page.read(
          "document.querySelector('#fig-loss .method').checkVisibility()", as: Bool.self))
    }
    try open(View(isScripted: false)) { page in
      let rows = try page.read(
        "document.querySelectorAll('#fig-loss details.data tbody tr').length", as: Int.self)
      #expect(rows > 0)
    }
  }

  @Test func `a figure has the drawing of the page's width alone`() throws {
    try open { page in
      let drawn = """
        [...document.querySelectorAll("#fig-loss svg.chart")].filter((x) => x.checkVisibility())
          .map((x) => x.viewBox.baseVal.width)
        """
      #expect(try page.read(drawn, as: [Double].self) == [984])
      for (width, expected) in [(900, 552.0), (390, 358.0), (1440, 984.0)] {
        try page.send(
          "Emulation.setDeviceMetricsOverride",
          ["width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false])
        try page.run("await new Promise((done) => setTimeout(done, 200))")
        #expect(try page.read(drawn, as: [Double].self) == [expected], "\(width)")
        #expect(
          try page.read("document.querySelectorAll('#fig-loss svg.chart').length", as: Int.self)
            == 1)
        // What reads values out works in the drawing that came.
        #expect(
          try page.read(
            "document.querySelectorAll('#fig-loss svg .cross').length", as: Int.self) == 1)
      }
    }
  }

  @Test(arguments: [View(width: 1440, height: 900), View(width: 390, height: 800)])
  func `the page is light to load`(view: View) throws {
    try Fixture.withFolder { folder in
      _ = try Report(one, templates: try Fixture.templates()).write(to: folder)
      let browser = try Browser()
      let page = try browser.open("\(folder)/index.html", view)
      #expect(page.requests.filter { !$0.hasPrefix("data:") }.count <= 40)
      let elements = try page.read("document.querySelectorAll('*').length", as: Int.self)
      #expect(elements <= 8000)
      let stops = try page.read(
        """
        [...document.querySelectorAll("a[href], button, summary, input, textarea, [tabindex]")]
          .filter((x) => x.tabIndex >= 0 && x.checkVisibility() && !x.disabled).length
        """, as: Int.self)
      #expect(stops <= 80)
    }
  }

  private struct Words: Decodable, Equatable {
    var images: Int
    var charts: Int
    var untold: [String]
    var bare: [String]
    var untitled: [String]
    var wordy: [String]
  }

  // MARK: 4 Hands

  @Test(
    arguments: [
      View(width: 390), View(width: 900), View(width: 1440), View(width: 390, isSingle: true),
    ])
  func `the page fits, and what is touched is large enough`(view: View) throws {
    try open(view) { page in
      let fits = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
      #expect(try page.read(fits, as: Bool.self))
      let small = try page.read(
        """
        [...document.querySelectorAll("button, summary, input, select, textarea, .cell-link, .case-link, .toc li a, .bar li a")]
          .filter((x) => x.checkVisibility()).filter((x) => {
            const box = x.getBoundingClientRect();
            return box.width < 23.9 || box.height < 23.9;
          }).map((x) => x.outerHTML.slice(0, 100))
        """, as: [String].self)
      #expect(small == [])
      let unmarked = try page.read(
        """
        [...document.querySelectorAll("main *")].filter((x) => x.checkVisibility()
          && ["auto", "scroll"].includes(getComputedStyle(x).overflowX) && x.scrollWidth > x.clientWidth
          && x.tagName !== "TEXTAREA"
          && !(x.tabIndex === 0 && (x.getAttribute("aria-label") || x.tagName === "PRE")))
          .map((x) => x.outerHTML.slice(0, 100))
        """, as: [String].self)
      #expect(unmarked == [])
      #expect(page.console == [])
    }
  }

  @Test func `the smallest phone needs no scrolling to the side`() throws {
    try open(View(width: 320, height: 700)) { page in
      let overhang = try page.read(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth", as: Int.self)
      #expect(overhang == 0)
    }
  }

  @Test func `the keyboard reaches everything, and one sees where it is`() throws {
    try open(View(width: 1440, height: 900)) { page in
      let reachable = """
        [...document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex='0']")]
          .filter((x) => x.tabIndex >= 0 && x.checkVisibility() && !x.disabled)
        """
      // What the Tab key passes by, the arrow keys reach: links and buttons of which a neighbor is a stop.
      let passed = try page.read(
        """
        [...document.querySelectorAll("a[href], button, summary")].filter((x) => x.tabIndex < 0 && x.checkVisibility()
          && !x.matches(".fig-n") && ![...document.querySelectorAll("[data-rove]")].some((box) => box.contains(x)
            && box.dataset.rove.split(" | ").some((group) => x.matches(group)
              && [...box.querySelectorAll(group)].some((y) => y.tabIndex === 0 && y.checkVisibility()))))
          .map((x) => x.outerHTML.slice(0, 100))
        """, as: [String].self)
      #expect(passed == [])
      let count = try page.read("\(reachable).length", as: Int.self)
      try page.run("window.seen = new Set()")
      var isFirst = true
      for _ in 0..<count {
        try page.press("Tab", code: 9)
        let stop = try page.read(
          """
          (() => {
            const here = document.activeElement, style = getComputedStyle(here);
            seen.add(here);
            return [here.className, style.outlineStyle, style.outlineWidth, here.outerHTML.slice(0, 100)];
          })()
          """, as: [String].self)
        if isFirst { #expect(stop[0] == "skip") }
        isFirst = false
        #expect(stop[1] == "solid" && stop[2] == "2px", "no focus ring: \(stop[3])")
      }
      let missed = try page.read(
        "\(reachable).filter((x) => !seen.has(x)).map((x) => x.outerHTML.slice(0, 100))",
        as: [String].self)
      #expect(missed == [])
    }
  }

  @Test func `arrow keys move through the confusion matrix, and Enter opens a cell`() throws {
    try open { page in
      let links = try page.read(
        "[...document.querySelectorAll('.cell-link')].filter((x) => x.checkVisibility()).length",
        as: Int.self)
      try #require(links > 1)
      try page.run(
        "[...document.querySelectorAll('.cell-link')].find((x) => x.checkVisibility()).focus()")
      let here = "document.activeElement.getAttribute('href')"
      let first = try page.read(here, as: String.self)
      for (key, code) in [("ArrowRight", 39), ("ArrowDown", 40)] {
        try page.press(key, code: code)
      }
      let second = try page.read(here, as: String.self)
      #expect(first != second)
      try page.press("Enter", code: 13, text: "\r")
      let shown = try page.read(
        "[...document.querySelectorAll('.gallery')].filter((x) => x.checkVisibility()).map((x) => '#' + x.id)",
        as: [String].self)
      #expect(shown == [second])
    }
  }

  @Test func `arrow keys move through a gallery, and Tab leaves it`() throws {
    try open { page in
      let links = """
        [...[...document.querySelectorAll(".body")].find((x) => x.querySelectorAll(".case-link").length > 2)
          .querySelectorAll(".case-link")]
        """
      let count = try page.read("\(links).length", as: Int.self)
      try #require(count > 2)
      #expect(try page.read("\(links).filter((x) => x.tabIndex === 0).length", as: Int.self) == 1)
      try page.run("\(links)[0].focus()")
      try page.press("ArrowRight", code: 39)
      #expect(try page.read("\(links).indexOf(document.activeElement)", as: Int.self) == 1)
      #expect(try page.read("\(links).findIndex((x) => x.tabIndex === 0)", as: Int.self) == 1)
      try page.press("Tab", code: 9)
      #expect(try page.read("\(links).indexOf(document.activeElement)", as: Int.self) == -1)
    }
  }

  // MARK: 5 Pixels

  @Test(
    arguments: [
      View(width: 390), View(width: 1440), View(width: 390, density: 2),
      View(width: 1440, density: 2),
    ])
  func `pixels are whole`(view: View) throws {
    try open(view) { page in
      try page.run(
        "for (const x of document.querySelectorAll('.gallery')) x.style.display = 'block'")
      // Those far below are not loaded yet.
      try page.run(
        """
        const images = [...document.images].filter((x) => x.checkVisibility());
        for (const image of images) image.loading = "eager";
        await Promise.all(images.map((x) => x.decode()));
        """)
      let odd = try page.read(
        """
        [...document.querySelectorAll("img.px, canvas.px, .maps canvas")].filter((x) => x.checkVisibility()).filter((x) => {
          const box = x.getBoundingClientRect();
          const scales = [box.width / (x.naturalWidth || x.width), box.height / (x.naturalHeight || x.height)];
          return scales.some((s) => s < 0.999 || Math.abs(s - Math.round(s)) > 0.001)
            || getComputedStyle(x).imageRendering !== "pixelated";
        }).map((x) => x.outerHTML.slice(0, 160))
        """, as: [String].self)
      #expect(odd == [])
      // What is drawn: each pixel of a digit one flat square.
      let place = try page.read(
        """
        (async () => {
          const image = [...document.querySelectorAll("#fig-mistakes-sure img.px, #fig-mistakes-doubt img.px")]
            .find((x) => x.checkVisibility());
          image.scrollIntoView({ behavior: "instant", block: "center" });
          image.loading = "eager";
          await image.decode();
          const box = image.getBoundingClientRect();
          return [box.x, box.y, box.width, box.height, image.naturalWidth];
        })()
        """, as: [Double].self)
      let picture = try PNG.read(
        page.screenshot(
          x: place[0].rounded(.down), y: place[1].rounded(.down), width: place[2] + 2,
          height: place[3] + 2))
      let scale = Int(place[2] / place[4]) * view.density
      let (width, height) = (Int(place[2]) * view.density, Int(place[3]) * view.density)
      /// How many points differ from the corner of their square if the picture begins at a place.
      func uneven(_ left: Int, _ top: Int) -> Int {
        func color(_ x: Int, _ y: Int) -> ArraySlice<UInt8> {
          let start = ((top + y) * picture.width + left + x) * picture.channels
          return picture.pixels[start..<start + picture.channels]
        }
        return (0..<height).reduce(0) { sum, y in
          sum
            + (0..<width).count { x in
              !color(x, y).elementsEqual(color(x / scale * scale, y / scale * scale))
            }
        }
      }
      // The browser moves pictures to whole device pixels.
      let starts = 0...2 * view.density
      #expect(starts.contains { x in starts.contains { y in uneven(x, y) == 0 } })
    }
  }

  // MARK: 6 Sizes

  /// One network with as many mistakes, of as many kinds, as the course's makes on MNIST.
  private var one: StudyResults {
    var results = TrainedStudy.results
    results.mistakes = Array(results.mistakes.prefix(80))
    results.quality.cells = Array(results.quality.cells.filter { $0.count < 5 }.prefix(40))
    results.doubt.neighborhood = Array(
      results.doubt.neighborhood.prefix(results.doubt.points.count + 60))
    results.comparisons = []
    results.timeLapse = nil
    return results
  }

  @Test func `a report of one network can be sent`() throws {
    let report = Report(one, templates: try Fixture.templates())
    let files = try report.files()
    let index = try #require(files.first { $0.path == "index.html" }).bytes.count
    let others = files.filter { !["index.html", "report.json"].contains($0.path) }
    #expect(index <= 1_000_000)
    #expect(others.reduce(0) { $0 + $1.bytes.count } <= 3_000_000)
    #expect(try report.singleFile().utf8.count <= 4_000_000)
  }

  // MARK: 7 Paper

  private func tool(_ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(arguments)")
    return String(decoding: output, as: UTF8.self)
  }

  @Test func `one network takes at most twenty sheets, in letters of ten points`() throws {
    try Fixture.withFolder { folder in
      _ = try Report(one, templates: try Fixture.templates()).write(to: folder)
      let browser = try Browser()
      let page = try browser.open("\(folder)/index.html")
      try page.pdf().write(to: URL(fileURLWithPath: "\(folder)/page.pdf"))
      let about = try tool("pdfinfo", "\(folder)/page.pdf")
      let count = try #require(about.firstMatch(of: /Pages: +(\d+)/).flatMap { Int($0.1) })
      #expect((10...20).contains(count), "\(count)")
      try page.emulate(isDark: false, media: "print")
      let size = try page.read(
        """
        (() => {
          const line = document.querySelector(".prose p");
          return line.currentCSSZoom * parseFloat(getComputedStyle(line).fontSize) * 72 / 96;
        })()
        """, as: Double.self)
      #expect(size >= 10)
    }
  }

  @Test func `printed on A4 it is light, whole and open`() throws {
    try open(View(isDark: true)) { page in
      let temporary = try TemporaryFolder()
      let folder = temporary.path
      try page.pdf().write(to: URL(fileURLWithPath: "\(folder)/page.pdf"))
      let about = try tool("pdfinfo", "\(folder)/page.pdf")
      #expect(about.contains("(A4)"))
      let sheets = try tool("pdftotext", "-layout", "\(folder)/page.pdf", "-")
        .split(separator: "\u{c}").map {
          $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
      func pages(with words: String) -> [Int] {
        sheets.indices.filter {
          sheets[$0].contains(words.split(whereSeparator: \.isWhitespace).joined(separator: " "))
        }
      }
      // A figure's number stands in its caption, below. Rows of pictures may go on overleaf, and what is higher than a sheet
      // has to be split.
      let figures = try page.read(
        """
        [...document.querySelectorAll("main figure:not(#fig-nudge, #fig-review)")].filter((x) => x.checkVisibility()
          && x.querySelector(".fig-n") && !x.querySelector(".tile") && x.getBoundingClientRect().height < 1400)
          .map((x) => [x.querySelector(".ft").textContent.trim().split(" ").slice(0, 4).join(" "),
            x.querySelector(".fig-n").textContent])
        """, as: [[String]].self)
      for figure in figures {
        let (top, bottom) = (pages(with: figure[0]), pages(with: figure[1] + " "))
        #expect(
          !bottom.isEmpty && top.contains { bottom.contains($0) },
          "\(figure) is split: \(top) \(bottom)")
      }
      let answers = try page.read(
        "[...document.querySelectorAll('.qa-answer > p:first-of-type')].map((x) => x.textContent.trim().split(' ').slice(0, 3).join(' '))",
        as: [String].self)
      #expect(answers.count > 9)
      for answer in answers { #expect(!pages(with: answer).isEmpty, "\(answer)") }
      for control in [
        "Clear", "Numbers as a table", "Turn the attack up", "Start again",
      ] {
        #expect(pages(with: control).isEmpty, "\(control)")
      }
      _ = try tool("pdftoppm", "-r", "40", "-png", "\(folder)/page.pdf", "\(folder)/sheet")
      for file in try FileManager.default.contentsOfDirectory(atPath: folder)
      where file.hasPrefix("sheet") {
        let sheet = try PNG.read(
          [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file)"))))
        let bright = sheet.pixels.count { $0 > 200 }
        #expect(bright > sheet.pixels.count / 2, "\(file) is dark")
      }
      // After printing the page is as it was.
      #expect(try page.read("document.querySelectorAll('.qa[open]').length", as: Int.self) == 0)
      #expect(
        try page.read("getComputedStyle(document.body).backgroundColor", as: String.self)
          == "rgb(21, 23, 27)")
    }
  }

  // MARK: 8 Theme

  @Test(arguments: [View(), View(isSingle: true)])
  func `the theme switches everything at once, is kept, and never flashes`(view: View) throws {
    try open(view) { page in
      let look = """
        [getComputedStyle(document.body).backgroundColor,
         picture.currentSrc,
         document.querySelector("[data-part=nudged]").toDataURL(),
         document.querySelector(".live .maps canvas").toDataURL()]
        """
      let load = """
        window.picture = document.querySelector("picture img");
        picture.loading = "eager";
        await new Promise((done) => setTimeout(done, 300));
        await picture.decode();
        """
      try page.run(load)
      let light = try page.read(look, as: [String].self)
      try page.run(
        """
        [...document.querySelectorAll("[data-theme-choice=dark]")].find((x) => x.checkVisibility()).click();
        await new Promise((done) => setTimeout(done, 300));
        """)
      let dark = try page.read(look, as: [String].self)
      for (a, b) in try paired(light, dark) { #expect(a != b) }
      #expect(dark[0] == "rgb(21, 23, 27)")
      try page.send(
        "Page.addScriptToEvaluateOnNewDocument",
        [
          "source": """
          new MutationObserver((_, observer) => {
            if (!document.body) return;
            window.firstColor = getComputedStyle(document.body).backgroundColor;
            observer.disconnect();
          }).observe(document, { childList: true, subtree: true });
          """
        ])
      try page.reload()
      #expect(try page.read("window.firstColor", as: String.self) == "rgb(21, 23, 27)")
      try page.run(load)
      #expect(try page.read(look, as: [String].self) == dark)
    }
  }

  // MARK: 10 The live network

  private struct Live: Decodable {
    let predicted: [Int]
    let probabilities: [[Double]]
  }

  @Test func `the page reads ten thousand digits as the checkpoint does`() throws {
    try open { page in
      let images = TrainedStudy.dataset.test
      let predicted = TrainedStudy.predictions(of: images)
      let found = try page.read(
        """
        (async () => {
          const bytes = Uint8Array.from(atob("\(Data(images.pixels).base64EncodedString())"), (x) => x.charCodeAt(0));
          const network = new InklingNetwork(inklingFacts), size = 784, predicted = [], probabilities = [];
          for (let i = 0; i < \(images.count); i++) {
            const odds = network.classify(Float32Array.from(bytes.subarray(i * size, (i + 1) * size), (x) => x / 255));
            predicted.push(odds.indexOf(Math.max(...odds)));
            if (i < 10) probabilities.push(odds);
          }
          return { predicted, probabilities };
        })()
        """, as: Live.self)
      let same = zip(found.predicted, predicted.predicted).count { $0 == $1 }
      #expect(same >= 9990, "\(same) of 10,000 agree")
      for (index, odds) in found.probabilities.enumerated() {
        for (k, value) in odds.enumerated() {
          #expect(abs(value - Double(predicted.probabilities[index * 10 + k])) < 0.01)
        }
      }
    }
  }
}
