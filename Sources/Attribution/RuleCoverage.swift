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
  /// False for other activation functions than the rectifier, for which guided methods are not defined.
  var isGuidable: Bool { !isActivation || isRectifier }
  /// False where an output's share of an input is not known: the statistics are the image's own.
  var isShared: Bool { self != .normalization(isAffineAtPrediction: false) }
}
