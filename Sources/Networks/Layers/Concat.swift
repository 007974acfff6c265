/// Branches laid one behind the other: feature maps by channels, lists by numbers.
///
/// Reference: Szegedy et al., Going Deeper with Convolutions (2014); Huang et al., Densely Connected Convolutional
/// Networks (2016).
public struct Concat: JointLayer {
  /// The stem of the name of the place where the branches meet.
  public static let stem = "concat"
  /// How a person writes it.
  public static let form = "concat(A | B | ...)"
  /// What it does, in a line.
  public static let summary = "the branches' channels, one behind the other"
  /// Layers of the kind as a specification writes them.
  public static let examples = [
    "concat(conv(3,3) | )", "concat(relu | conv(20,1) | tanh)", "concat(linear(20) relu | )",
  ]
  /// What stands between the names of what is joined.
  public static let sign = "|"
  /// The branches.
  public let branches: [[any Layer]]

  /// The branches' outputs, one behind the other.
  public init(branches: [[any Layer]]) {
    precondition(branches.contains { !$0.isEmpty }, "Concat: every branch is empty")
    self.branches = branches
  }

  /// What a person calls it.
  public var noun: String { "concatenation" }
  /// A concatenation.
  public var family: LayerFamily { .joint(.concatenation) }

  /// Maps of one size, or lists.
  ///
  /// - Throws: `LayerError` if some are lists or the maps' sizes differ.
  public func outputShape(joining inputs: [Shape]) throws(LayerError) -> Shape {
    let channels = inputs.reduce(0) { $0 + $1.channels }
    switch inputs[0] {
    case .vector:
      guard inputs.allSatisfy({ $0.dimensions.count == 1 }) else { throw differing(inputs) }
      return .vector(channels)
    case .sequence:
      throw LayerError("concat joins feature maps or lists, no sequences")
    case .image(_, let height, let width):
      let places = inputs[0].dimensions.dropFirst()
      guard inputs.allSatisfy({ $0.hasPlaces && $0.dimensions.dropFirst() == places }) else {
        throw differing(inputs)
      }
      return .image(channels: channels, height: height, width: width)
    }
  }

  private func differing(_ inputs: [Shape]) -> LayerError {
    LayerError(
      "the branches give \(inputs.map(\.description).joined(separator: " and ")), which cannot be laid"
        + " one behind the other: their maps need one height and one width")
  }

  /// A concatenation.
  public var exportForm: ExportForm { .concatenation }
}
