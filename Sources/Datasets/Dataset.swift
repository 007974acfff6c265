/// A data set: images to learn from, images to be tested on, and what the classes are called.
public struct Dataset: Sendable {
  /// The set's name: one of the known ones, or a folder's.
  public let name: String
  /// One name a class.
  public let classes: [String]
  /// Images to learn from; validation images are taken from these.
  public let train: LabeledImages
  /// Images for the final test.
  public let test: LabeledImages

  /// A data set; both parts have the same image size, labels are below the number of classes.
  public init(name: String, classes: [String], train: LabeledImages, test: LabeledImages) {
    self.name = name
    self.classes = classes
    self.train = train
    self.test = test
  }
}
