import Foundation
import Study
import Testing

@testable import Report

/// Opens the page in a headless Chromium.
@Suite(.serialized) struct BrowserTests {
  static let names = ["chromium", "chromium-browser", "google-chrome"]

  /// The browser's program, if one is installed.
  static var browser: String? {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    return names.lazy.flatMap { name in folders.map { "\($0)/\(name)" } }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  struct View: Sendable, CustomTestStringConvertible {
    var width: Int
    var isDark = false
    var isSingle = false
    var testDescription: String {
      "\(width) px\(isDark ? ", dark" : "")\(isSingle ? ", single file" : "")"
    }
  }

  @Test(arguments: [
    View(width: 1440), View(width: 1440, isDark: true), View(width: 900), View(width: 390),
    View(width: 390, isSingle: true),
  ])
  func `the page fits and logs no error`(view: View) throws {
    let browser = try #require(
      Self.browser, "no browser found: install one of \(Self.names.joined(separator: ", "))")
    try Fixture.withFolder { folder in
      let results = Fixture.results(
        classes: ReportTests.hostile, dataset: "photos", name: String(repeating: "name", count: 20))
      let report = Report(results, templates: try Fixture.templates())
      if view.isSingle {
        try report.writeSingleFile(to: "\(folder)/index.html")
      } else {
        _ = try report.write(to: folder)
      }
      // A browser's window has a least width, so the page stands in a frame of the wanted one.
      let frame = """
        <!doctype html><body style="margin:0"><iframe src="index.html" width="\(view.width)"
        height="2000" style="border:0"></iframe><script>
        addEventListener("load", () => setTimeout(() => {
          const page = document.querySelector("iframe").contentDocument.documentElement;
          const box = document.createElement("p");
          box.textContent = `scroll=${page.scrollWidth} client=${page.clientWidth} `
            + `scripted=${page.classList.contains("scripted")} `
            + `broken=${[...page.querySelectorAll("img")].filter((x) =>
              x.checkVisibility() && x.complete && !x.naturalWidth).length} `
            + `color=${getComputedStyle(page.querySelector("body")).backgroundColor}`;
          document.body.append(box);
        }, 300));
        </script>
        """
      try frame.write(toFile: "\(folder)/frame.html", atomically: true, encoding: .utf8)
      let (output, log) = try Self.open(
        "\(folder)/frame.html", with: browser, isDark: view.isDark, profile: "\(folder)/profile")
      #expect(!log.contains("CONSOLE"), "\(log)")
      let words = try #require(output.firstMatch(of: /scroll=(\d+) client=(\d+) (.*)/), "\(log)")
      #expect(words.1 == words.2, "the page scrolls sideways")
      #expect(words.3.contains("scripted=true broken=0"), "\(words.3)")
      let page = view.isDark ? "rgb(21, 23, 27)" : "rgb(255, 255, 255)"
      #expect(words.3.contains("color=\(page)"), "\(words.3)")
    }
  }

  @Test(arguments: [
    View(width: 1440), View(width: 1440, isDark: true), View(width: 500),
  ])
  func `axe-core finds no barrier`(view: View) throws {
    let browser = try #require(
      Self.browser, "no browser found: install one of \(Self.names.joined(separator: ", "))")
    let axe = Fixture.folder + "/../.build/axe/axe.min.js"
    try #require(
      FileManager.default.fileExists(atPath: axe), "axe-core is missing: run Scripts/axe.sh")
    try Fixture.withFolder { folder in
      var results = Fixture.results()
      results.comparisons = [Fixture.comparison(pValue: 0.01)]
      _ = try Report(results, templates: try Fixture.templates()).write(to: folder)
      try FileManager.default.copyItem(atPath: axe, toPath: "\(folder)/axe.js")
      let own = CasePages.path(try #require(results.cases?.cases.first).example.index)
      for (path, script) in [("index.html", "axe.js"), (own, "../axe.js")] {
        // The policy forbids what is not the page's own, axe-core's styles among it.
        let page = try String(contentsOfFile: "\(folder)/\(path)", encoding: .utf8)
          .replacing(/<meta http-equiv="Content-Security-Policy"[^>]*>/, with: "")
          .replacing(
            "</body>",
            with: """
              <script src="\(script)"></script><script>
              const kinds = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
              addEventListener("load", () => setTimeout(async () => {
                const found = (await axe.run(document, { runOnly: kinds })).violations;
                const line = document.createElement("p");
                line.textContent = `axe=${found.map((x) => `${x.id}: ${x.nodes[0].html}`).join(" ")};`;
                document.body.append(line);
              }, 300));
              </script></body>
              """)
        try page.write(toFile: "\(folder)/\(path)", atomically: true, encoding: .utf8)
        let (output, log) = try Self.open(
          "\(folder)/\(path)", with: browser, isDark: view.isDark, width: view.width,
          milliseconds: 60_000, profile: "\(folder)/profile")
        let found = try #require(output.firstMatch(of: /<p>axe=([^;]*);/), "\(log)").1
        #expect(found.isEmpty, "\(found)")
      }
    }
  }

  @Test func `a cell of the confusion matrix opens its images by its address`() throws {
    let browser = try #require(
      Self.browser, "no browser found: install one of \(Self.names.joined(separator: ", "))")
    try Fixture.withFolder { folder in
      let results = Fixture.results()
      let cell = try #require(results.quality.cells.first)
      let target = ReportFigures.target(cell)
      _ = try Report(results, templates: try Fixture.templates()).write(to: folder)
      let frame = """
        <!doctype html><body><iframe src="index.html#\(target)" width="1200" height="900"></iframe>
        <script>
        addEventListener("load", () => setTimeout(() => {
          const page = document.querySelector("iframe").contentDocument;
          const shown = [...page.querySelectorAll(".gallery")].filter((x) => x.checkVisibility());
          const links = [...page.querySelectorAll(".cell-link")].filter((x) => x.checkVisibility());
          const box = links[0].getBoundingClientRect();
          document.body.append(`shown=${shown.map((x) => x.id)} links=${links.length} `
            + `size=${box.width > 10 && box.height > 10} href=${links[0].getAttribute("href")}`);
        }, 300));
        </script>
        """
      try frame.write(toFile: "\(folder)/frame.html", atomically: true, encoding: .utf8)
      let (output, log) = try Self.open(
        "\(folder)/frame.html", with: browser, isDark: false, profile: "\(folder)/profile")
      #expect(output.contains("shown=\(target) links=1 size=true href=#\(target)"), "\(log)")
    }
  }

  @Test func `a mistake in a page is seen, and code that is not its own does not run`() throws {
    let browser = try #require(
      Self.browser, "no browser found: install one of \(Self.names.joined(separator: ", "))")
    try Fixture.withFolder { folder in
      _ = try Report(Fixture.results(), templates: try Fixture.templates()).write(to: folder)
      let page = try String(contentsOfFile: "\(folder)/index.html", encoding: .utf8)
      let added =
        "<p id=\"trial\" onclick=\"document.title='ran'\">x</p>"
        + "<script>document.title = 'ran'</script></body>"
      try page.replacing("</body>", with: added)
        .write(toFile: "\(folder)/index.html", atomically: true, encoding: .utf8)
      let (output, log) = try Self.open(
        "\(folder)/index.html", with: browser, isDark: false, profile: "\(folder)/profile")
      #expect(log.contains("CONSOLE"))
      #expect(output.contains("<title>What did my network learn?"))
    }
  }

  /// The document after loading, and what the browser logged.
  static func open(
    _ path: String, with browser: String, isDark: Bool, width: Int = 1440,
    milliseconds: Int = 5000, profile: String
  ) throws -> (output: String, log: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: browser)
    process.arguments =
      [
        "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
        "--user-data-dir=\(profile)", "--allow-file-access-from-files",
        "--window-size=\(width),2000",
        "--virtual-time-budget=\(milliseconds)",
      ]
      + (isDark
        ? ["--blink-settings=preferredColorScheme=0"] : ["--blink-settings=preferredColorScheme=1"])
      + ["--dump-dom", "file://\(path)"]
    // Files, since a full pipe would stop the browser.
    let (output, log) = ("\(profile)-output", "\(profile)-log")
    for file in [output, log] { _ = FileManager.default.createFile(atPath: file, contents: nil) }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: log)
    try process.run()
    process.waitUntilExit()
    return (
      try String(contentsOfFile: output, encoding: .utf8),
      try String(contentsOfFile: log, encoding: .utf8)
    )
  }
}
