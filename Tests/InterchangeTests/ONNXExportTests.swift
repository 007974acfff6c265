import Foundation
import Interchange
import Networks
import TestSupport
import Testing

@Suite struct ONNXExportTests {
  private func bytes(
    _ text: String, _ place: NormalizationPlace = .inside
  ) throws -> [UInt8] {
    try ONNXExport(
      ExportSamples.checkpoint(text), normalization: place, version: "1"
    ).bytes()
  }

  /// The tensors' gates in the operator's order, then places first and last.
  private static func recurrent(_ operation: String) -> [String] {
    Array(repeating: ["Reshape", "Gather", "Reshape"], count: 4).flatMap { $0 } + [
      "Concat", "Transpose", operation, "Transpose", "Reshape",
    ]
  }

  /// The operators of each kind's layers, with and without places.
  private static let operators: [String: [[String]]] = [
    "conv": [["Conv"]], "maxpool": [["MaxPool"]],
    "avgpool": [["AveragePool"], ["Pad", "AveragePool"]],
    "globalpool": [["GlobalAveragePool", "Flatten"], ["GlobalMaxPool", "Flatten"]],
    "norm": [["BatchNormalization"]],
    "layernorm": [["Transpose", "LayerNormalization", "Transpose"], ["LayerNormalization"]],
    "groupnorm": [
      ["Reshape", "InstanceNormalization", "Reshape", "Unsqueeze", "Unsqueeze", "Mul", "Add"],
      ["Reshape", "InstanceNormalization", "Reshape", "Mul", "Add"],
    ],
    "unflatten": [["Reshape"]], "upsample": [["Resize"]], "sample": [["Slice"]],
    "relu": [["Relu"]], "clipped-relu": [["Clip"]], "leaky-relu": [["LeakyRelu"]],
    "gelu": [["Div", "Erf", "Add", "Mul", "Mul"]], "silu": [["Sigmoid", "Mul"]],
    "elu": [["Elu"]], "tanh": [["Tanh"]], "sigmoid": [["Sigmoid"]], "multiply": [["Mul"]],
    "flatten": [["Flatten"]], "dropout": [[]], "noise": [[]],
    "linear": [["Gemm"], ["Transpose", "MatMul", "Add"], ["Transpose", "MatMul"]],
    "residual": [["Add"], ["Add", "Add"]], "concat": [["Concat"]],
    "rows": [["Transpose", "Reshape"]], "patches": [["Reshape", "Transpose", "Reshape"]],
    "class-token": [["Unsqueeze", "Pad", "Pad", "Add"]], "positions": [["Add"]],
    "first": [["Gather", "Flatten"]], "last": [["Gather", "Flatten"]], "mean": [["ReduceMean"]],
    "attention": [
      [
        "Transpose", "MatMul", "Add", "Reshape", "Transpose", "Gather", "Gather", "Gather",
        "Transpose", "MatMul", "Mul", "Softmax", "MatMul", "Transpose", "Reshape", "Transpose",
        "MatMul", "Add",
      ]
    ],
    "rnn": [recurrent("RNN")], "lstm": [recurrent("LSTM")], "gru": [recurrent("GRU")],
    "ensemble": [1, 2, 3].map { members in
      Array(repeating: "Unsqueeze", count: members) + [
        "Concat", "LogSoftmax", "ReduceLogSumExp", "Sub", "ReduceLogSumExp", "ReduceMean", "Add",
      ]
    },
  ]

  @Test(arguments: LayerKinds.all.flatMap { $0.examples })
  func `every kind of layer is the operators that were chosen for it`(example: String) throws {
    let word = String(example.prefix { $0 != "(" })
    let chosen = try #require(Self.operators[word], "\(word) has no operators here")
    let texts = ExportSamples.texts(of: example)
    #expect(!texts.isEmpty)
    for text in texts {
      let model = try WireModel(bytes(text))
      let architecture = try ExportSamples.network(text).architecture
      let place = try #require(
        architecture.entries.lastIndex { $0.layer.text == example }, "\(example) in \(text)")
      let entry = architecture.entries[place]
      let name = place == architecture.entries.count - 1 ? "logits" : entry.name
      let found = model.nodes.filter {
        $0.outputs[0] == name || $0.outputs[0].hasPrefix("\(entry.name)/")
      }
      #expect(chosen.contains(found.map(\.operation)), "\(text)")
    }
  }

  @Test func `a graph reads what its layers read, and the image first normalised`() throws {
    let text =
      "conv(2,2,stride=3) relu residual(dropout(0.5) | conv(2,1,bias=no)) flatten linear(2)"
    let nodes = try WireModel(bytes(text)).nodes
    #expect(
      nodes.map { "\($0.operation) \($0.inputs.joined(separator: " ")) -> \($0.outputs[0])" } == [
        "Sub image image/mean -> image/centered",
        "Div image/centered image/standard_deviation -> image/normalized",
        "Conv image/normalized conv1.weight conv1.bias -> conv1", "Relu conv1 -> relu1",
        "Conv relu1 conv2.weight -> conv2", "Add relu1 conv2 -> add1",
        "Flatten add1 -> flatten1", "Gemm flatten1 linear1.weight linear1.bias -> logits",
      ])
    #expect(nodes[2].attributes == ["group", "kernel_shape", "pads", "strides"])
    let outside = try WireModel(bytes(text, .outside)).nodes
    #expect(outside.count == nodes.count - 2 && outside[0].inputs[0] == "image")
  }

  @Test(arguments: ExportSamples.graphs)
  func `a file that nobody changed is the checkpoint again, with all that it knew`(text: String)
    throws
  {
    let checkpoint = try ExportSamples.checkpoint(text)
    for place in NormalizationPlace.allCases {
      let read = try #require(try ONNXExport.checkpoint(in: bytes(text, place)))
      #expect(read.safeTensors().encoded() == checkpoint.safeTensors().encoded())
      #expect(read.trainedOn == checkpoint.trainedOn && !read.hasForeignClasses)
      let names = checkpoint.classes.map { "my \($0)" }
      let named = try ONNXExport.checkpoint(in: bytes(text, place), assuming: .init(classes: names))
      #expect(named?.classes == names)
    }
  }

  @Test func `a file that was changed is none of Inkling's`() throws {
    let whole = try bytes(ExportSamples.graphs[0])
    // Another producer, another operator, and what is cut or no such file.
    for word in ["Relu", "BatchNormalization", "inkling", "strides"] {
      let letters = Array(word.utf8)
      let place = try #require(
        whole.indices.first { whole[$0...].prefix(letters.count).elementsEqual(letters) })
      var changed = whole
      changed[place + 1] = UInt8(ascii: "Z")
      #expect(try ONNXExport.checkpoint(in: changed) == nil, "\(word)")
    }
    #expect(try ONNXExport.checkpoint(in: Array(whole.dropLast(5))) == nil)
    #expect(try ONNXExport.checkpoint(in: []) == nil)
    #expect(try ONNXExport.checkpoint(in: Array("no model".utf8)) == nil)
  }

  @Test func `the file says its versions, and its metadata in the order of their keys`() throws {
    let model = try WireModel(bytes(ExportSamples.graphs[0], .outside))
    #expect(model.version == 8 && model.operatorSet == 17)
    #expect(
      model.metadata.map(\.key)
        == [
          "classes", "dataset", "history", "input_shape", "mean", "model", "normalisation",
          "preparation", "run", "seed", "standard_deviation", "trained_on",
        ].map { "inkling.\($0)" })
    let checkpoint = try ExportSamples.checkpoint(ExportSamples.graphs[0])
    for tensor in checkpoint.network.tensors {
      let found = try #require(model.tensors.first { $0.name == tensor.name })
      #expect(found.shape == tensor.shape && found.type == 1 && found.floats == tensor.values)
    }
  }

  @Test func `the same checkpoint gives the same bytes`() throws {
    for text in ExportSamples.graphs { #expect(try bytes(text) == bytes(text)) }
  }
}
