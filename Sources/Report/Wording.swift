import Figures
import Study

/// How the images and classes of a data set are called.
struct Wording: Sendable {
  /// The set's name as its makers write it.
  let name: String
  /// One image: `digit` or `image`.
  let noun: String
  /// True for digits drawn by the program.
  let isDrawn: Bool
  /// True for digits that are known to be written by hand.
  let isHandwritten: Bool
  /// True for grey digits, whose pixels are ink on a page; of other images they are only bright or dim.
  let isInk: Bool
  /// False for files that have the names of a published set and are none.
  let isPublished: Bool
  /// The names of the classes.
  let classes: [String]
  /// Channels of an image.
  let channels: Int

  init(dataset: String, classes: [String], channels: Int = 1, isPublished: Bool = true) {
    let isFashion = dataset == "fashion-mnist"
    isDrawn = dataset == "drawn"
    isHandwritten = Self.handwritten.contains(dataset) && isPublished
    let isNumbered = classes == (0...9).map(String.init) && channels == 1
    noun = isDrawn || isHandwritten || isNumbered && !isFashion ? "digit" : "image"
    isInk = noun == "digit" && channels == 1
    self.isPublished = isPublished
    let published = DataFacts.title(ofSet: dataset) ?? dataset
    name = isPublished ? published : "files named as those of \(published)"
    self.classes = classes.map(Self.plain)
    self.channels = channels
  }

  /// Sets of handwritten digits.
  private static let handwritten: Set = ["mnist", "qmnist", "emnist-digits"]

  init(_ results: StudyResults) {
    self.init(
      dataset: results.data.name, classes: results.model.classes,
      channels: results.model.inputShape.first ?? 1,
      isPublished: results.data.isPublished ?? true)
  }

  /// True if the images are called digits.
  var isDigits: Bool { noun == "digit" }
  /// Several images.
  var nouns: String { noun + "s" }
  /// The classes that one image each is shown of: all, or the first of very many.
  func eachClass(of shown: Int) -> String {
    shown < classes.count ? "each of the first \(shown) classes" : "each class"
  }
  /// One image, any: `a digit`, `an image`.
  var aNoun: String { (isDigits ? "a " : "an ") + noun }
  /// The images in a sentence about what they are.
  var things: String {
    if isDrawn { return "digits drawn by the program" }
    return isHandwritten ? "handwritten digits" : nouns
  }

  /// True if there are too many classes to name all of them in a map.
  var hasManyClasses: Bool { classes.count > ClassMap.mostNames }
  /// True if names of classes have no room beside small bars, so that bars stand below them.
  var hasLongNames: Bool { classes.contains { $0.count > 2 } }

  /// A class's name in a sentence, cut to a length that a sentence bears.
  func className(_ index: Int) -> String {
    guard classes.indices.contains(index) else { return "?" }
    return Self.short(classes[index])
  }

  /// An image by its class: `4`, or `image of a “bird”`.
  func example(_ index: Int) -> String {
    isDigits ? className(index) : "\(noun) of class “\(className(index))”"
  }

  /// The same with its article: `a 4`, `an 8`, `an image of a “bird”`.
  func anExample(_ index: Int) -> String {
    (isDigits && className(index) != "8" ? "a " : "an ") + example(index)
  }

  /// A name in a sentence: cut off if long, isolated if it is written from right to left.
  static func short(_ name: String, limit: Int = 40) -> String {
    let plain = plain(name)
    let cut = plain.count > limit ? String(plain.prefix(limit - 1)) + "…" : plain
    let isRightToLeft = cut.unicodeScalars.contains { scalar in
      (0x590...0x8ff).contains(scalar.value) || (0xfb1d...0xfefc).contains(scalar.value)
    }
    return isRightToLeft ? "\u{2068}\(cut)\u{2069}" : cut
  }

  /// A name without the marks that turn the direction of text, which would reach beyond it.
  private static func plain(_ name: String) -> String {
    String(String.UnicodeScalarView(name.unicodeScalars.filter { !$0.properties.isBidiControl }))
  }

  /// `1 mistake`, `95 mistakes`.
  static func counted(_ count: Int, _ noun: String) -> String {
    "\(Format.count(count)) \(count == 1 ? noun : plural(noun))"
  }

  /// `the one mistake`, `both mistakes`, `all 95 mistakes`.
  static func all(_ count: Int, _ noun: String) -> String {
    switch count {
    case 1: "the one \(noun)"
    case 2: "both \(plural(noun))"
    default: "all \(counted(count, noun))"
    }
  }

  private static func plural(_ noun: String) -> String {
    noun.hasSuffix("y") ? noun.dropLast() + "ies" : noun + (noun.hasSuffix("s") ? "es" : "s")
  }

  /// Words at the start of a sentence.
  static func capitalized(_ words: String) -> String {
    words.prefix(1).uppercased() + words.dropFirst()
  }

  /// What a pixel's values mean.
  var scale: String {
    if isInk { return "0 is the page and 1 is full ink" }
    return channels == 1
      ? "0 is drawn as the page and 1 in the color of its text" : "a pixel’s values run from 0 to 1"
  }

  /// Where an image is not blank.
  var inked: String { isInk ? "where there is ink" : "where the image is not 0" }

  /// What a caption says of maps that an image of ink shines through.
  var ghosted: String { channels == 1 ? "; the input is ghosted underneath" : "" }

  /// What the colors of weights on pixels mean.
  func weightColors(isColor: Bool) -> String {
    isColor
      ? "Weights are drawn in the colors that they want, and middle grey means “do not care”"
      : (isInk
        ? "Orange weights want ink, blue weights want none"
        : "Orange weights want high values, blue weights want low ones")
        + ", and the page color means “do not care”"
  }

  /// Names as `a`, `a and b`, `a, b and c`.
  static func list(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }
}
