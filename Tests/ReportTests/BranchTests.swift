import Datasets
import Drawing
import Engine
import Evaluation
import Figures
import Foundation
import Networks
import TestSupport
import Testing

@testable import Report
@testable import Study

/// What the page draws and says of networks with branches.
@Suite struct BranchTests {
  private static let resnet =
    "conv(4,3) norm relu 3*(residual(conv(4,3) norm relu conv(4,3) norm) relu)"
    + " residual(conv(6,3,stride=2) norm relu conv(6,3) norm | conv(6,1,stride=2) norm) relu"
    + " 2*(residual(conv(6,3) norm relu conv(6,3) norm) relu)"
    + " residual(conv(8,3,stride=2) norm relu conv(8,3) norm | conv(8,1,stride=2) norm) relu"
    + " 2*(residual(conv(8,3) norm relu conv(8,3) norm) relu) globalpool linear(10)"
  private static let residual =
    "conv(4,3) norm relu residual(conv(4,3) norm relu conv(4,3) norm) relu maxpool(2)"
    + " concat(conv(2,3) relu | ) flatten linear(10)"

  /// Results about a network of random weights and a digit.
  private func results(_ text: String) throws -> StudyResults {
    let dataset = DrawnDigits.dataset(count: 30, testCount: 10)
    let network = try hashedNetwork(text)
    let subject = Study.Subject(
      name: "random",
      checkpoint: Checkpoint(
        network: network, classes: dataset.classes, dataset: dataset.name, seed: 1), sha256: "")
    let study = Study(
      subject, on: dataset, split: Split(dataset, seed: 1), pool: WorkerPool(threads: 2))
    var results = Fixture.results(classes: dataset.classes, shape: [1, 28, 28])
    results.model = subject.modelFacts
    results.data.example = study.example(3)
    results.features.activations = study.activations(results.data.example)
    results.ensemble = study.ensembleFacts()
    return results
  }

  private func outline(_ text: String) throws -> LayerOutline {
    LayerOutline(inputs: try hashedNetwork(text).architecture.entries.map(\.inputs))
  }

  /// Parts as a text: layers by their number, branches in brackets, then the joint.
  private func words(_ parts: [LayerOutline.Part]) -> String {
    parts.map { part in
      switch part {
      case .layer(let index): "\(index)"
      case .block(let branches, let joint):
        "(\(branches.map(words).joined(separator: "|")))\(joint)"
      }
    }.joined(separator: " ")
  }

  @Test(arguments: [
    ("flatten linear(5) relu linear(10)", "0 1 2 3"),
    ("residual(conv(1,3) relu) flatten linear(10)", "(0 1|)2 3 4"),
    ("concat( | conv(1,3) | relu) flatten linear(10)", "(|0|1)2 3 4"),
    (
      "conv(2,3) residual(residual(relu | tanh) residual(relu) | concat(relu | ) conv(2,1)) flatten linear(10)",
      "0 ((1|2)3 (4|)5|(6|)7 8)9 10 11"
    ),
  ])
  func `the outline nests layers as the text does`(text: String, expected: String) throws {
    #expect(words(try outline(text).parts) == expected)
  }

  @Test func `of a deep network the first block and the stages are drawn`() throws {
    let names = try results(Self.resnet).features.activations.map(\.layer)
    #expect(
      names == [
        "relu1", "relu2", "norm3", "relu3", "relu7", "relu13", "relu19", "globalpool1", "linear1",
      ])
    let small = try results(Self.residual).features.activations.map(\.layer)
    #expect(
      small == [
        "relu1", "relu2", "norm3", "relu3", "pool1", "relu4", "concat1", "linear1",
      ])
    let chain = try results("conv(3,3) relu maxpool(2) flatten linear(9) relu linear(10)")
    #expect(chain.features.activations.map(\.layer) == ["relu1", "pool1", "relu2", "linear2"])
  }

  @Test func `a chain stands in one row of tiles`() throws {
    let results = try results("conv(3,3) relu maxpool(2) flatten linear(9) relu linear(10)")
    let figure = ReportFigures(results).pass(results)
    let grid = try #require(figure.chart as? ImageGrid)
    #expect(
      grid.rows.map { $0.tiles.map { $0.caption.map(\.text) } } == [
        [
          ["image", "28 × 28"], ["conv1 + relu1", "3 maps, 28 × 28", "30 param."],
          ["pool1", "3 maps, 14 × 14"], ["linear1 + relu2", "9 numbers", "5,301 param."],
          ["answer", "10 probabilities", "100 param."],
        ]
      ])
    #expect(figure.text.caption.contains("left to right"))
  }

  /// The first lines of all captions, folded blocks in brackets, branches between bars.
  private func words(_ parts: [FlowDiagram.Part]) -> String {
    func first(_ caption: [StyledLine]) -> String { caption.first?.text ?? "" }
    return parts.map { part in
      switch part {
      case .stop(let stop): first(stop.caption)
      case .block(let branches, let joint, let stop):
        "{\(branches.map(words).joined(separator: " | "))} \(joint) \(first(stop.caption))"
      case .folded(let joint, let isBypassed, let caption):
        "[\(first(caption)), \(joint), \(isBypassed)]"
      }
    }.joined(separator: "; ")
  }

  @Test func `branches part and meet`() throws {
    let results = try results(Self.residual)
    let figure = ReportFigures(results).pass(results)
    let diagram = try #require(figure.chart as? FlowDiagram)
    #expect(
      words(diagram.parts)
        == "image; conv1 + norm1 + relu1; {conv2 + norm2 + relu2; conv3 + norm3 | } sum add1; relu3; "
        + "pool1; {conv4 + relu4 | } concatenation concat1; answer")
    let caption = figure.text.caption
    #expect(caption.contains("at + their") && caption.contains("at || they"))
    #expect(!caption.contains("blocks"))
  }

  @Test func `a deep network is drawn stage by stage, and says so`() throws {
    let results = try results(Self.resnet)
    let figure = ReportFigures(results).pass(results)
    let diagram = try #require(figure.chart as? FlowDiagram)
    #expect(
      words(diagram.parts)
        == "image; conv1 + norm1 + relu1; {conv2 + norm2 + relu2; conv3 + norm3 | } sum add1; relu3; "
        + "[2 blocks: conv4 to add3, sum, true]; relu7; [3 blocks: conv8 to add6, sum, false]; relu13; "
        + "[3 blocks: conv15 to add9, sum, false]; relu19; globalpool1; answer")
    #expect(figure.text.caption.contains("1 of the 9 blocks is drawn in full"))
    // Every parameter is told once.
    let told = figure.figure().marks.compactMap { mark -> Int? in
      guard case .text(let text, _, _) = mark, text.hasSuffix(" param.") else { return nil }
      return Int(text.dropLast(7).filter(\.isNumber))
    }
    #expect(told.reduce(0, +) == results.model.parameters)
  }

  @Test(arguments: [984.0, 552, 358])
  func `nothing leaves the figure or lies on something else`(width: Double) throws {
    let nested =
      "conv(4,3) relu residual(concat(conv(2,3) relu | conv(2,1) relu | conv(2,5)) conv(4,1) | )"
      + " relu flatten residual(linear(40) relu linear(3136) | ) linear(10)"
    for text in [Self.residual, Self.resnet, nested] {
      let results = try results(text)
      let layout = ReportFigures(results).pass(results).chart.layout(width: width)
      var boxes: [Rectangle] = []
      for mark in layout.marks {
        let box = mark.bounds
        #expect(box.x >= -1 && box.x + box.width <= width + 1, "\(mark)")
        #expect(box.y >= -1 && box.y + box.height <= layout.height + 1, "\(mark)")
        switch mark {
        case .image, .text: boxes.append(box)
        case .area, .frame, .line, .polyline, .polygon, .circle: break
        }
      }
      for (place, one) in boxes.enumerated() {
        for other in boxes[(place + 1)...] {
          let isApart =
            one.x + one.width <= other.x || other.x + other.width <= one.x
            || one.y + one.height <= other.y || other.y + other.height <= one.y
          #expect(isApart, "\(one) \(other)")
        }
      }
    }
  }

  @Test(arguments: [("relu1", 40 + 144), ("relu2", 148 + 144), ("relu3", 148 + 31_360)])
  func `a dead unit is served by what leads to it and nowhere else`(
    layer: String, parameters: Int
  ) throws {
    let layers = try results(
      "conv(4,3) relu residual(conv(4,3) relu conv(4,3)) relu flatten linear(10)"
    ).model.layers
    var record = Fixture.record(1, train: 1, validation: 1)
    record.deadUnits = [layer: 2]
    let dead = try #require(TrainingFacts([record]).deadUnits(in: layers))
    let total = layers.reduce(0) { $0 + $1.parameters }
    #expect(abs(dead.parameters - Double(parameters) / 2 / Double(total)) < 1e-9)
  }

  @Test func `an ensemble has a chapter of what its members gain, and no other network has`() throws
  {
    let members = ["flatten linear(12) relu linear(10)", "conv(3,3) relu flatten linear(10)"]
    let results = try results("ensemble(\(members.joined(separator: " | ")))")
    let facts = try #require(results.ensemble)
    #expect(facts.result.members.count == 2 && facts.validationCount > 0)
    #expect(facts.unread.allSatisfy { facts.result.unread.contains($0.index) })
    #expect(facts.unread.count == facts.result.unread.count)
    let report = Report(results, templates: try Fixture.templates())
    let index = try #require(report.files().first { $0.path == "index.html" })
    let page = String(decoding: index.bytes, as: UTF8.self)
    #expect(page.contains("id=\"ensemble\"") && page.contains("2 networks as one"))
    #expect(page.contains("turned into probabilities and averaged"))
    let again = try JSONDecoder().decode(
      StudyResults.self, from: JSONEncoder().encode(results))
    #expect(again.ensemble?.result == facts.result)
    let single = try self.results(members[0])
    #expect(single.ensemble == nil)
    let other = try #require(
      Report(single, templates: try Fixture.templates()).files().first { $0.path == "index.html" })
    #expect(!String(decoding: other.bytes, as: UTF8.self).contains("id=\"ensemble\""))
  }

  @Test func `the chapter of the network counts branches, and reckons up the largest layers`()
    throws
  {
    func page(_ text: String) throws -> String {
      let report = Report(try results(text), templates: try Fixture.templates())
      let index = try #require(report.files().first { $0.path == "index.html" })
      return String(decoding: index.bytes, as: UTF8.self)
    }
    let deep = try page(Self.resnet)
    #expect(deep.contains("the numbers of the branches are added in 9 places."))
    #expect(deep.contains("These are the largest of 43 layers; the table has all."))
    #expect(deep.contains("Why is what a branch makes of its input added to that input?"))
    #expect(deep.contains("Of this deep network only the first block is shown in full"))
    let small = try page(Self.residual)
    #expect(small.contains("are added in 1 place and laid one behind the other in 1 place."))
    #expect(!small.contains("These are the largest") && !small.contains("Of this deep network"))
    let chain = try page("conv(3,3) relu flatten linear(10)")
    #expect(!chain.contains("stand in a row") && !chain.contains("a branch makes"))
  }
}
