package import Datasets
package import Networks
import Randomness

extension DataFacts {
  /// The facts of a data set.
  ///
  /// - Parameters:
  ///   - dataset: the set.
  ///   - split: which of its images are for learning, validation and test.
  ///   - seed: chooses the samples.
  ///   - example: the image shown in full.
  package init(_ dataset: Dataset, split: Split, seed: UInt64, example: ExampleFacts) {
    let classes = dataset.classes.count
    let train = split.train
    let shape = [train.channels, train.height, train.width]
    let statistics = train.statistics()
    var generator = SplitMix64(seed: seed, purpose: "samples")
    let order = generator.permutation(train.count)
    samples = (0..<classes).map { label in
      order.lazy.filter { train.labels[$0] == label }.prefix(12)
        .map { Plane(shape: shape, values: train.floats([$0])) }
    }
    name = dataset.name
    trainCount = train.count
    validationCount = split.validation.count
    testCount = split.test.count
    classCounts = train.counts(classes: classes)
    mean = statistics.mean
    standardDeviation = statistics.standardDeviation
    meanImages = train.meanImages(classes: classes).map { Plane(shape: shape, values: $0) }
    histogram = train.histogram()
    self.example = example
    isPublished = dataset.isPublished
    fingerprints = Fingerprints(
      train: train.fingerprint, validation: split.validation.fingerprint,
      test: split.test.fingerprint)
  }

  /// The facts of a data set that no network has seen: the first test image stands as the example.
  ///
  /// - Parameters:
  ///   - dataset: the set.
  ///   - split: which of its images are for learning, validation and test.
  ///   - seed: chooses the samples.
  package init(_ dataset: Dataset, split: Split, seed: UInt64) {
    let test = split.test
    let label = test.labels[0]
    self.init(
      dataset, split: split, seed: seed,
      example: ExampleFacts(
        index: 0, label: label, predicted: label,
        probabilities: dataset.classes.indices.map { $0 == label ? 1 : 0 },
        pixels: Plane(
          shape: [test.channels, test.height, test.width], values: test.floats([0]))))
  }

  /// How the makers of a set write its name; `nil` for a folder, which is found by no name.
  package static func title(ofSet name: String) -> String? {
    name == DrawnDigits.name ? "drawn digits (not MNIST)" : KnownDataset.named(name)?.title
  }
}

extension DataFacts.Origin {
  /// What training images are to a network.
  ///
  /// - Parameters:
  ///   - images: the images.
  ///   - trained: those that the network was trained on; `nil` if its file does not say.
  package init(of images: LabeledImages, to trained: TrainedImages?) {
    guard let trained else {
      self = .unknown
      return
    }
    let isLearned = (0..<images.count).contains { trained.contains(images.identity($0)) }
    self = isLearned ? .learned : .others
  }
}
