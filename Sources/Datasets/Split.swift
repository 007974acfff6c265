import Randomness

/// Which images are for learning, for validation and for the final test.
public struct Split: Sendable {
  /// How images are divided.
  public enum Scheme: String, Codable, Sendable, CaseIterable {
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
  /// Images of a published set are drawn by their places, so that the parts have exactly the sizes asked for; those of
  /// a folder by their contents, so that no image moves when others come or go.
  ///
  /// - Parameters:
  ///   - dataset: the set.
  ///   - scheme: whose test images.
  ///   - validation: share of the training images held out (standard scheme); 1/12 by default. A set's own validation
  ///     images are used instead.
  ///   - seed: which images are held out.
  public init(
    _ dataset: Dataset, scheme: Scheme = .standard, validation: Double = 1.0 / 12, seed: UInt64
  ) {
    precondition((0..<1).contains(validation), "Split: \(validation) is no share to hold out")
    switch scheme {
    case .standard:
      if let own = dataset.validation {
        self.init(train: dataset.train, validation: own, test: dataset.test)
        return
      }
      let all = dataset.train
      var held: [Int]
      if let draws = dataset.draws {
        held = Draws.places(draws.train, share: validation, seed: seed, purpose: "validation")
      } else {
        var generator = SplitMix64(seed: seed, purpose: "split")
        let count = Int((Double(all.count) * validation).rounded())
        held = generator.permutation(all.count)[..<count].sorted()
      }
      self.init(
        train: all.excluding(held), validation: all.selecting(held), test: dataset.test)
    case .course:
      let all = LabeledImages(
        joining: [dataset.train] + [dataset.validation, dataset.test].compactMap { $0 })
      var (held, tested): ([Int], [Int])
      if let draws = dataset.draws {
        let contents = draws.train + draws.validation + draws.test
        tested = Draws.places(contents, share: 0.1, seed: seed, purpose: "test")
        let known = Set(tested.map { contents[$0] })
        let rest = contents.indices.filter { !known.contains(contents[$0]) }
        held = Draws.places(
          rest.map { contents[$0] }, share: 1.0 / 9, seed: seed, purpose: "validation"
        ).map { rest[$0] }
      } else {
        var generator = SplitMix64(seed: seed, purpose: "split")
        let order = generator.permutation(all.count)
        let tenth = all.count / 10
        (held, tested) = (order[..<tenth].sorted(), order[tenth..<2 * tenth].sorted())
      }
      self.init(
        train: all.excluding(held + tested), validation: all.selecting(held),
        test: all.selecting(tested))
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

  /// The same split with only so many training images of each class, drawn by a seed; all of a class that has fewer.
  public func limited(perClass count: Int, seed: UInt64) -> Split {
    var generator = SplitMix64(seed: seed, purpose: "examples")
    var taken: [Int: Int] = [:]
    let places = generator.permutation(train.count).filter { place in
      taken[train.labels[place], default: 0] += 1
      return taken[train.labels[place], default: 0] <= count
    }
    return Split(train: train.selecting(places.sorted()), validation: validation, test: test)
  }

  /// The same split with nothing to watch progress by.
  public var withoutValidation: Split {
    Split(train: train, validation: validation.selecting(0..<0), test: test)
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

// MARK: What was trained on

extension Split {
  /// How many images of each part were left out, because they are no new ones.
  public struct LeftOut: Sendable, Equatable {
    /// Of the validation images.
    public var validation = 0
    /// Of the test images.
    public var test = 0

    /// So many of each.
    public init(validation: Int = 0, test: Int = 0) {
      self.validation = validation
      self.test = test
    }
  }

  /// The split without copies: validation images that are training images too, and test images that are training or
  /// validation images, are left out.
  public func withoutCopies() -> (split: Split, leftOut: LeftOut) {
    let learned = Set(train.identities)
    let watched = validation.excluding { learned.contains($0) }
    let seen = learned.union(watched.identities)
    return leaving(watched, test.excluding { seen.contains($0) }, train: train)
  }

  /// The split as a network knows it: its training images are those that it was trained on, wherever they stand, and
  /// none of them is left among the others.
  ///
  /// Where it was trained on none of these images, the training images stay as they are.
  ///
  /// - Parameter isKnown: true for the identity of an image that it was trained on.
  /// - Returns: the split, and how many images that takes from validation and test.
  public func known(by isKnown: (UInt64) -> Bool) -> (split: Split, leftOut: LeftOut) {
    // An image of which copies lie in several parts was learned once.
    var met: Set<UInt64> = []
    let parts = [train, validation, test].map { part in
      let identities = part.identities
      let flags = identities.map(isKnown)
      let fresh = Self.places(flags, true).filter { !met.contains(identities[$0]) }
      met.formUnion(fresh.map { identities[$0] })
      return (learned: part.selecting(fresh), others: part.selecting(Self.places(flags, false)))
    }
    let all = LabeledImages(joining: parts.map(\.learned))
    return leaving(
      parts[1].others, parts[2].others, train: all.count == 0 || all == train ? train : all)
  }

  /// The split without the validation and test images that another network was trained on.
  ///
  /// - Parameter isKnown: true for the identity of such an image.
  /// - Returns: the split, and how many images that takes from validation and test.
  public func excluding(_ isKnown: (UInt64) -> Bool) -> (split: Split, leftOut: LeftOut) {
    leaving(validation.excluding(isKnown), test.excluding(isKnown), train: train)
  }

  private static func places(_ flags: [Bool], _ wanted: Bool) -> [Int] {
    flags.indices.filter { flags[$0] == wanted }
  }

  private func leaving(
    _ validation: LabeledImages, _ test: LabeledImages, train: LabeledImages
  ) -> (Split, LeftOut) {
    (
      Split(train: train, validation: validation, test: test),
      LeftOut(
        validation: self.validation.count - validation.count, test: self.test.count - test.count)
    )
  }
}
