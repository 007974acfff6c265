import Networks

extension Architecture {
  /// Checks that a method's rules have an answer for every layer.
  ///
  /// - Throws: `AttributionError` naming the method and the first layer for which there is none.
  func check(
    _ method: String, has hasRule: (LayerFamily) -> Bool
  ) throws(AttributionError) {
    guard let entry = entries.first(where: { !hasRule($0.layer.family) }) else { return }
    throw AttributionError(
      "\(method) has no rule for \(entry.name) (\(entry.layer.text)); use gradient,"
        + " integrated-gradients or occlusion")
  }
}

extension LayerFamily {
  /// False for other activation functions than the rectifier, for which guided methods are not defined, and for what has
  /// such functions inside.
  var isGuidable: Bool { (!isActivation || isRectifier) && self != .memory }
  /// False where an output's share of an input is not known: the statistics are the image's own, or numbers are multiplied
  /// with each other.
  var isShared: Bool { self != .normalization(isAffineAtPrediction: false) && self != .memory }
}
