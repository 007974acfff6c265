import Networks
import TestSupport

/// Every layer that the kinds give as an example, in each small network where it can stand.
enum KindSamples {
  static let shape = (2, 7, 8)
  static let size = 2 * 7 * 8

  static let examples: [String] = LayerKinds.all.flatMap { $0.examples }

  /// Behind a convolution, on the images themselves, on a flat list, at the end, on a sequence, at its end, from a list to
  /// maps.
  private static let contexts = [
    "conv(6,3) LAYER flatten linear(3)", "LAYER flatten linear(3)",
    "flatten linear(6) LAYER linear(3)", "conv(2,3) flatten LAYER",
    "rows linear(6) LAYER flatten linear(3)", "patches(1) lstm(4) LAYER linear(3)",
    "flatten linear(6) LAYER conv(5,3) flatten linear(3)",
  ]

  /// The networks of one example.
  static func texts(of example: String) -> [String] {
    contexts.map { $0.replacing("LAYER", with: example) }.filter { (try? network($0)) != nil }
  }

  static let texts: [String] = examples.flatMap { texts(of: $0) }

  /// A small vision transformer, recurrent layers on each other, and what generators are made of, as the fixture has them; then chains of layers drawn at
  /// random, each of which can stand where it does.
  static let chains: [String] = whole + drawn

  private static let whole = [
    "maxpool(2,ceil=yes) patches(2) linear(6) class-token positions residual(layernorm attention(2))"
      + " residual(layernorm linear(12) gelu linear(6)) residual(layernorm attention(3)) layernorm first linear(3)",
    "rows rnn(20) gru(17) lstm(16) last linear(3)",
    "flatten unflatten(2,7,8) upsample(2) conv(5,3) relu flatten unflatten(5,14,16) maxpool(2) flatten linear(3)",
    "flatten linear(12) relu concat( | sample linear(36) relu unflatten(4,3,3) norm upsample(3) conv(5,3) flatten)"
      + " linear(3)",
  ]

  private static let drawn: [String] = (0..<24).map { chain in
    let draws = hashed(40, UInt64(9000 + chain))
    // Every third one begins with a sequence, for only there sequences' layers stand.
    var words = chain.isMultiple(of: 3) ? [["rows", "patches(1)"][chain / 3 % 2]] : []
    for draw in draws where words.count < 5 {
      let word = examples[Int(draw * Float(examples.count))]
      let text = (words + [word, "flatten linear(3)"]).joined(separator: " ")
      // A hidden layer of a single number says next to nothing of the others.
      guard let found = try? network(text),
        found.architecture.entries[words.count].outputShape.count > 8
      else { continue }
      words.append(word)
    }
    return (words + ["flatten linear(3)"]).joined(separator: " ")
  }

  static func network(_ text: String) throws -> Network {
    try hashedNetwork(
      text, shape,
      normalization: Normalization(mean: [0.25, 0.25], standardDeviation: [0.5, 0.5]))
  }

  static func images(_ count: Int, stream: UInt64 = 800) -> [Float] {
    hashed(count * size, stream)
  }

  /// True if nothing in training is random.
  static func isCertain(_ network: Network) -> Bool {
    network.architecture.entries.allSatisfy {
      $0.layer.family != .noise && $0.layer.exportForm != .sampling
    }
  }
}
