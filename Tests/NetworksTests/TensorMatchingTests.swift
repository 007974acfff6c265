import Networks
import Testing

/// Safetensors under names of others.
@Suite struct TensorMatchingTests {
  private func file(_ tensors: [(String, [Int])]) -> SafeTensors {
    var file = SafeTensors()
    for (place, (name, shape)) in tensors.enumerated() {
      file.append(
        name, shape: shape, [Float](repeating: Float(place), count: shape.reduce(1, *)))
    }
    return file
  }

  private func read(
    _ tensors: [(String, [Int])], _ model: String, isOrdered: Bool = false
  ) throws -> Checkpoint {
    try Checkpoint(
      file(tensors),
      assuming: .init(model: model, inputShape: ImageShape(channels: 1, height: 4, width: 4)),
      isOrdered: isOrdered)
  }

  private static let deep =
    "flatten linear(8) relu linear(8) relu linear(8) relu linear(2)"

  /// As safetensors sort: 10 before 2.
  private static let sequential: [(String, [Int])] = [
    ("model.1.bias", [8]), ("model.1.weight", [8, 16]), ("model.10.bias", [2]),
    ("model.10.weight", [2, 8]), ("model.3.bias", [8]), ("model.3.weight", [8, 8]),
    ("model.5.bias", [8]), ("model.5.weight", [8, 8]),
  ]

  @Test func `the numbers of nn.Sequential say the order`() throws {
    let found = try read(Self.sequential, Self.deep)
    #expect(found.network.tensors.map { $0.values[0] } == [1, 0, 5, 4, 7, 6, 3, 2])
    #expect(
      found.notes == [
        "“model.” is dropped from the front of every name",
        "tensors by order: linear1 is 1, linear2 is 3, linear3 is 5, linear4 is 10",
      ])
  }

  @Test func `shapes that are there once decide by themselves`() throws {
    let found = try read(
      [
        ("head.bias", [2]), ("head.weight", [2, 8]), ("stem.bias", [8]), ("stem.weight", [8, 16]),
      ],
      "flatten linear(8) relu linear(2)")
    #expect(found.notes == ["tensors by order: linear1 is stem, linear2 is head"])
    #expect(found.network.tensor("linear2.bias")?.values == [0, 0])
  }

  @Test func `two ways are none, unless the file keeps the order`() throws {
    let tensors: [(String, [Int])] = [
      ("first.bias", [8]), ("first.weight", [8, 16]), ("b.bias", [8]), ("b.weight", [8, 8]),
      ("a.bias", [8]), ("a.weight", [8, 8]), ("last.bias", [2]), ("last.weight", [2, 8]),
    ]
    #expect(throws: CheckpointError.self) { _ = try read(tensors, Self.deep) }
    let found = try read(tensors, Self.deep, isOrdered: true)
    #expect(found.notes.last?.contains("linear2 is b, linear3 is a") == true)
    // Sorted so that the shapes fit as they come, which proves nothing.
    let sorted = tensors.enumerated().map { place, tensor in
      ("a\(place / 2)\(tensor.0.drop { $0 != "." })", tensor.1)
    }
    let other = try #require(throws: CheckpointError.self) { _ = try read(sorted, Self.deep) }
    #expect(other.description.contains("do not keep the order"))
  }

  @Test(arguments: [
    ("flatten linear(8) relu linear(2)", "it has 4 layers with tensors, but the network has 2"),
    (
      "flatten linear(8) relu linear(8) relu linear(8) relu linear(2,bias=no)",
      "the network has linear4 with weight [2, 8]"
    ),
    (
      "flatten linear(8) relu linear(9) relu linear(8) relu linear(2)",
      "its 3 has bias [8], weight [8, 8]"
    ),
  ])
  func `what does not fit is named`(model: String, words: String) throws {
    let error = try #require(throws: CheckpointError.self) {
      _ = try read(Self.sequential, model)
    }
    #expect(error.description.contains(words), "\(error)")
  }
}
