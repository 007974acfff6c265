import Engine
import Foundation
import Networks
import SwiftProtobuf
import TestSupport
import Testing

@testable import Interchange

/// Graphs made here, whole and broken.
@Suite struct ONNXFileTests {
  private func tensor(_ name: String, _ shape: [Int], stream: UInt64 = 1) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = Int32(Onnx_TensorProto.DataType.float.rawValue)
    tensor.floatData = signed(shape.reduce(1, *), stream)
    return tensor
  }

  private func node(
    _ operation: String, _ inputs: [String], _ output: String, domain: String = "",
    _ attributes: [Onnx_AttributeProto] = []
  ) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    node.opType = operation
    node.input = inputs
    node.output = [output]
    node.domain = domain
    node.attribute = attributes
    return node
  }

  private func integers(_ name: String, _ values: [Int]) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    attribute.ints = values.map(Int64.init)
    return attribute
  }

  /// A linear network of images of 2 x 2 in three classes, with other nodes before it.
  private func model(
    _ nodes: [Onnx_NodeProto] = [], reading value: String = "image", input: [Int?] = [nil, 1, 2, 2]
  ) -> Onnx_ModelProto {
    var model = Onnx_ModelProto()
    model.irVersion = 8
    model.producerName = "test"
    var opset = Onnx_OperatorSetIdProto()
    opset.version = 17
    model.opsetImport = [opset]
    model.graph.node =
      nodes + [node("Flatten", [value], "flat"), node("MatMul", ["flat", "w"], "scores")]
    model.graph.initializer = [tensor("w", [4, 3])]
    var images = Onnx_ValueInfoProto()
    images.name = "image"
    images.type.tensorType.shape.dim = input.map { size in
      var dimension = Onnx_TensorShapeProto.Dimension()
      if let size { dimension.dimValue = Int64(size) } else { dimension.dimParam = "n" }
      return dimension
    }
    model.graph.input = [images]
    var scores = Onnx_ValueInfoProto()
    scores.name = "scores"
    model.graph.output = [scores]
    return model
  }

  private func read(_ model: Onnx_ModelProto, folder: String? = nil) throws -> Checkpoint {
    let bytes: [UInt8] = try model.serializedBytes()
    #expect(ONNXFile.isOne(bytes))
    return try ONNXFile(bytes, folder: folder).checkpoint(assuming: nil)
  }

  private func refusal(_ model: Onnx_ModelProto, folder: String? = nil) throws -> String {
    let error = try #require(throws: CheckpointError.self) { try read(model, folder: folder) }
    #expect(!error.description.contains("\n"))
    return error.description
  }

  @Test func `a matrix product is a linear layer of transposed weights`() throws {
    let network = try read(model()).network
    #expect(network.architecture.specification.description == "flatten linear(3,bias=no)")
    let theirs = signed(12, 1)
    let transposed = (0..<12).map { place in theirs[place % 4 * 3 + place / 4] }
    #expect(network.tensors[0].values == transposed)
  }

  @Test func `a function of the file's own is put in place of its call`() throws {
    var function = Onnx_FunctionProto()
    function.name = "Twice"
    function.domain = "mine"
    function.input = ["x"]
    function.output = ["y"]
    function.node = [node("Relu", ["x"], "t"), node("Identity", ["t"], "y")]
    var calling = model([node("Twice", ["image"], "a", domain: "mine")], reading: "a")
    calling.functions = [function]
    #expect(
      try read(calling).network.architecture.specification.description
        == "relu flatten linear(3,bias=no)")
    // A function that calls itself never ends.
    calling.functions[0].node = [node("Twice", ["x"], "y", domain: "mine")]
    #expect(try refusal(calling).contains("call each other"))
  }

  @Test func `images of bytes are told from those of one`() throws {
    var scaled = model([node("Div", ["image", "d"], "x")], reading: "x")
    scaled.graph.initializer.append(tensor("d", []))
    scaled.graph.initializer[1].floatData = [255]
    let checkpoint = try read(scaled)
    #expect(checkpoint.network.normalization.standardDeviation == [1])
    #expect(checkpoint.notes.contains { $0.contains("0 to 255") })
  }

  @Test func `what cannot be is refused in a line that names the place`() throws {
    #expect(
      try refusal(model([node("Einsum", ["image"], "x")], reading: "x")).contains("“x” (Einsum)"))
    #expect(
      try refusal(model([node("QLinearConv", ["image"], "x")], reading: "x")).contains("quantized"))
    #expect(try refusal(model(reading: "nothing")).contains("which nothing gives"))
    #expect(try refusal(model(input: [nil, 3, 2, 2])).contains("12 for each image"))
    #expect(try refusal(model(input: [nil, nil, nil, nil])).contains("--input-shape") == false)
    #expect(try refusal(model(input: [nil, 2, nil, nil])).contains("--input-shape"))
    var old = model()
    old.opsetImport[0].version = 6
    #expect(try refusal(old).contains("version_converter"))
    var two = model()
    two.graph.input.append(two.graph.input[0])
    two.graph.input[1].name = "mask"
    #expect(try refusal(two).contains("2 inputs (image, mask)"))
    var wrong = model()
    wrong.graph.initializer[0].dims = [4, 4]
    #expect(try refusal(wrong).contains("tensor w has 12 numbers"))
    var huge = model()
    huge.graph.initializer[0].dims = [1 << 40, 1 << 40]
    #expect(try refusal(huge).contains("impossible shape"))
    var many = model()
    many.graph.node = (0..<5000).map { node("Relu", ["image"], "x\($0)") }
    #expect(try refusal(many).contains("4096 nodes"))
    let training = node("Dropout", ["image", "w", "w"], "x")
    #expect(try refusal(model([training], reading: "x")).contains("model.eval()"))
  }

  @Test func `what nobody reads may be anything`() throws {
    let labels = [node("ArgMax", ["scores"], "label"), node("Einsum", ["image"], "x")]
    var both = model()
    both.graph.node += labels
    both.graph.output.insert(both.graph.output[0], at: 0)
    both.graph.output[0].name = "label"
    #expect(try read(both).classes.count == 3)
  }

  private func number(_ name: String, _ value: Float) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    attribute.f = value
    return attribute
  }

  private func whole(_ name: String, _ value: Int) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    attribute.i = Int64(value)
    return attribute
  }

  private func constant(_ name: String, _ shape: [Int], _ values: [Float]) -> Onnx_TensorProto {
    var tensor = tensor(name, shape)
    tensor.floatData = values
    return tensor
  }

  private func scores(_ model: Onnx_ModelProto, _ pixels: [Float]) throws -> [Float] {
    Executor(try read(model).network, pool: WorkerPool(threads: 1)).logits(pixels)
  }

  /// The rows of the weights times numbers.
  private func products(_ numbers: [Float]) -> [Float] {
    let weights = signed(12, 1)
    return (0..<3).map { output in
      (0..<4).reduce(0) { $0 + weights[$1 * 3 + output] * numbers[$1] }
    }
  }

  @Test func `what is done to pixels first is kept, whatever it is`() throws {
    let pixels: [Float] = [0.1, 0.4, 0.7, 1]
    let one = constant("one", [], [1])
    var inverted = model([node("Sub", ["one", "image"], "x")], reading: "x")
    inverted.graph.initializer.append(one)
    for (found, exact) in try paired(scores(inverted, pixels), products(pixels.map { 1 - $0 })) {
      #expect(abs(found - exact) < 1e-5)
    }
    // A usual pipeline of bytes: pixels from 0 to 1 stand for those from 0 to 255.
    var bytes = model(
      [
        node("Div", ["image", "largest"], "a"), node("Sub", ["a", "mean"], "b"),
        node("Div", ["b", "deviation"], "c"),
      ], reading: "c")
    bytes.graph.initializer += [
      constant("largest", [], [255]), constant("mean", [1, 1, 1, 1], [0.1307]),
      constant("deviation", [1, 1, 1, 1], [0.3081]),
    ]
    let normalization = try read(bytes).network.normalization
    #expect(abs(normalization.mean[0] - 0.1307) < 1e-5)
    #expect(abs(normalization.standardDeviation[0] - 0.3081) < 1e-5)
    // Zeros that were put around before the mean is taken away are no zeros behind it.
    var padded = model(
      [
        node("Pad", ["image"], "p", [integers("pads", [0, 0, 1, 1, 0, 0, 1, 1])]),
        node("Sub", ["p", "mean"], "s"), node("Conv", ["s", "k"], "x"),
      ], reading: "x")
    padded.graph.initializer += [
      constant("mean", [], [0.5]), constant("k", [1, 1, 3, 3], signed(9, 4)),
    ]
    #expect(try refusal(padded).contains("zeros were put around before"))
  }

  @Test func `Gemm's factors, and a function of what others read too`() throws {
    var gemm = model()
    gemm.graph.node[1] = node(
      "Gemm", ["flat", "w", "c"], "scores", [number("alpha", 0.5), number("beta", 2)])
    gemm.graph.initializer.append(constant("c", [3], [1, 2, 3]))
    let pixels: [Float] = [0.1, 0.4, 0.7, 1]
    let expected = zip(products(pixels), [2, 4, 6]).map { 0.5 * $0 + $1 }
    for (found, exact) in try paired(scores(gemm, pixels), expected) {
      #expect(abs(found - exact) < 1e-5)
    }
    gemm.graph.initializer[1] = constant("c", [3, 1], [1, 2, 3])
    #expect(try refusal(gemm).contains("it adds 3 numbers"))
    // y + 1 must not change the y that another node reads.
    var shared = model()
    shared.graph.node = [
      node("Flatten", ["image"], "flat"), node("MatMul", ["flat", "w"], "y"),
      node("Add", ["y", "one"], "z"), node("Concat", ["y", "z"], "scores", [whole("axis", 1)]),
    ]
    shared.graph.initializer.append(constant("one", [3], [1, 2, 3]))
    let y = products(pixels)
    let both = y + zip(y, [1, 2, 3]).map { $0 + $1 }
    for (found, exact) in try paired(scores(shared, pixels), both) {
      #expect(abs(found - exact) < 1e-5)
    }
  }

  @Test func `graphs that would be read as others are refused`() throws {
    let image = "image"
    let cases: [([Onnx_NodeProto], String)] = [
      ([node("Cast", [image], "x", [whole("to", 6)])], "whole ones"),
      ([node("Softmax", [image], "x", [whole("axis", 0)])], "softmax"),
      (
        [
          node("Reshape", [image, "halves"], "a"),
          node("Transpose", ["a"], "x", [integers("perm", [0, 2, 1])]),
        ], "shuffle"
      ),
      ([node("Conv", [image, "k"], "x", [whole("group", 1 << 62)])], "do not fit"),
      ([node("ReduceMean", [image], "x", [integers("axes", [])])], "everything"),
      ([node("Add", ["none", "one"], "c"), node("Add", [image, "c"], "x")], "combines"),
      (
        [
          node("Gelu", [image], "g"), node("Softmax", ["flat0"], "s"),
          node("Mul", ["s", "g"], "x"),
        ],
        "which nothing gives"
      ),
    ]
    for (nodes, word) in cases {
      var broken = model(nodes, reading: "x", input: [nil, 3, 2, 2])
      broken.graph.initializer += [
        constant("k", [2, 1, 1, 1], [1, 1]), constant("none", [0], []), constant("one", [], [1]),
      ]
      var halves = Onnx_TensorProto()
      halves.name = "halves"
      halves.dims = [3]
      halves.dataType = Int32(Onnx_TensorProto.DataType.int64.rawValue)
      halves.int64Data = [0, 3, 4]
      broken.graph.initializer.append(halves)
      let sentence = try refusal(broken)
      #expect(sentence.contains(word), "\(sentence)")
    }
    var heads = model()
    heads.graph.node.append(node("MatMul", ["flat", "w"], "others"))
    heads.graph.output.append(heads.graph.output[0])
    heads.graph.output[1].name = "others"
    #expect(try refusal(heads).contains("scores: 3 numbers, others: 3 numbers"))
    var learning = model(
      [node("BatchNormalization", [image, "f", "f", "f", "f"], "x")], reading: "x")
    learning.opsetImport[0].version = 13
    learning.graph.initializer.append(constant("f", [1], [1]))
    #expect(throws: Never.self) { try read(learning) }
    learning.graph.node[0].output += ["mean", "var"]
    #expect(try refusal(learning).contains("model.eval()"))
  }

  @Test func `a small file that would grow without end is refused`() throws {
    var doubling = model()
    doubling.graph.node =
      [node("Concat", ["image", "image"], "v0", [whole("axis", 1)])]
      + (1..<60).map { node("Concat", ["v\($0 - 1)", "v\($0 - 1)"], "v\($0)", [whole("axis", 1)]) }
      + [node("Flatten", ["v59"], "scores")]
    #expect(try refusal(doubling).contains("more numbers than a layer may have"))
    var function = Onnx_FunctionProto()
    function.domain = "mine"
    var calls = model([node("F0", ["image"], "x", domain: "mine")], reading: "x")
    for level in 0..<7 {
      function.name = "F\(level)"
      function.node =
        level == 6 ? [] : (0..<50).map { _ in node("F\(level + 1)", [], "y", domain: "mine") }
      calls.functions.append(function)
    }
    #expect(try refusal(calls).contains("4096 nodes"))
    var empty = model()
    empty.graph.initializer[0].dims = [0, 1 << 40]
    empty.graph.initializer[0].floatData = []
    #expect(try refusal(empty).contains("impossible shape"))
    let wide = model([node("Relu", ["image"], "x")], reading: "x", input: [nil, 4096, 4096, 4096])
    #expect(try refusal(wide).contains("larger than images are"))
    var again = model(input: [nil, 1, 1, 4])
    again.graph.initializer.append(tensor("big", [400, 400]))
    again.graph.node =
      [node("Flatten", ["image"], "flat"), node("MatMul", ["flat", "w4"], "m0")]
      + (0..<100).map { node("MatMul", ["m\($0)", "big"], "m\($0 + 1)") }
      + [node("Relu", ["m100"], "scores")]
    again.graph.initializer.append(tensor("w4", [4, 400]))
    #expect(try refusal(again).contains("many more numbers than the file"))
  }

  // MARK: Layer normalization, written out

  /// Three sums `y`, standardized by the nodes given: `m` is their mean, `-m` its opposite, `c` what they are above it, `e` the
  /// deviation, `r` one over it and `i` that times the factors `f`; there are the addends `b`.
  private func standardizing(epsilon: Float = 0.25, _ end: [Onnx_NodeProto]) -> Onnx_ModelProto {
    let mean = [integers("axes", [1])]
    var written = model()
    written.graph.node =
      [
        node("Flatten", ["image"], "flat"), node("MatMul", ["flat", "w"], "y"),
        node("ReduceMean", ["y"], "m", mean), node("Neg", ["m"], "-m"),
        node("Sub", ["y", "m"], "c"),
        node("Mul", ["c", "c"], "s"), node("ReduceMean", ["s"], "v", mean),
        node("Add", ["v", "epsilon"], "a"), node("Sqrt", ["a"], "e"),
        node("Reciprocal", ["e"], "r"),
        node("Mul", ["r", "f"], "i"),
      ] + end
    written.graph.initializer += [
      constant("epsilon", [], [epsilon]), constant("one", [], [1]),
      constant("f", [3], [0.5, 2, -1]),
      constant("b", [3], [1, 2, 3]),
    ]
    return written
  }

  @Test func `layer normalizations are read however they are written`() throws {
    let pixels = signed(4, 5)
    let y = products(pixels)
    let mean = y.reduce(0, +) / 3
    let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3
    let plain = y.map { ($0 - mean) / (variance + 0.25).squareRoot() }
    let factored = zip(plain, [0.5, 2, -1]).map { $0 * $1 }
    let whole = zip(factored, [1, 2, 3]).map { $0 + $1 }
    let (weighted, shift) = (node("Mul", ["y", "i"], "p"), node("Mul", ["m", "i"], "q"))
    let opposite = node("Mul", ["i", "-m"], "q")
    for (end, exact) in [
      ([node("Div", ["c", "e"], "scores")], plain), ([node("Mul", ["r", "c"], "scores")], plain),
      ([node("Div", ["one", "e"], "o"), node("Mul", ["c", "o"], "scores")], plain),
      ([node("Add", ["y", "-m"], "d"), node("Div", ["d", "e"], "scores")], plain),
      ([node("Mul", ["c", "i"], "scores")], factored),
      ([weighted, shift, node("Sub", ["p", "q"], "scores")], factored),
      ([weighted, opposite, node("Add", ["q", "p"], "scores")], factored),
      (
        [weighted, opposite, node("Add", ["q", "b"], "t"), node("Add", ["p", "t"], "scores")], whole
      ),
      (
        [weighted, shift, node("Sub", ["b", "q"], "t"), node("Add", ["p", "t"], "scores")], whole
      ),
    ] {
      let found = try scores(standardizing(end), pixels)
      for (found, exact) in try paired(found, exact) {
        #expect(abs(found - exact) < 1e-5, "\(end)")
      }
    }
  }

  @Test func `what only looks like a layer normalization is refused`() throws {
    let (weighted, shift) = (node("Mul", ["y", "i"], "p"), node("Mul", ["m", "i"], "q"))
    for end in [
      // The mean is added, an addend taken away, the mean of another weight taken away.
      [weighted, shift, node("Add", ["p", "q"], "scores")],
      [weighted, shift, node("Add", ["q", "b"], "t"), node("Sub", ["p", "t"], "scores")],
      [weighted, node("Mul", ["m", "r"], "q"), node("Sub", ["p", "q"], "scores")],
      [weighted, shift, node("Sub", ["q", "p"], "scores")],
      [node("Add", ["y", "m"], "scores")], [node("Mul", ["y", "m"], "scores")],
      [node("Relu", ["m"], "scores")], [node("Reciprocal", ["y"], "scores")],
    ] {
      #expect(try refusal(standardizing(end)).contains("layer normalization"), "\(end)")
    }
    for epsilon: Float in [0, -1, 1e-30, 2, .nan, .infinity] {
      let written = standardizing(epsilon: epsilon, [node("Div", ["c", "e"], "scores")])
      #expect(try refusal(written).contains("from 1e-12 to 1"), "\(epsilon)")
    }
  }

  // MARK: Tensors in other files

  private func kept(in location: String, offset: String? = nil, length: String? = nil)
    -> Onnx_ModelProto
  {
    var model = model()
    model.graph.initializer[0].floatData = []
    model.graph.initializer[0].dataLocation = .external
    let entries: [(String, String?)] = [
      ("location", location), ("offset", offset), ("length", length),
    ]
    model.graph.initializer[0].externalData = entries.compactMap { key, value in
      guard let value else { return nil }
      var entry = Onnx_StringStringEntryProto()
      entry.key = key
      entry.value = value
      return entry
    }
    return model
  }

  @Test func `tensors are read from files beside the model, and from nowhere else`() throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path
    let inner = "\(folder)/model"
    try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
    let bytes = signed(12, 1).withUnsafeBytes { Data($0) }
    try (Data(count: 8) + bytes).write(to: URL(filePath: "\(inner)/weights.data"))
    try bytes.write(to: URL(filePath: "\(folder)/secret"))
    let found = try read(kept(in: "weights.data", offset: "8", length: "48"), folder: inner)
    #expect(found.network.tensors[0].values == (try read(model()).network.tensors[0].values))
    let outside = "outside of the model's folder"
    #expect(try refusal(kept(in: "../secret"), folder: inner).contains(outside))
    #expect(try refusal(kept(in: "\(folder)/secret"), folder: inner).contains(outside))
    #expect(try refusal(kept(in: "weights.data"), folder: nil).contains(outside))
    try FileManager.default.createSymbolicLink(
      atPath: "\(inner)/link", withDestinationPath: "\(folder)/secret")
    #expect(try refusal(kept(in: "link"), folder: inner).contains("a link that leads outside"))
    // A folder whose name only begins with the model's is another one.
    try FileManager.default.createDirectory(
      atPath: "\(folder)/model-b", withIntermediateDirectories: true)
    try bytes.write(to: URL(filePath: "\(folder)/model-b/secret"))
    try FileManager.default.createSymbolicLink(
      atPath: "\(inner)/other", withDestinationPath: "\(folder)/model-b")
    #expect(
      try refusal(kept(in: "other/secret"), folder: inner).contains("a link that leads outside"))
    #expect(
      try refusal(kept(in: "weights.data", offset: "40"), folder: inner).contains("has 4 numbers"))
    #expect(
      try refusal(kept(in: "weights.data", offset: "-8"), folder: inner).contains("lies outside"))
    #expect(try refusal(kept(in: "missing"), folder: inner).contains("must lie beside it"))
    #expect(try refusal(kept(in: ""), folder: inner).contains("is not said"))
  }

  // MARK: Damage

  @Test func `a file cut anywhere is refused`() throws {
    let bytes: [UInt8] = try model().serializedBytes()
    for end in stride(from: 3, to: bytes.count, by: 1) {
      #expect(throws: CheckpointError.self) {
        try ONNXFile(Array(bytes[..<end]), folder: nil).checkpoint(assuming: nil)
      }
    }
  }

  @Test func `changed files are read or refused, and nothing else`() throws {
    let fixtures = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
    var generator: UInt64 = 9
    func next() -> Int {
      generator = generator &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(generator >> 33)
    }
    var outcomes = (read: 0, refused: 0)
    for name in [
      "functional-view.script", "residual-norm.dynamo", "mobilenet.script",
      "all-convolutional.script",
    ] {
      let original = [UInt8](
        try Data(contentsOf: fixtures.appending(path: "ONNX/torch/\(name).onnx")))
      for _ in 0..<1500 {
        var bytes = original
        for _ in 0...next() % 3 { bytes[next() % bytes.count] = UInt8(next() & 255) }
        do throws(CheckpointError) {
          _ = try ONNXFile(bytes, folder: nil).checkpoint(assuming: nil)
          outcomes.read += 1
        } catch {
          outcomes.refused += 1
        }
      }
    }
    #expect(outcomes.read > 100 && outcomes.refused > 100, "\(outcomes)")
  }
}
