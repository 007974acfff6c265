import Foundation
import Networks

/// What Inkling writes of a network into an ONNX file beside its graph.
struct ONNXMetadata {
  /// The names of the classes.
  var classes: [String]?
  /// What pixels go through before they are given to the graph; `nil` if the graph does it.
  var normalization: Normalization?

  init(_ metadata: [String: String]) {
    func decoded<Value: Decodable>(_ key: String) -> Value? {
      metadata["inkling.\(key)"].flatMap {
        try? JSONDecoder().decode(Value.self, from: Data($0.utf8))
      }
    }
    classes = decoded("classes")
    if metadata["inkling.normalisation"] == "outside", let mean: [Float] = decoded("mean"),
      let deviation: [Float] = decoded("standard_deviation"), mean.count == deviation.count,
      deviation.allSatisfy({ $0 > 0 })
    {
      normalization = Normalization(mean: mean, standardDeviation: deviation)
    }
  }
}

extension Normalization {
  /// Pixels from 0 to 1 deviate by less than 1, those from 0 to 255 by some dozens.
  private static let byteDeviation: Float = 10

  /// The same for pixels from 0 to 1, and what is said of it.
  var ofUnitPixels: (Normalization, notes: [String]) {
    guard self != .identity(channels: mean.count) else { return (self, []) }
    let isOfBytes = standardDeviation.allSatisfy { $0 >= Self.byteDeviation }
    let divided =
      isOfBytes
      ? Normalization(
        mean: mean.map { $0 / 255 }, standardDeviation: standardDeviation.map { $0 / 255 }) : self
    let numbers = { (values: [Float]) in values.map { "\($0)" }.joined(separator: ", ") }
    return (
      divided,
      [
        "what it does to pixels first becomes mean \(numbers(divided.mean)) and standard deviation"
          + " \(numbers(divided.standardDeviation)), for pixels from 0 to 1"
          + (isOfBytes ? "; the file's are for pixels from 0 to 255" : "")
      ]
    )
  }
}
