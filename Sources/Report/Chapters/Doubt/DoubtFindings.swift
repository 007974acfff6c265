import Figures
import Study

/// Where it is unsure.
extension Findings {
  /// Whether two components of the layer tell more than two of the pixels: by how many nearest points share a class.
  static func untangled(_ facts: DoubtFacts) -> String {
    guard let (pixels, layer) = facts.untangled else {
      return "The same images by their pixels alone."
    }
    return
      "By two directions of the pixels \(Format.percent(pixels, decimals: 0)) of the images lie beside one of their own class, "
      + "by two of \(facts.layer) \(Format.percent(layer, decimals: 0))."
  }

  /// How much of the plane is read as something that none of its corners is.
  static func slice(_ slice: DoubtFacts.Slice, subject: Wording) -> String {
    let names = slice.corners.map { subject.className($0.label) }
    let share = slice.strangeShare
    guard subject.classes.count > Set(names).count else {
      return "How its answers divide the triangle between \(Wording.list(names))."
    }
    guard share > 0 else { return "Between \(Wording.list(names)) nothing else is read." }
    return
      "Of the triangle between \(Wording.list(names)), \(Format.percent(share, decimals: share < 0.1 ? 1 : 0)) is "
      + "read as something else."
  }

  /// How often it is sure of what it cannot know.
  static func strangers(_ facts: DoubtFacts) -> String {
    guard let share = facts.sureOfStrangers, let last = facts.strangers.last else {
      return "Images that belong to none of its classes."
    }
    let name = Wording.short(last.name, limit: 60)
    if facts.isSureOfStrangers, last.isMany {
      return
        "It is more than 90% sure of \(Format.percent(share, decimals: 0)) of images that belong to none of its "
        + "classes (\(name))."
    }
    return
      "It was more than 90% sure of \(last.sure == 0 ? "none" : Format.count(last.sure)) of "
      + "\(Wording.counted(last.count, "image")) that \(last.count == 1 ? "belongs" : "belong") to none of its classes (\(name))."
  }

  /// Where the misread images lie, or how well the classes are apart.
  static func neighborhood(_ facts: DoubtFacts) -> String {
    if let (misled, wrong) = facts.misled {
      let which =
        misled == wrong
        ? Wording.capitalized(Wording.all(wrong, "misread image"))
        : "\(Format.count(misled)) of the \(Format.count(wrong)) misread images"
      return
        "\(which) \(misled == 1 ? "lies" : "lie") among those of the class that was answered."
    }
    guard let share = facts.companionShare else {
      return "The test images, laid out by what the network makes of them."
    }
    return
      "\(Format.percent(share, decimals: 0)) of the images \(facts.points.count < facts.neighborhood.count ? "drawn at random " : "")have "
      + "one of their own class beside them."
  }

  /// How much of the way between two images it needs to change its mind.
  static func path(_ facts: DoubtFacts) -> String {
    guard let share = facts.hesitation else { return "Between two images." }
    let words = share == 0 ? "<1%" : Format.percent(share, decimals: 0)
    return facts.isAbrupt
      ? "The pictures change little by little; for all but \(words) of the way it is sure of one of the two."
      : "Between the two images it hesitates, for \(words) of the way."
  }
}
