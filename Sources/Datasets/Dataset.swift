/// A data set: images to learn from, images to be tested on, and what the classes are called.
public struct Dataset: Sendable {
  /// The set's name: one of the known ones, or a folder's.
  public let name: String
  /// One name a class.
  public let classes: [String]
  /// Images to learn from; validation images are taken from these, unless the set has its own.
  public let train: LabeledImages
  /// Images for the final test.
  public let test: LabeledImages
  /// The set's own validation images; `nil` if it has none.
  public var validation: LabeledImages?
  /// Of a folder, what decides to which part of the data an image belongs; `nil` where the set decides.
  package var draws: Draws?
  /// The brightness that shows through transparent parts of a folder's pictures, from 0 to 1.
  public var paper: Float = 0
  /// Of a folder, where each image lies in it, by the image's identity and its label; of copies in one class, the first.
  package var files: [UInt64: [Int: String]] = [:]
  /// What was noticed while reading, a sentence each, for people.
  public var notes: [String] = []
  /// Whether the files are those that were published.
  public var origin = Origin.own

  /// Whether a set's files are those that were published.
  public enum Origin: String, Sendable {
    /// Nobody published them: a folder's pictures, or what the program draws.
    case own
    /// They have the published checksums.
    case published
    /// They have the published names and numbers of images; checksums of them are not published.
    case unverified
    /// They have the names of a published set and are not those.
    case foreign
  }

  /// False if the files have the names of a published set and are not those.
  public var isPublished: Bool { origin != .foreign }

  /// A data set; both parts have the same image size, labels are below the number of classes.
  public init(name: String, classes: [String], train: LabeledImages, test: LabeledImages) {
    self.name = name
    self.classes = classes
    self.train = train
    self.test = test
  }
}

extension Dataset {
  /// The same images with the classes in another order.
  ///
  /// - Parameter names: the names of the classes, each once.
  /// - Returns: the set with its labels counted anew.
  package func ordered(_ names: [String]) -> Dataset {
    precondition(
      names.count == classes.count && Set(names) == Set(classes), "Dataset: \(names) for \(classes)"
    )
    let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let labels = classes.compactMap { places[$0] }
    var ordered = Dataset(
      name: name, classes: names, train: train.relabeled(labels), test: test.relabeled(labels))
    ordered.validation = validation?.relabeled(labels)
    ordered.draws = draws
    ordered.paper = paper
    ordered.files = files.mapValues { places in
      Dictionary(uniqueKeysWithValues: places.map { (labels[$0], $1) })
    }
    ordered.notes = notes
    ordered.origin = origin
    return ordered
  }
}

extension LabeledImages {
  /// The same images, each label replaced by what stands for it.
  fileprivate func relabeled(_ labels: [Int]) -> LabeledImages {
    LabeledImages(
      channels: channels, height: height, width: width, pixels: pixels,
      labels: self.labels.map { labels[$0] })
  }
}
