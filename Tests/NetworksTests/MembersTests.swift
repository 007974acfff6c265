import Networks
import TestSupport
import Testing

@Suite struct MembersTests {
  private let texts = [
    "conv(3,3) norm relu flatten linear(4)", "flatten linear(5) relu linear(4)",
    "conv(3,3) norm relu flatten linear(4)",
  ]

  private func members() throws -> [Network] {
    try texts.enumerated().map { place, text in
      var network = try hashedNetwork(text, (1, 5, 5))
      for index in network.tensors.indices {
        network.tensors[index].values = network.tensors[index].values.map { $0 + Float(place) }
      }
      return network
    }
  }

  @Test func `members go into an ensemble and come out as they were`() throws {
    let members = try members()
    let whole = try Network(ensembleOf: members)
    #expect(
      whole.architecture.specification.description
        == "ensemble(\(texts.joined(separator: " | ")))")
    #expect(whole.members == members)
    #expect(whole.architecture.members == members.map(\.architecture))
    #expect(whole.architecture.entries.map(\.name).contains("norm2"))
    // What is no ensemble, or more than one, has none.
    #expect(members[0].members.isEmpty)
    #expect(try hashedNetwork("flatten ensemble(linear(3) | linear(3))", (1, 4, 4)).members.isEmpty)
  }

  @Test func `an untrained ensemble begins as its members would`() throws {
    let architecture = try Network(ensembleOf: members()).architecture
    let whole = Network.untrained(architecture, normalization: .identity(channels: 1), seed: 9)
    for (place, member) in whole.members.enumerated() {
      #expect(
        member
          == .untrained(
            member.architecture, normalization: .identity(channels: 1), seed: 9 + UInt64(place)))
    }
  }

  @Test(arguments: [
    ("ensemble(linear(3) | linear(4))", "have no mean"),
    ("ensemble(conv(3,3) | linear(4))", "flat"),
    ("ensemble( | )", "empty"), ("flatten linear(3) relu", "or an ensemble of such"),
  ])
  func `what has no mean is refused`(text: String, words: String) {
    do {
      _ = try hashedNetwork(
        text.hasPrefix("ensemble(l") ? "flatten \(text)" : text, (1, 4, 4))
      Issue.record("\(text) was read")
    } catch { #expect("\(error)".contains(words), "\(error)") }
  }

  @Test func `heads, depths and layers by name`() throws {
    let chain = try hashedNetwork(
      "conv(2,3) norm relu conv(3,3) relu flatten linear(4) relu linear(3)", (1, 6, 6)
    ).architecture
    #expect(chain.heads == ["linear2"])
    #expect(chain.depths == [3, 3, 3, 2, 2, 2, 1, 1, 0])
    #expect(
      chain.layers(named: ["all-but-head", "linear2"]) == [
        "conv1", "norm1", "conv2", "linear1", "linear2",
      ])
    let branched = try hashedNetwork(
      "conv(2,3) residual(conv(2,3) relu conv(2,3)) flatten linear(3)", (1, 6, 6)
    ).architecture
    // Along the longer way.
    #expect(branched.depths == [3, 2, 2, 1, 1, 1, 0])
    let whole = try Network(ensembleOf: members()).architecture
    #expect(whole.heads == ["linear1", "linear3", "linear4"])
    let nested = try hashedNetwork(
      "flatten ensemble(ensemble(linear(3) | tanh linear(3)) | linear(3))", (1, 4, 4)
    ).architecture
    #expect(nested.heads == ["linear1", "linear2", "linear3"])
  }

  @Test func `the number of classes stands where a text asks for it`() throws {
    let found = try Specification(model: "flatten linear(5) relu linear({classes})", classes: 7)
    #expect(found.description == "flatten linear(5) relu linear(7)")
  }

  @Test(arguments: [
    ("flatten linear(4) relu linear(3,bias=no)", "flatten linear(4) relu linear(7,bias=no)"),
    ("flatten linear(3) multiply(0.5)", "flatten linear(7) multiply(0.5)"),
    (
      "ensemble(flatten linear(3) | flatten linear(2) linear(3))",
      "ensemble(flatten linear(7) | flatten linear(2) linear(7))"
    ),
  ])
  func `a network gets another number of outputs`(text: String, expected: String) throws {
    #expect(try Specification(text: text).ending(in: 7)?.description == expected)
    #expect(try Specification(text: "flatten relu").ending(in: 7) == nil)
  }
}
