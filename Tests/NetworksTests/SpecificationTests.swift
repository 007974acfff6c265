import Networks
import Testing

@Suite struct SpecificationTests {
  @Test(arguments: [
    "flatten linear(128) relu linear(10)",
    "conv(32,3) relu maxpool(2) conv(64,3) relu maxpool(2) flatten linear(128) relu dropout(0.5) linear(10)",
    "conv(8,5,stride=2,padding=0) norm avgpool(3,stride=1) flatten linear(2)",
    "3*residual(conv(8,3) norm relu) globalpool linear(2)",
    "2*(residual(conv(8,3) | conv(8,1) norm) relu) residual(conv(8,3)) relu globalpool linear(2)",
    "concat(conv(4,3) | 2*residual(relu) | ) flatten residual(tanh | sigmoid | ) linear(2)",
  ])
  func `text is read and written alike`(text: String) throws {
    #expect(try Specification(text: text).description == text)
  }

  @Test func `spaces and line breaks do not matter`() throws {
    let text = "  conv( 3 , 5 ,\n padding = 1 )\n\trelu flatten\nlinear( 10 ) "
    #expect(
      try Specification(text: text).description == "conv(3,5,padding=1) relu flatten linear(10)")
  }

  @Test func `code reads like the diagram and gives the preset`() {
    let cnn = Specification {
      Conv2D(32, kernel: 3)
      ReLU()
      Pool2D(.maximum, 2)
      Conv2D(64, kernel: 3)
      ReLU()
      Pool2D(.maximum, 2)
      Flatten()
      Linear(128)
      ReLU()
      Dropout(0.5)
      Linear(10)
    }
    #expect(cnn == Preset.cnn.specification())
  }

  @Test func `blocks are written as in code, repeats folded`() throws {
    let texts = [
      ("residual(relu | )", "residual(relu)"),
      ("residual( relu|conv(3,3) ) residual(relu | conv(3,3))", "2*residual(relu | conv(3,3))"),
      ("2*(2*(residual(tanh) relu) gelu)", "2*(residual(tanh) relu residual(tanh) relu gelu)"),
      ("3*relu 1*residual(elu)", "relu relu relu residual(elu(1.0))"),
    ]
    for (text, folded) in texts {
      let read = try Specification(text: text)
      #expect(read.description == folded)
      #expect(try Specification(text: folded).description == folded)
    }
    let code = Specification {
      Residual {
        Conv2D(8, kernel: 3)
        ReLU()
      } shortcut: {
        Conv2D(8, kernel: 1)
      }
      Concat(branches: [[ReLU()], []])
      GlobalPool(.average)
      Linear(2)
    }
    #expect(
      code.description
        == "residual(conv(8,3) relu | conv(8,1)) concat(relu | ) globalpool linear(2)")
  }

  @Test func `a graph's layers are named and wired in the order of the text`() throws {
    let text =
      "conv(4,3) residual(conv(4,3) relu | ) concat(conv(2,1) | residual(tanh) | relu) globalpool linear(2)"
    let network = try Architecture(
      Specification(text: text), inputShape: ImageShape(channels: 1, height: 6, width: 5))
    #expect(
      network.entries.map(\.name) == [
        "conv1", "conv2", "relu1", "add1", "conv3", "tanh1", "add2", "relu2", "concat1",
        "globalpool1", "linear1",
      ])
    #expect(
      network.entries.map(\.inputs) == [
        [0], [1], [2], [3, 1], [4], [4], [6, 4], [4], [5, 7, 8], [9], [10],
      ])
    #expect(network.entries[8].outputShape == .image(channels: 10, height: 6, width: 5))
    #expect(network.text(of: network.entries[3]) == "relu1 + conv1")
    #expect(network.text(of: network.entries[8]) == "conv3 | add2 | relu2")
    #expect(network.readers(of: 4) == [4, 5, 6, 7])
    let alone = network.entries.indices.filter(network.isPassedByAll).map {
      network.entries[$0].name
    }
    #expect(alone == ["conv1", "add1", "concat1", "globalpool1", "linear1"])
  }

  @Test func `code may loop and choose`() {
    let hasNorm = true
    let deep = Specification {
      Flatten()
      for width in [64, 32] {
        Linear(width)
        if hasNorm { BatchNorm() }
        ReLU()
      }
      Linear(10)
    }
    #expect(
      deep.description == "flatten linear(64) norm relu linear(32) norm relu linear(10)")
  }

  @Test(arguments: [
    // Text, the wrong part, a word of the message.
    ("conv(32,3) rleu flatten linear(10)", "rleu", "no layer"),
    ("conv(32) flatten linear(10)", "conv", "KERNEL"),
    ("conv(32,0) flatten linear(10)", "0", "from 1"),
    ("conv(a,3) flatten linear(10)", "a", "whole number"),
    ("flatten linear(10", "(", "not closed"),
    ("flatten dropout(1) linear(10)", "1", "below 1"),
    ("flatten dropout linear(10)", "dropout", "probability"),
    ("flatten linear(10) ?", "?", "expected a layer"),
    ("flatten relu(3) linear(10)", "3", "no such value"),
    ("conv(3,3,stride=) flatten linear(10)", "stride=", "missing"),
    ("maxpool(2,padding=9) flatten linear(10)", "padding=9", "from 0 to 1"),
    ("residual flatten linear(10)", "residual", "needs its branches"),
    ("residual() flatten linear(10)", "residual", "every branch"),
    ("concat(|) flatten linear(10)", "concat", "every branch"),
    ("residual(conv(3,3) flatten linear(10)", "(conv", "not closed"),
    ("residual(conv(3,3) | rleu) flatten linear(10)", "rleu", "no layer"),
    ("residual(relu)) linear(10)", ") linear", "expected a layer"),
    ("relu | tanh", "| tanh", "expected a layer"),
    ("0*relu linear(10)", "0", "how often"),
    ("99999999999999999999*relu", "99999999999999999999", "how often"),
    ("2relu linear(10)", "2", "repeats"),
    ("2*(relu | tanh) linear(10)", "| tanh", "in a block"),
    ("3*", "*", "at the end"),
    ("3*() linear(10)", "3*()", "to repeat"),
    ("600*relu 500*tanh", "500*tanh", "more than 1000"),
    ("900*(9*relu) linear(10)", "900*(9*relu)", "more than 1000"),
    ("linear(99999999999999999999)", "99999999999999999999", "whole number"),
  ])
  func `a wrong text is explained with its place`(text: String, wrong: String, word: String) throws
  {
    let error = try #require(throws: SpecificationError.self) { try Specification(text: text) }
    let start = try #require(text.firstRange(of: wrong)).lowerBound
    #expect(error.place.lowerBound == text.distance(from: text.startIndex, to: start))
    #expect(error.message.contains(word))
    let lines = error.description.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 3)
    #expect(
      lines[2].firstIndex(of: "^").map { lines[2].distance(from: lines[2].startIndex, to: $0) }
        == error.place.lowerBound + 2)
  }

  @Test(arguments: [
    ("linear(10)", "flatten before"),
    ("flatten conv(3,3) linear(10)", "before flatten"),
    ("flatten maxpool(2) linear(10)", "before flatten"),
    ("conv(3,99,padding=0) flatten linear(10)", "larger than its input"),
    ("maxpool(29) flatten linear(10)", "larger than its input"),
    ("conv(3,3) relu", "last layer must be linear"),
    ("flatten linear(10) relu", "last layer must be linear"),
    ("flatten linear(10) multiply(0.1) tanh", "last layer must be linear"),
    ("flatten linear(10) tanh multiply(0.1)", "last layer must be linear"),
    ("flatten linear(1)", "at least two"),
    ("conv(65536,255,padding=255) flatten linear(10)", "too large"),
    ("residual(conv(3,3)) flatten linear(10)", "cannot be added"),
    ("residual(flatten) linear(10)", "cannot be added"),
    ("concat(conv(3,3,stride=2) | relu) flatten linear(10)", "one height"),
    ("concat(flatten | relu) flatten linear(10)", "one height"),
    ("flatten residual(linear(784))", "last layer must be linear"),
  ])
  func `a network that cannot be built is explained`(text: String, word: String) throws {
    let error = try #require(throws: SpecificationError.self) {
      try Architecture(
        Specification(text: text), inputShape: ImageShape(channels: 1, height: 28, width: 28))
    }
    #expect(error.message.contains(word))
  }

  @Test func `a long text is cut around the place`() throws {
    let text = Array(repeating: "relu", count: 200).joined(separator: " ") + " nonsense"
    let error = try #require(throws: SpecificationError.self) { try Specification(text: text) }
    let lines = error.description.split(separator: "\n")
    #expect(lines.count == 3 && lines[1].count < 150 && lines[2].count < 150)
    #expect(error.description.contains("nonsense"))
  }

  @Test func `what is folded in blocks as deep as there may be is read again`() throws {
    var text = "residual(relu) relu residual(relu) relu"
    for _ in 0..<19 { text = "residual(\(text) tanh)" }
    let read = try Specification(text: text)
    #expect(try Specification(text: read.description) == read)
    #expect(read.description.contains("2*("))
    let groups =
      String(repeating: "1*(", count: 5000) + "relu" + String(repeating: ")", count: 5000)
    #expect(throws: SpecificationError.self) { try Specification(text: groups) }
  }

  @Test func `blocks beyond any depth are refused, not followed`() {
    let deep =
      String(repeating: "residual(", count: 5000) + "relu"
      + String(repeating: ")", count: 5000)
    let error = #expect(throws: SpecificationError.self) { try Specification(text: deep) }
    #expect(error?.message.contains("within each other") == true)
  }

  @Test func `the empty text and a text of a thousand layers are refused`() {
    #expect(throws: SpecificationError.self) { try Specification(text: " \n ") }
    #expect(throws: SpecificationError.self) {
      try Specification(text: Array(repeating: "relu", count: 1001).joined(separator: " "))
    }
  }

  @Test func `the course's networks have the course's parameters`() throws {
    let digits = ImageShape(channels: 1, height: 28, width: 28)
    let mlp = try Architecture(Preset.mlp.specification(), inputShape: digits)
    let cnn = try Architecture(Preset.cnn.specification(), inputShape: digits)
    #expect(mlp.parameterCount == 101_770)
    #expect(cnn.parameterCount == 421_642)
    #expect(
      cnn.entries.map(\.name) == [
        "conv1", "relu1", "pool1", "conv2", "relu2", "pool2", "flatten1", "linear1", "relu3",
        "dropout1", "linear2",
      ])
    #expect(
      cnn.tensors.map(\.name) == [
        "conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "linear1.weight",
        "linear1.bias", "linear2.weight", "linear2.bias",
      ])
    #expect(cnn.tensors.map(\.parameter.shape)[0] == [32, 1, 3, 3])
    #expect(cnn.tensors.map(\.parameter.shape)[4] == [128, 3136])
  }

  @Test func `shapes round down, and both poolings share a counter`() throws {
    let architecture = try Architecture(
      Specification(text: "maxpool(2) avgpool(2) conv(4,2) conv(4,3,stride=2) flatten linear(2)"),
      inputShape: ImageShape(channels: 3, height: 15, width: 13))
    #expect(architecture.entries.map(\.name).prefix(4) == ["pool1", "pool2", "conv1", "conv2"])
    #expect(
      architecture.entries.map(\.outputShape.dimensions).prefix(4) == [
        [3, 7, 6], [3, 3, 3], [4, 3, 3], [4, 2, 2],
      ])
  }
}
