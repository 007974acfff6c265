import Figures
import Foundation
import Networks
import Study
import StudySupport
import TestSupport
import Testing
import Training

@testable import Report

@Suite struct ReportTests {
  static let hostile = [
    "<script>alert(1)</script>", "\"quoted\" & 'single'", "emoji 🐙", "עברית", "{{model}}",
    String(repeating: "long ", count: 60),
  ]

  /// The page and all files of a report.
  private func files(_ results: StudyResults, date: String? = nil) throws -> [String: [UInt8]] {
    let files = try Report(results, templates: try Fixture.templates(), date: date).files()
    #expect(Set(files.map(\.path)).count == files.count, "two files of one name")
    return Dictionary(files.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
  }

  private func page(_ results: StudyResults, date: String? = nil) throws -> String {
    String(decoding: try files(results, date: date)["index.html"] ?? [], as: UTF8.self)
  }

  @Test func `a report is a page, its assets and its numbers`() throws {
    try Fixture.withFolder { folder in
      let report = Report(Fixture.results(), templates: try Fixture.templates())
      let files = try report.write(to: "\(folder)/new/report")
      #expect(files.first == "index.html")
      #expect(files.contains("report.json"))
      let found = try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/new/report")
      #expect(Set(files + ["assets"]) == Set(found))
    }
  }

  @Test func `the numbers can be read back and give the same report`() throws {
    let first = try files(Fixture.results())
    let data = Data(first["report.json"] ?? [])
    let again = try files(JSONDecoder().decode(StudyResults.self, from: data))
    #expect(first == again)
  }

  /// Results that a page must survive.
  enum Case: CaseIterable {
    case plain, color, hundredClasses, hostileNames, twoChannels

    var results: StudyResults {
      switch self {
      case .plain: Fixture.results()
      case .color: Fixture.results(shape: [3, 8, 8], dataset: "photos")
      case .hundredClasses:
        Fixture.results(
          classes: (0..<100).map { "class \($0)" }, dataset: "many", count: 300)
      case .hostileNames:
        Fixture.results(
          classes: hostile, dataset: "<b>bold</b>", name: "\"><img src=x onerror=1>")
      case .twoChannels: Fixture.results(classes: ["a", "b"], shape: [2, 8, 8], dataset: "pairs")
      }
    }
  }

  @Test(arguments: Case.allCases)
  func `a page is well formed, whatever the classes and channels`(of kind: Case) throws {
    let results = kind.results
    let all = try files(results)
    #expect(all == (try files(results)))
    let page = try page(results)
    for image in page.matches(of: /<img [^>]*>/) {
      #expect(image.output.contains(" alt=\""), "\(image.output)")
    }
    for drawing in page.matches(of: /<svg [^>]*>/) {
      #expect(drawing.output.contains("role=\"img\" aria-label=\""))
    }
    for link in page.matches(of: /(?:src|href|srcset)="([^"]*)"/) {
      let target = String(link.1)
      let isKnown =
        target.hasPrefix("data:") || all[target] != nil
        || target.hasPrefix("#") && page.contains("id=\"\(target.dropFirst())\"")
        || target.hasPrefix("http") && page.contains("<li><a href=\"\(target)\"")
      #expect(isKnown, "\(target) leads nowhere")
    }
    // Only things to read elsewhere are on the network, for who follows a link.
    let elsewhere = page.matches(of: /https?:/).count
    #expect(elsewhere == page.matches(of: /<li><a href="https?:/).count)
    // Pictures of two channels are none to train on.
    let scripts = results.practice == nil ? 3 : 5
    #expect(page.matches(of: /<script src="assets\/[a-z]+\.js"/).count == scripts)
    #expect(page.matches(of: /<script/).count == scripts)
    #expect(!page.contains("onerror=1>"))
    #expect(page.firstMatch(of: /<[^>]* on[a-z]+="/) == nil)
    let ids = page.matches(of: /\sid="([^"]*)"/).map { String($0.1) }
    #expect(Set(ids).count == ids.count)
    #expect(page.utf8.count < 1 << 20)
  }

  @Test(arguments: [Case.plain, .color, .hostileNames, .twoChannels])
  func `every mistake leads to a page of its own, and back`(of kind: Case) throws {
    let results = kind.results
    let all = try files(results)
    let page = String(decoding: all["index.html"] ?? [], as: UTF8.self)
    let cases = try #require(results.cases)
    for example in cases.cases.map(\.example) {
      let path = CasePages.path(example.index)
      #expect(page.contains("href=\"\(path)\""))
      let own = String(decoding: try #require(all[path]), as: UTF8.self)
      #expect(own.contains("LRP *") && own.contains("stays nearly the same with random weights"))
      #expect(own.contains("The nearest training images"))
      #expect(!own.contains("onerror=1>"))
      for link in own.matches(of: /(?:src|href|srcset)="([^"]*)"/) {
        let target = String(link.1)
        let isKnown =
          target.hasPrefix("data:") || target.hasPrefix("#") || all["assets/\(target)"] != nil
          || target.hasPrefix("../index.html#")
            && page.contains("id=\"\(target.dropFirst("../index.html#".count))\"")
        #expect(isKnown, "\(target) leads nowhere")
      }
    }
  }

  @Test func `near training images are the nearest only if all were searched`() throws {
    var results = Fixture.results()
    results.cases?.searched = 100
    let example = try #require(results.cases?.cases.first?.example)
    let own = String(
      decoding: try #require(try files(results)[CasePages.path(example.index)]), as: UTF8.self)
    #expect(own.contains("Near training images") && !own.contains("The nearest"))
    #expect(own.contains("Of 100 training images drawn at random"))
  }

  @Test func `a network of one layer has no deeper ones, and a folder no known place`() throws {
    var results = Fixture.results()
    #expect(try page(results).contains("Deeper layers act on other layers"))
    #expect(try page(results).contains("the weights of a deeper layer"))
    #expect(!(try page(results)).contains("FOLDER"))
    results.model.layers.removeAll { $0.name == "conv1" }
    for place in results.model.layers.indices { results.model.layers[place].inputs = [place] }
    results.data.name = "folder mnist"
    let bare = try page(results)
    #expect(!bare.contains("Deeper layers") && !bare.contains("a deeper layer"))
    #expect(bare.contains("--dataset FOLDER/mnist --"))
    #expect(bare.contains("FOLDER stands for the place where “mnist” lies"))
  }

  @Test func `few images are counted as few`() throws {
    var results = Fixture.results()
    results.robustness.smallest = [0, 0, 0.1]
    results.robustness.count = 3
    let smallest = ReportFigures(results).smallest(results.robustness).text.caption
    #expect(smallest.contains("None held against every size. 1 of the 3 images attacked was right"))
    #expect(try page(results).contains("95% interval of such a difference is about ±6 images"))
    let doubtful = ReportFigures(results).mistakes(
      results.mistakes.filter { $0.confidence <= 0.9 }, quality: results.quality)
    #expect(doubtful.allSatisfy { $0.text.caption.hasPrefix("Each caption reads true") })
    let figures = ReportFigures(dataset: "mnist", classes: ["0"], testCount: 3)
    #expect(figures.drawn(3) == "all 3 test images")
    #expect(figures.drawn(2) == "2 test images, drawn at random")
    #expect(ReportFigures(dataset: "mnist", classes: ["0"]).drawn(3) == "3 test images")
    results.quality.evaluation = FindingsTests.evaluation(
      [(0, 1), (1, 2)], each: 1, classes: ["0", "1", "2"])
    let confusion = ReportFigures(results).confusion(results.quality).text.caption
    #expect(confusion.contains("so that 1 right answer does not hide 2 wrong ones"))
  }

  @Test func `the course's questions are answered with the run's own numbers`() throws {
    var results = Fixture.results()
    let text = try page(results)
    #expect(text.contains("conv1 4 × (9 + 1) = 40"))
    #expect(text.contains("linear(128) linear(10) reaches 91.00%"))
    #expect(text.contains("0.1 gave 20.00%, 0.01 gave 96.00% and 0.001 gave 97.00%"))
    #expect(text.contains("On the validation images: 88.00%, 88.00% and 88.00%"))
    results.experiments = nil
    results.timeLapse = nil
    results.cases = nil
    let bare = try page(results)
    #expect(!bare.contains("learning-rates") && !bare.contains("over-time"))
    #expect(!bare.contains("case-") && bare.contains("How many parameters does it have"))
  }

  @Test func `numbers are kept as bytes where bytes say them exactly`() throws {
    func again(_ plane: Plane) throws -> (Plane, json: String) {
      let data = try JSONEncoder().encode(plane)
      return (
        try JSONDecoder().decode(Plane.self, from: data), String(decoding: data, as: UTF8.self)
      )
    }
    let pixels = Plane(shape: [256], values: (0...255).map { Float($0) / 255 })
    #expect(try again(pixels).0 == pixels && again(pixels).json.contains("uint8_base64"))
    let floats = Plane(shape: [3], values: [0.1, -0.0, .pi])
    #expect(try again(floats).0 == floats && again(floats).json.contains("float32_base64"))
    let signed = Plane(shape: [200], values: (0..<200).map { Float($0) / 7 - 9 })
    let rounded = signed.rounded()
    #expect(try again(rounded).0 == rounded && again(rounded).json.contains("int8_base64"))
    for (a, b) in try paired(signed.values, rounded.values) {
      #expect(abs(a - b) <= (200.0 / 7 - 9) / 254 + 1e-4)
    }
    #expect(Plane(shape: [2], values: [.nan, 0]).rounded().values == [0, 0])
  }

  /// What is said of one run's sizes stands nowhere in the words about another.
  @Test func `no number is left from another run`() throws {
    func numbers(_ results: StudyResults) throws -> Set<String> {
      var results = results
      results.comparisons = [Fixture.comparison(pValue: 0.01)]
      let text = try page(results)
      let words = text.matches(of: /<(?:p|figcaption|dd|span class="[vu]")[^>]*>([^<]*)/)
      return Set(
        words.flatMap { $0.1.matches(of: /[0-9][0-9,]*(?:\.[0-9]+)?%?/).map { String($0.output) } })
    }
    let first = Fixture.results()
    var second = Fixture.results(
      classes: (0..<7).map { "k\($0)" }, shape: [1, 13, 17], dataset: "letters", count: 161)
    second.data.trainCount = 7777
    second.data.validationCount = 888
    second.data.testCount = 161
    second.model.parameters = 45_678
    second.model.run?.batchSize = 48
    second.history = (1...5).map {
      Fixture.record($0, train: 0.77 / Double($0), validation: 0.91 / Double($0))
    }
    let (a, b) = (try numbers(first), try numbers(second))
    let own = ["811", "300", "64", "2,304", "240"]
    #expect(a.isSuperset(of: ["811", "300"]))
    for number in own { #expect(!b.contains(number), "\(number) is left") }
    #expect(b.isSuperset(of: ["161", "7,777", "45,678"]))
  }

  @Test func `no time and no path stands in a report`() throws {
    let all = try files(Fixture.results())
    for (_, bytes) in all where !bytes.starts(with: [0x89]) {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains(Fixture.folder))
      #expect(text.firstMatch(of: /20[0-9][0-9]-[0-9][0-9]-/) == nil)
    }
    let dated = try page(Fixture.results(), date: "23 <November>")
    #expect(dated.contains("23 &lt;November&gt;"))
  }

  @Test func `drawn digits are called drawn, and a figure that stands alone says it`() throws {
    let results = Fixture.results(dataset: "drawn")
    let drawn = try page(results)
    #expect(drawn.contains("they are not MNIST"))
    // A figure in a file of its own says it, too.
    let alone = ReportFigures(results).squares(results.quality).figure()
    #expect(alone.caption.hasSuffix("they are not MNIST."))
    #expect(drawn.contains("says little about handwriting"))
    #expect(drawn.contains("its numbers are not those of MNIST"))
    #expect(!drawn.contains("handwritten digits"))
    #expect(!(try page(Fixture.results())).contains("not MNIST"))
  }

  @Test func `one page can hold everything`() throws {
    var results = Fixture.results(classes: Self.hostile, dataset: "</script><script>")
    results.model.run?.adversarial = "</style><!--"
    let report = Report(results, templates: try Fixture.templates())
    let text = try report.singleFile()
    #expect(text == (try report.singleFile()))
    for link in text.matches(of: /(?:src|href|srcset)="([^"]*)"/) {
      let isInside = link.1.hasPrefix("#") && text.contains("id=\"\(link.1.dropFirst())\"")
      let isReading = text.contains("<li><a href=\"\(link.1)\"") && link.1.hasPrefix("http")
      #expect(link.1.hasPrefix("data:") || isInside || isReading, "\(link.1)")
    }
    let cases = try #require(results.cases).cases
    #expect(text.matches(of: /<article class="case inside"/).count == cases.count)
    #expect(text.contains("href=\"#case-\(cases[0].example.index)\""))
    #expect(text.matches(of: /<\/script>/).count == 4)
    #expect(text.matches(of: /<\/style>/).count == 1)
    let json = try #require(text.firstMatch(of: /id="report-data">([^<]*)<\/script>/)).1
    // Every number that is shown, but not those of pictures, which are in the page themselves.
    let decoded = try #require(
      try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    let (model, data) = (decoded["model"] as? [String: Any], decoded["data"] as? [String: Any])
    #expect(model?["classes"] as? [String] == Self.hostile)
    let means = try #require(data?["meanImages"] as? [[String: Any]])
    #expect(means.allSatisfy { Set($0.keys) == ["shape"] } && !means.isEmpty)
    #expect(!json.contains("base64") && decoded["live"] == nil)
    // What marks the page's own scripts is not to be foretold by who names the classes.
    let nonce = try #require(text.firstMatch(of: /<style nonce="([^"]*)"/)).1
    #expect(text.contains("script-src &#39;nonce-\(nonce)&#39;"))
    let other = try Report(Fixture.results(), templates: try Fixture.templates()).singleFile()
    #expect(!other.contains(nonce))
    try Fixture.withFolder { folder in
      try report.writeSingleFile(to: "\(folder)/report.html")
      #expect(try String(contentsOfFile: "\(folder)/report.html", encoding: .utf8) == text)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["report.html"])
    }
  }

  @Test func `a report without history, mistakes or attacks is still a report`() throws {
    var results = Fixture.results()
    results.history = []
    results.mistakes = []
    results.robustness.curves = []
    results.robustness.examples = []
    results.explanations.rows = []
    results.doubt.points = []
    results.doubt.pixelPoints = []
    results.doubt.slice = nil
    results.doubt.strangers = []
    results.robustness.smallest = []
    results.doubt.leastSure = []
    results.features.weights = Plane(shape: [0], values: [])
    results.features.untrainedWeights = Plane(shape: [0], values: [])
    let page = try page(results)
    #expect(page.contains("How to fool it"))
    #expect(!page.contains("id=\"training\""))
  }

  @Test
  func `of a large network from elsewhere no beginning is claimed, and why it is not in the page`()
    throws
  {
    var results = Fixture.results()
    (results.live, results.repair, results.model.run, results.timeLapse) = (nil, nil, nil, nil)
    results.history = []
    results.liveAbsence = .large(bytes: 11_200_000)
    results.features.untrainedIsStart = false
    let page = try page(results)
    for claim in [
      "it began", "start of training", "Training moved", "first predictions", "Before training",
      "id=\"live\"",
    ] {
      #expect(!page.contains(claim), "\(claim)")
    }
    for words in [
      "With random numbers such a network", "random ones of a network that is built alike",
      "networks of up to 4 MB", "This one would take 11 MB",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    results.liveAbsence = .diverged
    #expect(!(try self.page(results)).contains("not here to try"))
  }

  @Test func `a run that diverged can be reported`() throws {
    var results = Fixture.results()
    results.history = [Fixture.record(1, train: .nan, validation: .infinity)]
    #expect(!(try page(results)).isEmpty)
  }

  @Test func `the report compares networks`() throws {
    var results = Fixture.results()
    results.comparisons = [Fixture.comparison(pValue: 0.001)]
    let page = try page(results)
    #expect(page.contains("What does cnn do that mlp does not?"))
    #expect(page.contains("5 images only this network reads, 2 only the other"))
  }

  @Test(arguments: FigureKind.allCases)
  func `every kind of figure can be drawn on its own`(kind: FigureKind) throws {
    let figures = ReportFigures.figures(kind, of: TrainedStudy.study())
    #expect(figures.isEmpty == (kind == .templates))
    for figure in figures {
      #expect(figure.figure().height > 0)
      #expect(figure.narrowFigure().width == Illustration.narrowWidth)
      #expect(!figure.text.caption.isEmpty)
      #expect(try figure.figure().svg(standalone: true).hasPrefix("<svg"))
    }
  }
}
