public import Networks

/// A layer whose feature maps are looked at, and their size.
public struct LayerChoice: Sendable {
  /// The layer's name.
  public let name: String
  /// Feature maps.
  public let channels: Int
  /// Rows of each.
  public let height: Int
  /// Columns of each.
  public let width: Int

  var plane: Int { height * width }

  /// The layer of a name, or behind the last convolution, before a pooling or what has no places, the last activation
  /// function, or else the last joint of branches; layers within a branch only if there are no others.
  ///
  /// - Throws: `AttributionError` if there is no such layer, or if it has no feature maps.
  public init(_ name: String?, in architecture: Architecture) throws(AttributionError) {
    guard let name = name ?? Self.usual(architecture) else {
      throw AttributionError(
        "class activation maps need a convolution, and this network (\(architecture.specification))"
          + " has none; use gradient, integrated-gradients, lrp or occlusion")
    }
    let maps = architecture.entries.filter { $0.outputShape.dimensions.count == 3 }.map(\.name)
    guard let index = architecture.index(of: name) else {
      throw AttributionError("there is no layer “\(name)”; \(Self.listed(maps))")
    }
    guard case .image(let channels, let height, let width) = architecture.entries[index].outputShape
    else {
      throw AttributionError("the output of “\(name)” is flat; \(Self.listed(maps))")
    }
    self.name = name
    self.channels = channels
    self.height = height
    self.width = width
  }

  private static func listed(_ maps: [String]) -> String {
    maps.isEmpty
      ? "no layer of this network has feature maps"
      : "layers with feature maps are \(maps.joined(separator: ", "))"
  }

  /// `nil` if there is no convolution.
  private static func usual(_ architecture: Architecture) -> String? {
    let entries = architecture.entries
    guard let convolution = entries.lastIndex(where: \.isConvolution) else { return nil }
    let after = entries.indices[convolution...].prefix {
      !entries[$0].layer.family.isPooling && entries[$0].outputShape.hasPlaces
    }
    let passed = after.filter(architecture.isPassedByAll)
    let maps = passed.isEmpty ? Array(after) : passed
    let chosen =
      maps.last { entries[$0].layer.family.isActivation }
      ?? maps.last { entries[$0].inputs.count > 1 } ?? maps.first
    return chosen.map { entries[$0].name }
  }
}
