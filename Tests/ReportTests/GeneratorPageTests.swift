import Engine
import Evaluation
import Foundation
import Generators
import Networks
import StudySupport
import TestSupport
import Testing

@testable import Report
@testable import Study

/// The report of a generator, in a reader's browser.
@Suite(.serialized) struct GeneratorPageTests {
  typealias View = Browser.View

  /// The studied generators.
  enum Subject: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case plane, wide, flow, adversarial

    var results: GeneratorResults {
      switch self {
      case .plane: TrainedGenerator.plane
      case .wide: TrainedGenerator.wide
      case .flow: TrainedGenerator.flow
      case .adversarial: TrainedGenerator.adversarial
      }
    }
    var testDescription: String { rawValue }
  }

  /// Opens the report on a generator.
  private func open(
    _ results: GeneratorResults, _ view: View = View(), _ body: (Page) throws -> Void
  ) throws {
    try Fixture.withFolder { folder in
      let report = Report(results, templates: try Fixture.templates())
      if view.isSingle {
        try report.writeSingleFile(to: "\(folder)/index.html")
      } else {
        _ = try report.write(to: folder)
      }
      let browser = try Browser()
      try body(try browser.open("\(folder)/index.html", view))
    }
  }

  @Test(
    arguments: [
      View(), View(isDark: true), View(width: 900), View(width: 390), View(width: 320, height: 700),
      View(isSingle: true), View(isScripted: false),
    ], Subject.allCases)
  func `the page fits and logs no error`(view: View, subject: Subject) throws {
    try open(subject.results, view) { page in
      let overhang = try page.read(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth", as: Int.self)
      #expect(overhang == 0)
      #expect(page.console == [])
      let broken = try page.read(
        "[...document.images].filter((x) => x.checkVisibility() && x.complete && !x.naturalWidth).length",
        as: Int.self)
      #expect(broken == 0)
      // Without a script everything is in the page at once, and loaded at once.
      if view.isScripted {
        #expect(page.requests.filter { !$0.hasPrefix("data:") }.count <= 40)
        let elements = try page.read("document.querySelectorAll('*').length", as: Int.self)
        #expect(elements < 3000, "\(elements)")
      }
      let hidden = try page.read(
        """
        [...document.querySelectorAll("main figure")].filter((figure) => {
          const parts = [...figure.querySelectorAll("svg.chart, img.px, noscript, canvas")];
          return !parts.some((x) => x.getBoundingClientRect().height > 4);
        }).map((x) => x.id)
        """, as: [String].self)
      #expect(hidden == [])
    }
  }

  @Test(arguments: [View(), View(isDark: true), View(width: 390)], Subject.allCases)
  func `axe-core finds no barrier`(view: View, subject: Subject) throws {
    let axe = Fixture.folder + "/../.build/axe/axe.min.js"
    try #require(
      FileManager.default.fileExists(atPath: axe), "axe-core is missing: run Scripts/axe.sh")
    try open(subject.results, view) { page in
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

  @Test(arguments: Subject.allCases)
  func `pictures and charts say what they show, in few words, on whole pixels`(
    subject: Subject
  ) throws {
    for view in [View(), View(width: 390)] {
      try open(subject.results, view) { page in
        let found = try page.read(
          """
          (async () => {
            for (const details of document.querySelectorAll("details.data")) details.open = true;
            for (const image of document.images) image.loading = "eager";
            await new Promise((done) => setTimeout(done, 300));
            const odd = [...document.querySelectorAll("img.px, canvas.px")].filter((x) => x.checkVisibility()).filter((x) => {
              const box = x.getBoundingClientRect();
              const scale = box.width / (x.naturalWidth || x.width);
              return scale < 0.999 || Math.abs(scale - Math.round(scale)) > 0.001;
            });
            const figures = [...document.querySelectorAll("figure")];
            return [
              ...[...document.images].filter((x) => !x.hasAttribute("alt")),
              ...[...document.querySelectorAll("svg.chart")].filter((x) =>
                x.getAttribute("role") !== "img" || (x.getAttribute("aria-label") || "").length < 20),
              ...figures.filter((x) => x.querySelector("svg.chart") && !x.querySelector("details.data tbody tr")),
              ...figures.filter((x) => !x.querySelector("h2.ft, h3.ft")),
              ...[...document.querySelectorAll("figcaption")].filter((x) => x.textContent.trim().split(/\\s+/).length > 60),
              ...odd,
            ].map((x) => (x.id || x.outerHTML).slice(0, 400));
          })()
          """, as: [String].self)
        #expect(found == [], "\(view)")
      }
    }
  }

  @Test(arguments: Subject.allCases)
  func `a report can be sent, is the same each time, and prints on few sheets`(
    subject: Subject
  ) throws {
    let report = Report(subject.results, templates: try Fixture.templates())
    let files = try report.files()
    let again = try report.files()
    #expect(files.map(\.path) == again.map(\.path) && files.map(\.bytes) == again.map(\.bytes))
    let index = try #require(files.first { $0.path == "index.html" }).bytes.count
    #expect(index <= 400_000, "\(index)")
    let others = files.filter { !["index.html", "report.json"].contains($0.path) }
    #expect(others.reduce(0) { $0 + $1.bytes.count } <= 2_000_000)
    #expect(try report.singleFile().utf8.count <= 2_500_000)
  }

  @Test func `what has no place in a kind's report is not in it`() throws {
    func text(_ subject: Subject) throws -> String {
      let report = Report(subject.results, templates: try Fixture.templates())
      let files = try report.files()
      return String(decoding: try #require(files.first).bytes, as: UTF8.self)
    }
    let chapters: [Subject: [String]] = [
      .plane: [
        "data", "network", "training", "samples", "latents", "quality", "copies", "strangers",
      ],
      .wide: [
        "data", "network", "training", "samples", "latents", "quality", "copies", "strangers",
      ],
      .flow: ["data", "network", "training", "samples", "quality", "copies"],
      .adversarial: [
        "data", "network", "training", "samples", "latents", "quality", "copies",
      ],
    ]
    for subject in Subject.allCases {
      let page = try text(subject)
      let found = page.matches(of: /<section class="chap g" id="([a-z-]+)"/).map {
        String($0.1)
      }
      #expect(found == (chapters[subject] ?? []) + ["appendix"], "\(subject)")
      #expect(page.contains("fig-latents") == (subject == .plane))
      #expect(page.contains("latents.js") == (subject == .plane))
      #expect(page.contains("fig-flow-steps") == (subject == .flow))
      #expect(page.contains("No classifier was given") == (subject == .wide))
      #expect(page.contains("fig-frechet") == (subject != .wide))
      #expect(page.contains("--classifier models/mlp.safetensors") == (subject != .wide))
    }
  }

  // MARK: What is said

  private func quality(
    counts: [Int], frechet: Double = 2, believable: Int = 80, covered: Int = 70
  ) throws -> GeneratedQuality {
    var facts = try #require(TrainedGenerator.plane.quality)
    facts.readings = SampleReadings(counts: counts, sure: counts.reduce(0, +) / 2)
    (facts.frechet, facts.frechetFloor) = (frechet, 1)
    func pair(_ precision: Int, _ recall: Int) throws -> PrecisionRecall {
      let json =
        #"{"believable":\#(precision),"count":100,"covered":\#(recall),"realCount":100}"#
      return try JSONDecoder().decode(PrecisionRecall.self, from: Data(json.utf8))
    }
    facts.precisionRecall = try pair(believable, covered)
    facts.precisionRecallOfTraining = try pair(85, 85)
    return facts
  }

  @Test func `mode collapse is named, with the classes that are missing`() throws {
    let subject = GeneratorContext(TrainedGenerator.plane).subject
    let whole = try quality(counts: [Int](repeating: 10, count: 10))
    #expect(
      Findings.readings(whole, subject)
        == "50.0% of the pictures are read with more than 90% confidence, and all 10 classes are drawn."
    )
    var counts = [Int](repeating: 120, count: 10)
    (counts[4], counts[9]) = (0, 1)
    let collapsed = try quality(counts: counts)
    #expect(
      Findings.readings(collapsed, subject).hasPrefix("Mode collapse: missing are 4 and 9."))
    counts[9] = 120
    #expect(
      Findings.readings(try quality(counts: counts), subject).hasPrefix(
        "Mode collapse: missing is 4."))
  }

  @Test(
    arguments: [
      (80, 60, "it falls short of real images in covering all."),
      (60, 80, "it falls short of real images in being believable."),
      (60, 60, "it falls short of real images in being believable and in covering all."),
      (84, 86, "no measurable difference from real images."),
    ])
  func `precision and recall are weighed against real images`(
    believable: Int, covered: Int, words: String
  ) throws {
    let facts = try quality(counts: [10], believable: believable, covered: covered)
    #expect(Findings.precisionRecall(facts).hasSuffix(words))
  }

  @Test func `copies are told from chance`() throws {
    func memory(nearer: Int) throws -> MemoryFacts {
      var facts = TrainedGenerator.plane.memory
      let json = """
        {"count":1000,"testCount":1000,"limits":[
          {"share":0.05,"squaredDistance":9,"nearer":\(nearer),"testNearer":50},
          {"share":0.01,"squaredDistance":4,"nearer":\(nearer),"testNearer":10}]}
        """
      facts.check = try JSONDecoder().decode(MemoryCheck.self, from: Data(json.utf8))
      return facts
    }
    #expect(Findings.copies(try memory(nearer: 10)).hasSuffix("no more than chance may give."))
    // The limit has its own doubt: of other test images it might have been eighteen.
    #expect(Findings.copies(try memory(nearer: 18)).hasSuffix("no more than chance may give."))
    #expect(Findings.copies(try memory(nearer: 90)).hasSuffix("more than chance would give."))
    #expect(Findings.copies(try memory(nearer: 0)).hasSuffix("fewer than chance would give."))
    var copied = try memory(nearer: 1000)
    copied.nearest[0].distance = 0
    #expect(Findings.nearest(copied).contains("is a copy, pixel by pixel"))
  }

  // MARK: The plane

  private struct Drawn: Decodable {
    var pixels: [Double]
    var milliseconds: Double
  }

  @Test func `the page draws what the checkpoint draws`() throws {
    let subject = TrainedGenerator.subject(.vae, latents: 2)
    let generator = Generator(subject.checkpoint, pool: WorkerPool(threads: 2))
    try open(TrainedGenerator.plane) { page in
      for (x, y) in [(0, 0), (1.25, -0.5), (-3.5, 3.5)] as [(Float, Float)] {
        let drawn = try page.read(
          """
          (() => {
            const network = new InklingNetwork(inklingDecoder.network);
            const logits = network.run(Float32Array.of(\(x), \(y))).at(-1);
            return Array.from(logits, (x) => 1 / (1 + Math.exp(-x)));
          })()
          """, as: [Double].self)
        let expected = generator.decode([x, y])
        let gap = try paired(drawn, expected.map(Double.init)).map { abs($0 - $1) }.max() ?? 1
        #expect(gap <= 0.011, "\(x), \(y): \(gap)")
      }
    }
  }

  @Test(arguments: [View(), View(isDark: true), View(width: 390), View(isSingle: true)])
  func `a point is dragged, and moved by arrow keys and sliders`(view: View) throws {
    try open(TrainedGenerator.plane, view) { page in
      let picture = "document.querySelector('.latents [data-part=picture]').toDataURL()"
      let values = """
        ["x", "y"].map((name) => document.querySelector(`.latents [data-part=${name}-value]`).textContent)
        """
      let settle = "await new Promise((done) => setTimeout(done, 500))"
      try page.run(settle)
      #expect(try page.read(values, as: [String].self) == ["0.00", "0.00"])
      let middle = try page.read(picture, as: String.self)
      // A drag to the upper right.
      try page.run(
        """
        const plane = document.querySelector(".latents [data-part=plane]");
        plane.scrollIntoView({ behavior: "instant", block: "center" });
        await new Promise((done) => setTimeout(done, 100));
        """)
      let box = try page.read(
        """
        (() => {
          const box = document.querySelector(".latents [data-part=plane]").getBoundingClientRect();
          return [box.x, box.y, box.width, box.height];
        })()
        """, as: [Double].self)
      let (from, to) = (
        (box[0] + box[2] / 2, box[1] + box[3] / 2), (box[0] + box[2] * 0.75, box[1] + box[3] / 4)
      )
      for (kind, place) in [("mousePressed", from), ("mouseMoved", to), ("mouseReleased", to)] {
        try page.send(
          "Input.dispatchMouseEvent",
          [
            "type": kind, "x": place.0, "y": place.1, "button": "left", "clickCount": 1,
            "buttons": kind == "mouseReleased" ? 0 : 1,
          ])
      }
      try page.run(settle)
      let dragged = try page.read(values, as: [String].self).compactMap(Double.init)
      #expect(dragged.count == 2 && dragged.allSatisfy { abs($0 - 1.75) < 0.06 }, "\(dragged)")
      #expect(try page.read(picture, as: String.self) != middle)
      // Arrow keys.
      try page.run("document.querySelector('.latents [data-part=plane]').focus()")
      try page.press("ArrowLeft", code: 37)
      try page.press("ArrowDown", code: 40)
      let moved = try page.read(values, as: [String].self).compactMap(Double.init)
      for (before, after) in try paired(dragged, moved) {
        #expect(abs(before - after - 0.1) < 0.011)
      }
      // A slider, and what lies nearby.
      try page.run(
        """
        const slider = document.querySelector(".latents [data-part=x]");
        slider.value = 0.5;
        slider.dispatchEvent(new Event("input"));
        \(settle);
        """)
      #expect(try page.read(values, as: [String].self)[0] == "0.50")
      let nearby = try page.read(
        "document.querySelector('.latents [data-part=nearby]').textContent", as: String.self)
      #expect(nearby.hasPrefix("Of the 10 test images that lie nearest "))
      // The plane is drawn, marks and all.
      let inked = try page.read(
        """
        (() => {
          const plane = document.querySelector(".latents [data-part=plane]");
          const all = plane.getContext("2d").getImageData(0, 0, plane.width, plane.height).data;
          return all.filter((x, i) => i % 4 === 3 && x > 0).length / (plane.width * plane.height);
        })()
        """, as: Double.self)
      #expect(inked > 0.01 && inked < 0.9)
      #expect(page.console == [])
    }
  }

  @Test func `the course is stepped through`() throws {
    try open(TrainedGenerator.plane) { page in
      let shown = """
        [...document.querySelectorAll("#fig-generator-course .tile-row")].map((x) => x.checkVisibility())
        """
      #expect(try page.read(shown, as: [Bool].self) == [false, false, false, true])
      try page.run(
        """
        const slider = document.querySelector("#fig-generator-course input[type=range]");
        slider.value = 0;
        slider.dispatchEvent(new Event("input"));
        """)
      #expect(try page.read(shown, as: [Bool].self) == [true, false, false, false])
      let words = try page.read(
        "document.querySelector('#fig-generator-course output').textContent", as: String.self)
      #expect(words == "Before training")
    }
    try open(TrainedGenerator.plane, View(isScripted: false)) { page in
      let rows = try page.read(
        "[...document.querySelectorAll('#fig-generator-course .tile-row')].filter((x) => x.checkVisibility()).length",
        as: Int.self)
      #expect(rows == 4)
    }
  }
}
