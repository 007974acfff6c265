import Foundation
import Interchange
import Networks
import TestSupport
import Testing

@Suite struct PyTorchExportTests {
  private func source(
    _ text: String, _ place: NormalizationPlace = .inside, classes: [String]? = nil
  ) throws -> String {
    var checkpoint = try ExportSamples.checkpoint(text)
    if let classes { checkpoint.classes = classes }
    return PyTorchExport(checkpoint, normalization: place).source()
  }

  /// The lines of the module's class, without their indents.
  private func module(_ text: String, _ place: NormalizationPlace = .inside) throws -> [String] {
    let lines = try source(text, place).split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.hasPrefix("class Model") })
    let end = try #require(lines.firstIndex { $0.hasPrefix("def read") })
    return lines[start..<end].map { $0.trimmingCharacters(in: .whitespaces) }
  }

  @Test func `a module has an attribute for each layer and reads like the network`() throws {
    let text =
      "conv(2,2,bias=no) norm(momentum=0.3) relu residual(conv(2,3) | ) dropout(0.5) flatten linear(2)"
    #expect(
      try module(text) == [
        "class Model(nn.Module):", "def __init__(self):", "super().__init__()",
        "self.normalize = Normalize()", "self.conv1 = nn.Conv2d(2, 2, 2, bias=False)",
        "self.norm1 = nn.BatchNorm2d(2, momentum=0.3)", "self.relu1 = nn.ReLU()",
        "self.conv2 = nn.Conv2d(2, 2, 3, padding=1)", "self.dropout1 = nn.Dropout(0.5)",
        "self.flatten1 = nn.Flatten()", "self.linear1 = nn.Linear(112, 2)",
        "def forward(self, image):", "x = self.normalize(image)",
        "x = self.conv1(nn.functional.pad(x, (0, 1, 0, 1)))", "x = self.norm1(x)",
        "relu1 = self.relu1(x)", "x = self.conv2(relu1)", "x = x + relu1", "x = self.dropout1(x)",
        "x = self.flatten1(x)", "x = self.linear1(x)", "return x",
      ])
    // A value that is read twice is not written over, the image neither.
    let outside = try module("residual(relu) flatten linear(2)", .outside)
    #expect(outside.contains("x = self.relu1(image)") && outside.contains("x = x + image"))
    #expect(!outside.contains { $0.contains("Normalize") })
    let inside = try module("residual(relu) flatten linear(2)")
    #expect(inside.contains("x = x + normalized"))
  }

  @Test(arguments: LayerKinds.all.flatMap { $0.examples })
  func `every kind of layer has its place in a module`(example: String) throws {
    for text in ExportSamples.texts(of: example) {
      let lines = try module(text)
      for entry in try ExportSamples.network(text).architecture.entries {
        let name = entry.name.replacing("-", with: "_")
        // What joins, and what is only looked up, needs no module.
        let isExpression =
          entry.inputs.count > 1
          || ["ensemble", "concat", "end"].contains { entry.name.hasPrefix($0) }
        #expect(
          isExpression == !lines.contains { $0.hasPrefix("self.\(name) = ") }, "\(name) in \(text)")
      }
    }
  }

  @Test func `names of classes are strings, whatever stands in them`() throws {
    let hostile = [
      "\"\"\"; import os; os.abort()", "\\", "'\n", "a\u{202e}b\u{0}", "{x}", "日本",
      "\u{1f600}\u{e0001}",
    ]
    let text = try source("flatten linear(7)", classes: hostile)
    let start = try #require(text.range(of: "classes = ["))
    let lines = text[start.lowerBound...].prefix { $0 != "]" }.split(separator: "\n")
    #expect(
      lines == [
        "classes = [", #"    '"""; import os; os.abort()',"#, #"    "\\","#, #"    "'\x0a","#,
        #"    "a\u202eb\x00","#, #"    "{x}","#, #"    "日本","#, "    \"\u{1f600}\\U000e0001\",",
      ])
  }

  @Test func `lines are broken as Black breaks them`() throws {
    let call = try module(
      "conv(400,1) conv(400,15,stride=15,padding=100,groups=200,bias=no) flatten linear(2)")
    let start = try #require(call.firstIndex { $0.hasPrefix("self.conv2 = ") })
    #expect(
      call[start..<start + 3] == [
        "self.conv2 = nn.Conv2d(", "400, 400, 15, stride=15, padding=100, groups=200, bias=False",
        ")",
      ])
    let members = (1...23).map { "conv\($0)," }.joined(separator: " ")
    let list = try module(ExportSamples.graphs[5])
    let first = try #require(list.firstIndex { $0.hasPrefix("x = torch.cat") })
    #expect(
      list[first..<first + 29].joined(separator: " ") == "x = torch.cat( [ \(members) x, ], 1, )")
    let sum = try module(
      "residual(\((0..<13).map { _ in "conv(2,1)" }.joined(separator: " | "))) flatten linear(2)")
    let head = try #require(sum.firstIndex { $0.hasPrefix("x = sum") })
    #expect(sum[head..<head + 3] == ["x = sum(", "[", "conv1,"])
    #expect(sum[head + 14..<head + 17] == ["x,", "]", ")"])
  }

  @Test func `a name is a module's if Python can import it and it hides nothing`() {
    for name in ["cnn", "_a1", "my_network"] { #expect(PyTorchExport.isModuleName(name)) }
    for name in ["", "1a", "my-cnn", "class", "torch", "a b", "né"] {
      #expect(!PyTorchExport.isModuleName(name), "\(name)")
    }
  }

  @Test func `the weights are a checkpoint of Inkling's`() throws {
    let checkpoint = try ExportSamples.checkpoint(ExportSamples.graphs[0])
    let weights = PyTorchExport(checkpoint, normalization: .inside).weights()
    #expect(weights == checkpoint.safeTensors().encoded())
  }
}
