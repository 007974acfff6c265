import Randomness

/// Which images are for learning, for validation and for the final test.
public struct Split: Sendable {
  /// How images are divided.
  public enum Scheme: String, Sendable, CaseIterable {
    /// The set's own test images; validation images are held out of its training images.
    case standard
    /// The course's way: 80 / 10 / 10 of all images.
    case course
  }

  /// Images to learn from.
  public let train: LabeledImages
  /// Images to watch progress and choose by.
  public let validation: LabeledImages
  /// Images for the end.
  public let test: LabeledImages

  /// Divides a data set.
  ///
  /// - Parameters:
  ///   - dataset: the set.
  ///   - scheme: whose test images.
  ///   - validation: share of the training images held out (standard scheme); 1/12 by default.
  ///   - seed: which images are held out.
  public init(
    _ dataset: Dataset, scheme: Scheme = .standard, validation: Double = 1.0 / 12, seed: UInt64
  ) {
    precondition((0..<1).contains(validation), "Split: \(validation) is no share to hold out")
    var generator = SplitMix64(seed: seed, purpose: "split")
    switch scheme {
    case .standard:
      let held = Int((Double(dataset.train.count) * validation).rounded())
      let order = generator.permutation(dataset.train.count)
      self.train = dataset.train.selecting(order[held...].sorted())
      self.validation = dataset.train.selecting(order[..<held].sorted())
      test = dataset.test
    case .course:
      let all = LabeledImages(
        channels: dataset.train.channels, height: dataset.train.height,
        width: dataset.train.width, pixels: dataset.train.pixels + dataset.test.pixels,
        labels: dataset.train.labels + dataset.test.labels)
      let order = generator.permutation(all.count)
      let tenth = all.count / 10
      self.validation = all.selecting(order[..<tenth].sorted())
      test = all.selecting(order[tenth..<2 * tenth].sorted())
      self.train = all.selecting(order[(2 * tenth)...].sorted())
    }
  }

  private init(train: LabeledImages, validation: LabeledImages, test: LabeledImages) {
    self.train = train
    self.validation = validation
    self.test = test
  }

  /// The same split with only the first so many training images.
  public func limited(train count: Int) -> Split {
    Split(
      train: train.selecting(0..<min(count, train.count)), validation: validation, test: test)
  }

  /// The same images with the labels of those to learn from and of validation shuffled: nothing is left to be learned but
  /// the images themselves. Zhang et al., Understanding Deep Learning Requires Rethinking Generalization (2017).
  public func shufflingLabels(seed: UInt64) -> Split {
    var generator = SplitMix64(seed: seed, purpose: "labels")
    func shuffled(_ images: LabeledImages) -> LabeledImages {
      LabeledImages(
        channels: images.channels, height: images.height, width: images.width,
        pixels: images.pixels,
        labels: generator.permutation(images.count).map { images.labels[$0] })
    }
    return Split(train: shuffled(train), validation: shuffled(validation), test: test)
  }
}
