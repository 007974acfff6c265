import Figures
import Study

/// How the images and classes of a data set are called.
struct Subject: Sendable {
  /// The set's name as its makers write it.
  let name: String
  /// One image: `digit` or `image`.
  let noun: String
  /// True for digits drawn by the program.
  let isDrawn: Bool
  /// The names of the classes.
  let classes: [String]

  init(dataset: String, classes: [String]) {
    let isFashion = dataset == "fashion-mnist"
    isDrawn = dataset == "drawn"
    noun =
      isDrawn || dataset == "mnist" || classes == (0...9).map(String.init) && !isFashion
      ? "digit" : "image"
    name =
      switch dataset {
      case "mnist": "MNIST"
      case "fashion-mnist": "Fashion-MNIST"
      case "cifar-10": "CIFAR-10"
      case "drawn": "drawn digits (not MNIST)"
      default: dataset
      }
    self.classes = classes
  }

  init(_ results: StudyResults) {
    self.init(dataset: results.data.name, classes: results.model.classes)
  }

  /// Several images.
  var nouns: String { noun + "s" }
  /// The images in a sentence about what they are.
  var things: String {
    if isDrawn { return "digits drawn by the program" }
    return noun == "digit" ? "handwritten digits" : "images"
  }

  /// A class's name in a sentence, cut to a length that a sentence bears.
  func className(_ index: Int) -> String {
    guard classes.indices.contains(index) else { return "?" }
    return Self.short(classes[index])
  }

  /// An image by its class: `4`, or `image of a “bird”`.
  func example(_ index: Int) -> String {
    noun == "digit" ? className(index) : "\(noun) of class “\(className(index))”"
  }

  /// A name in a sentence: cut off if long, isolated if it is written from right to left.
  static func short(_ name: String, limit: Int = 40) -> String {
    let cut = name.count > limit ? String(name.prefix(limit - 1)) + "…" : name
    let isRightToLeft = cut.unicodeScalars.contains { scalar in
      (0x590...0x8ff).contains(scalar.value) || (0xfb1d...0xfefc).contains(scalar.value)
    }
    return isRightToLeft ? "\u{2068}\(cut)\u{2069}" : cut
  }

  /// `1 mistake`, `95 mistakes`.
  static func counted(_ count: Int, _ noun: String) -> String {
    let plural = noun.hasSuffix("y") ? noun.dropLast() + "ies" : noun + "s"
    return "\(Format.count(count)) \(count == 1 ? noun : plural)"
  }

  /// What a pixel's values mean in pictures of so many channels.
  static func scale(channels: Int) -> String {
    channels == 1 ? "0 is the page and 1 is full ink" : "a pixel’s values run from 0 to 1"
  }

  /// What the colors of weights on pixels mean in pictures of so many channels.
  static func weightColors(channels: Int) -> String {
    channels == 1
      ? "Orange weights want ink, blue weights want none"
      : "Orange weights want bright pixels, blue weights want dim ones"
  }

  /// Names as `a`, `a and b`, `a, b and c`.
  static func list(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
