import Foundation
import Networks
import TestSupport

/// Networks that are exported: every example of every kind of layer in each place where it can stand, and larger graphs.
enum ExportSamples {
  static let shape = (2, 7, 8)
  static let size = 2 * 7 * 8

  private static let contexts = [
    "conv(6,3) LAYER flatten linear(3)", "LAYER flatten linear(3)",
    "flatten linear(6) LAYER linear(3)", "conv(2,3) flatten LAYER", "flatten linear(3) LAYER",
    "rows linear(6) LAYER flatten linear(3)", "patches(1) lstm(4) LAYER linear(3)",
    "flatten linear(6) LAYER conv(5,3) flatten linear(3)",
  ]

  /// The networks of one example.
  static func texts(of example: String) -> [String] {
    contexts.map { $0.replacing("LAYER", with: example) }.filter { (try? network($0)) != nil }
  }

  static let graphs = [
    "conv(6,3) norm relu residual(conv(6,3) norm relu dropout(0.3) conv(6,3) norm | dropout(0.1)) relu"
      + " residual(conv(8,3,stride=2) norm relu conv(8,3) norm | conv(8,1,stride=2) norm) relu globalpool linear(5)",
    "residual(relu) concat(conv(4,3) relu | | conv(3,1) tanh | noise(0.1) conv(2,5)) dropout(0.2) maxpool(2)"
      + " flatten linear(5)",
    "conv(5,3) residual(concat(conv(2,3) | residual(relu conv(5,3)) ) conv(5,1) | residual(tanh | sigmoid | ) | gelu)"
      + " concat( | relu) flatten residual(linear(20) relu linear(560) | ) linear(4)",
    "ensemble(conv(4,3) norm relu flatten linear(4) | flatten linear(20) tanh linear(4) | flatten linear(4)) multiply(0.5)",
    "concat(conv(4,2) | conv(4,4) norm(scale=no)) groupnorm(4) silu layernorm avgpool(2) globalpool(max) linear(2)",
    "concat(\(Array(repeating: "conv(2,1)", count: 24).joined(separator: " | "))) flatten linear(2)",
    "flatten unflatten(2,7,8) upsample(2) conv(5,3) relu flatten unflatten(5,14,16) maxpool(2) flatten linear(3)",
    "flatten linear(12) relu concat( | sample linear(36) relu unflatten(4,3,3) norm upsample(3) conv(5,3) flatten)"
      + " linear(3)",
  ]

  static func network(_ text: String) throws -> Network {
    var network = try hashedNetwork(
      text, shape,
      normalization: Normalization(mean: [0.25, 0.4], standardDeviation: [0.5, 0.3]))
    // Running statistics of mean 0 and variance 1 would hide that they are left out.
    for index in network.tensors.indices {
      let values = { hashed(network.tensors[index].values.count, 700 + UInt64(index)) }
      if network.tensors[index].name.hasSuffix("running_mean") {
        network.tensors[index].values = values().map { $0 - 0.5 }
      } else if network.tensors[index].name.hasSuffix("running_var") {
        network.tensors[index].values = values().map { $0 + 0.5 }
      }
    }
    return network
  }

  static func checkpoint(_ text: String) throws -> Checkpoint {
    let network = try network(text)
    return Checkpoint(
      network: network, classes: (0..<network.architecture.outputs).map { "class \($0)" },
      dataset: "hashed", seed: 7, run: "{\"model\":\"a\"}", trainedOn: TrainedImages([1, 2 << 40]),
      preparation: "{}")
  }

  static func images(_ count: Int) -> [Float] { hashed(count * size, 900) }
}
