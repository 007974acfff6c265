import Figures
import Study

/// Where it is unsure.
extension Findings {
  /// Whether two components of the layer tell more than two of the pixels: by how many nearest points share a class.
  static func untangled(_ facts: DoubtFacts) -> String {
    let (pixels, layer) = (
      DoubtFacts.neighborShare(facts.pixelPoints), DoubtFacts.neighborShare(facts.points)
    )
    guard let pixels, let layer, layer - pixels > 0.05 else {
      return "The same images by their pixels alone."
    }
    return
      "Two directions of the pixels leave the classes mixed: \(Format.percent(pixels, decimals: 0)) of the images lie beside "
      + "one of their own class here, \(Format.percent(layer, decimals: 0)) by two directions of \(facts.layer)."
  }

  /// How much of the plane is read as something that none of its corners is.
  static func slice(_ slice: DoubtFacts.Slice, subject: Wording) -> String {
    let own = Set(slice.corners.map(\.label))
    let names = slice.corners.map { subject.className($0.label) }
    // The triangle between the images: what lies beyond depends on how far the plane is drawn.
    let (low, span) = (slice.range[0], slice.range[1] - slice.range[0])
    func place(_ at: Int) -> Float {
      low + span * Float(at) / Float(max(slice.side - 1, 1))
    }
    let inside = slice.predicted.indices.filter {
      let (s, t) = (place($0 % slice.side), place($0 / slice.side))
      return s >= 0 && t >= 0 && s + t <= 1
    }
    let other = inside.count { !own.contains(slice.predicted[$0]) }
    guard other > 0 else { return "Between \(Wording.list(names)) nothing else is read." }
    let share = Double(other) / Double(inside.count)
    return
      "Of the triangle between \(Wording.list(names)), \(Format.percent(share, decimals: share < 0.1 ? 1 : 0)) is "
      + "read as something else."
  }

  /// How often it is more than 90 % sure of the strangers most like what it knows, the last; `nil` without any.
  static func sureOfStrangers(_ facts: DoubtFacts) -> Double? {
    facts.strangers.last.flatMap { $0.count > 0 ? Double($0.sure) / Double($0.count) : nil }
  }

  /// How often it is sure of what it cannot know.
  static func strangers(_ facts: DoubtFacts) -> String {
    guard let share = sureOfStrangers(facts), let last = facts.strangers.last else {
      return "Images that belong to none of its classes."
    }
    let name = Wording.short(last.name, limit: 60)
    if share > 0.1, last.count >= fewest {
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
    // The mistakes that stand beside those drawn at random would say too little of all.
    let drawn = facts.points.count
    guard let share = DoubtFacts.neighborShare(facts.neighborhood, first: drawn) else {
      return "The test images, laid out by what the network makes of them."
    }
    return
      "\(Format.percent(share, decimals: 0)) of the images \(drawn < facts.neighborhood.count ? "drawn at random " : "")have "
      + "one of their own class beside them."
  }

  /// How much of the way between two images it needs to change its mind.
  static func path(_ facts: DoubtFacts) -> String {
    guard facts.pathShares.count > 1 else { return "Between two images." }
    let open = facts.pathShares.count { ($0.max() ?? 0) < 0.9 }
    let share = Double(open) / Double(facts.pathShares.count - 1)
    let words = open == 0 ? "<1%" : Format.percent(share, decimals: 0)
    return share < 0.25
      ? "The pictures change little by little; the answer flips within \(words) of the way."
      : "Between the two images it hesitates, for \(words) of the way."
  }
}
