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
