import Engine
import Files
import Foundation
import Interchange
import Networks
import TestSupport
import Testing

/// Files that `torch.save` wrote (Scripts/reference/pytorch_files.py).
@Suite struct PyTorchFileTests {
  private static let model = "conv(2,3,padding=0) norm relu maxpool(2) flatten linear(3)"
  private static let names = [
    "conv1.weight": "features.0.weight", "conv1.bias": "features.0.bias",
    "norm1.weight": "features.1.weight", "norm1.bias": "features.1.bias",
    "norm1.running_mean": "features.1.running_mean",
    "norm1.running_var": "features.1.running_var",
    "linear1.weight": "classifier.weight", "linear1.bias": "classifier.bias",
  ]

  private struct Expected: Decodable {
    let weights: [String: [Float]]
    let logits: [Float]
  }

  private func path(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
      .appending(path: "PyTorch/\(name)").path(percentEncoded: false)
  }

  private func expected() throws -> Expected {
    try JSONDecoder().decode(
      Expected.self, from: Data(FileBytes.read(path("expected.json"))))
  }

  private static let assumptions = Checkpoint.Assumptions(
    model: model, inputShape: ImageShape(channels: 1, height: 6, width: 6))

  @Test(
    arguments: [
      ("plain.pt", 0), ("legacy.pt", 0), ("script.pt", 0), ("script-legacy.pt", 0),
      ("wrapped.pth", 0), ("double.pt", 1e-7), ("strided.pt", 0), ("module.pt", 0),
      ("half.pt", 1e-3), ("bfloat16.pt", 8e-3),
    ] as [(String, Float)])
  func `every form of a file gives the weights and their logits`(
    name: String, precision: Float
  ) throws {
    let checkpoint = try ModelFile.read(path(name), assuming: Self.assumptions)
    let expected = try expected()
    #expect(checkpoint.network.tensors.count == Self.names.count)
    for tensor in checkpoint.network.tensors {
      let values = try #require(
        Self.names[tensor.name].flatMap { expected.weights[$0] }, "\(tensor.name)")
      for (found, exact) in try paired(tensor.values, values) {
        #expect(abs(found - exact) <= precision * max(1, abs(exact)), "\(tensor.name)")
      }
    }
    // torch.linspace(0, 1, 72).
    let pixels = (0..<72).map { Float($0) / 71 }
    let logits = Executor(checkpoint.network, pool: WorkerPool(threads: 1)).logits(pixels)
    for (found, exact) in try paired(logits, expected.logits) {
      #expect(abs(found - exact) < 1e-5 + 10 * precision)
    }
    #expect(
      checkpoint.notes.last
        == "tensors by order: conv1 is features.0, norm1 is features.1, linear1 is classifier")
  }

  @Test func `what was taken for the weights is said`() throws {
    let wrapped = try ModelFile.read(path("wrapped.pth"), assuming: Self.assumptions)
    #expect(
      wrapped.notes.dropLast() == [
        "the weights are those under “state_dict”",
        "“module._orig_mod.” is dropped from the front of every name",
      ])
    let script = try ModelFile.read(path("script.pt"), assuming: Self.assumptions)
    #expect(script.notes.first == "the weights are those under “model_state_dict”")
  }

  private func refusal(_ bytes: [UInt8]) throws -> String {
    "\(try #require(throws: CheckpointError.self) { _ = try PyTorchFile(bytes) })"
  }

  @Test func `nothing in a file is ever executed`() throws {
    let bytes = try FileBytes.read(path("hostile.pt"))
    #expect(try refusal(bytes).contains("holds no weights by name"))
    #expect(!FileBytes.exists("executed"))
  }

  @Test func `without a network it is told what the shapes say`() throws {
    let error = try #require(throws: CheckpointFileError.self) {
      _ = try ModelFile.read(path("plain.pt"))
    }
    #expect(error.description.contains("--model"))
    #expect(error.description.contains("Their shapes say conv(2,3), norm, linear(3);"))
  }

  @Test(arguments: ["plain.pt", "script.pt", "legacy.pt", "script-legacy.pt", "module.pt"])
  func `cut short or changed anywhere, a file is an error or gives arrays`(name: String) throws {
    let whole = try FileBytes.read(path(name))
    for count in stride(from: 0, to: whole.count, by: 13) {
      _ = try? PyTorchFile(Array(whole[..<count]))
    }
    var generator = Numbers(seed: 5)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0...Int(generator.next() % 3) {
        bytes[Int(generator.next() % UInt64(bytes.count))] = UInt8(
          truncatingIfNeeded: generator.next())
      }
      guard let file = try? PyTorchFile(bytes) else { continue }
      #expect(file.tensors.reduce(0) { $0 + $1.values.count } < 1 << 20)
    }
  }

  /// A legacy file of one array.
  private func legacy(shape: [Int32], strides: [Int32], offset: Int32, numbers: [Float]) -> [UInt8]
  {
    func integer(_ value: Int32) -> [UInt8] {
      [UInt8(ascii: "J")] + withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
    func tuple(_ values: [Int32]) -> [UInt8] {
      Array("(".utf8) + values.flatMap(integer) + Array("t".utf8)
    }
    func text(_ value: String) -> [UInt8] {
      Array("X".utf8) + withUnsafeBytes(of: UInt32(value.utf8.count).littleEndian) { Array($0) }
        + Array(value.utf8)
    }
    let start: [UInt8] = [
      0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
    ]
    var bytes = start + [0x80, 0x02] + Array("K\u{1}.".utf8) + [0x80, 0x02] + Array("}.".utf8)
    bytes +=
      [0x80, 0x02] + Array("}".utf8) + text("w")
      + Array("ctorch._utils\n_rebuild_tensor_v2\n(".utf8)
    bytes += Array("(".utf8) + text("storage") + Array("ctorch\nFloatStorage\n".utf8) + text("0")
    bytes += text("cpu") + integer(Int32(numbers.count)) + Array("tQ".utf8)
    bytes += integer(offset) + tuple(shape) + tuple(strides) + [0x89] + Array("}tRs.".utf8)
    bytes += [0x80, 0x02] + Array("](".utf8) + text("0") + Array("e.".utf8)
    bytes += withUnsafeBytes(of: UInt64(numbers.count).littleEndian) { Array($0) }
    return bytes + numbers.withUnsafeBytes { Array($0) }
  }

  @Test func `an array takes the numbers that it names, and none outside`() throws {
    let numbers = (0..<12).map(Float.init)
    let file = try PyTorchFile(
      legacy(shape: [3, 2], strides: [1, 4], offset: 2, numbers: numbers))
    #expect(file.tensors.map(\.values) == [[2, 6, 3, 7, 4, 8]])
    for (shape, strides, offset) in [
      ([3, 2], [1, 4], 6), ([13], [1], 0), ([2], [1], -1), ([-2], [1], 0), ([2], [-1], 4),
      ([1 << 20, 1 << 20], [0, 0], 0), ([2, 2], [1], 0), ([2], [1 << 30], 0),
    ] as [([Int32], [Int32], Int32)] {
      let words = try refusal(
        legacy(shape: shape, strides: strides, offset: offset, numbers: numbers))
      #expect(words.contains("lies outside"), "\(shape) \(strides) \(offset)")
    }
  }
}

/// A stream of numbers for changing bytes.
private struct Numbers {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state >> 33
  }
}
