public import Pictures

extension Preparation {
  /// Images that are looked at.
  private static let looked = 1000

  /// What the images of a data set have in common.
  ///
  /// - Parameters:
  ///   - images: those that a network is trained on.
  ///   - paper: what showed through their transparent parts.
  public init(of images: LabeledImages, paper: Float) {
    let count = min(Self.looked, images.count)
    // Spread over all, for sets that lie class by class.
    let places = (0..<count).map { $0 * images.count / max(count, 1) }
    self.init(
      learnedFrom: places.map {
        ImageScaling.Planes(
          channels: images.channels, height: images.height, width: images.width,
          values: images.floats([$0]))
      }, paper: paper)
  }
}
