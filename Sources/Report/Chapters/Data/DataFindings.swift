import Evaluation
import Figures
import Study

/// What the data show.
extension Findings {
  /// How evenly the classes are filled.
  static func balance(_ counts: [Int]) -> String {
    switch DataFacts.Balance(counts) {
    case .unknown: "The images of each class."
    case .equal(let count): "The classes are balanced: each has \(Format.count(count)) images."
    case .near(let ratio):
      "The classes are nearly balanced: the largest is \(Format.fixed(ratio, 2)) times the smallest."
    case .uneven(let ratio):
      "The classes are not balanced: the largest is \(Format.fixed(ratio, 1)) times the smallest."
    }
  }

  /// How many of the pixels, or of their numbers, are empty.
  static func pixels(_ histogram: [Int], values: String = "pixels") -> String {
    guard let share = DataFacts.blankShare(histogram) else { return "The values of the pixels." }
    guard share > 0.5 else { return "The values of the pixels, from 0 to 255." }
    return
      "\(Format.percent(share, decimals: 0)) of all \(values) are exactly 0."
  }

  /// Why some classes are harder than others.
  static func hardClasses(_ results: StudyResults, subject: Wording) -> String? {
    guard let (first, second) = results.data.likestClasses else { return nil }
    // Of two classes no pair is the most alike.
    let alike =
      "Classes can look alike, and some come in more forms than others."
      + (subject.classes.count > 2
        ? " By their mean training images “\(subject.className(first))” and “\(subject.className(second))” are the most alike."
        : "")
    guard let (worst, best) = results.quality.evaluation.recallExtremes else { return alike }
    let top = results.quality.evaluation.confusions.first.map {
      "; \(results.quality.evaluation.isTopShared ? "one of its most frequent mistakes" : "its most frequent mistake") is to read “\(subject.className($0.actual))” as "
        + "“\(subject.className($0.predicted))”"
    }
    return alike
      + " This network reads \(Format.percent(worst.recall, decimals: 1)) of “\(subject.className(worst.label))” right "
      + "and \(Format.percent(best.recall, decimals: 1)) of “\(subject.className(best.label))”"
      + (results.quality.evaluation.hardest == .none
        ? ", a difference that chance alone could make" : "")
      + "\(top ?? "")."
  }

  /// How two classes differ in numbers: the place where their mean images are furthest apart.
  static func tellingApart(_ data: DataFacts, _ first: Int, _ second: Int, subject: Wording)
    -> String?
  {
    guard let place = data.largestDifference(between: first, and: second) else { return nil }
    let channel =
      place.channel.map {
        subject.channels == 3
          ? " in \(["red", "green", "blue"][$0])," : " of channel \($0),"
      } ?? ""
    return
      "In numbers: the mean images differ most at row \(place.row), column \(place.column), counted from 0,\(channel) "
      + "where “\(subject.className(first))” has \(Format.fixed(Double(place.first), 2)) and "
      + "“\(subject.className(second))” \(Format.fixed(Double(place.second), 2)). One pixel is a poor rule, "
      + "because no two images sit or look quite alike. Training finds the weights from the examples, so "
      + "that nobody has to write the rule down."
  }
}
