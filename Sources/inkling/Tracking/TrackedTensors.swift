import Networks
import Tracking

/// Histograms of a network's numbers.
enum TrackedTensors {
  /// The weights, statistics of batch normalisations among them.
  static func weights(of network: Network) -> [TrackedValue] {
    network.tensors.map {
      TrackedValue("weights/\($0.name)", .histogram(ValueHistogram($0.values)))
    }
  }

  /// Their gradients, one for each learned tensor.
  static func gradients(_ gradients: [Tensor]) -> [TrackedValue] {
    gradients.map {
      TrackedValue("gradients/\($0.name)", .histogram(ValueHistogram($0.values)))
    }
  }
}
