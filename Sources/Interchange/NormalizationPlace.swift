/// Where pixels become what a network was trained to read, in a file for other programs.
public enum NormalizationPlace: String, CaseIterable, Sendable {
  /// The network begins with it: pixels in [0, 1] go in.
  case inside
  /// Whoever uses the network does it: (pixels - mean) / standard deviation goes in.
  case outside
}
