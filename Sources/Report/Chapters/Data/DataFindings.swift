import Evaluation
import Figures
import Study

/// What the data show.
extension Findings {
  /// How evenly the classes are filled.
  static func balance(_ counts: [Int]) -> String {
    guard let most = counts.max(), let least = counts.min(), least > 0 else {
      return "The images of each class."
    }
    let ratio = Double(most) / Double(least)
    if most == least { return "The classes are balanced: each has \(Format.count(most)) images." }
    if ratio <= 1.5 {
      return "The classes are nearly balanced: the largest is \(Format.fixed(ratio, 2)) times the "
        + "smallest."
    }
    return
      "The classes are not balanced: the largest is \(Format.fixed(ratio, 1)) times the smallest."
  }

  /// How many of the pixels are empty.
  static func pixels(_ histogram: [Int]) -> String {
    let total = histogram.reduce(0, +)
    guard total > 0, let zeros = histogram.first else { return "The values of the pixels." }
    let share = Double(zeros) / Double(total)
    guard share > 0.5 else { return "The values of the pixels, from 0 to 255." }
    return
      "\(Format.percent(share, decimals: 0)) of all pixels are exactly 0."
  }

  /// Why some classes are harder than others.
  static func hardClasses(_ results: StudyResults, subject: Wording) -> String? {
    guard let (first, second) = results.data.likestClasses else { return nil }
    let scores = results.quality.evaluation.perClass
    let recalls = scores.indices.compactMap { index in
      scores[index].recall.map { (index, $0) }
    }
    let alike =
      "Classes can look alike, and some come in more forms than others. By their mean training "
      + "images “\(subject.className(first))” and “\(subject.className(second))” are the most alike."
    guard let worst = recalls.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }),
      let best = recalls.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }), worst.1 < best.1
    else { return alike }
    let top = results.quality.evaluation.confusions.first.map {
      "; its most frequent mistake is to read “\(subject.className($0.actual))” as "
        + "“\(subject.className($0.predicted))”"
    }
    return alike
      + " This network reads \(Format.percent(worst.1, decimals: 1)) of “\(subject.className(worst.0))” right "
      + "and \(Format.percent(best.1, decimals: 1)) of “\(subject.className(best.0))”\(top ?? "")."
  }

  /// How two classes differ in numbers: the place where their mean images are furthest apart.
  static func tellingApart(_ data: DataFacts, _ first: Int, _ second: Int, subject: Wording)
    -> String?
  {
    let (one, other) = (data.meanImages[first], data.meanImages[second])
    guard one.shape.count == 3, one.shape == other.shape,
      let at = one.values.indices.max(by: {
        (abs(one.values[$0] - other.values[$0]), $1) < (abs(one.values[$1] - other.values[$1]), $0)
      })
    else { return nil }
    let (height, width) = (one.shape[1], one.shape[2])
    let channel = one.shape[0] > 1 ? " of channel \(at / (height * width) + 1)" : ""
    return
      "In numbers: the mean images differ most at row \(at / width % height + 1), column \(at % width + 1)\(channel), "
      + "where “\(subject.className(first))” has \(Format.fixed(Double(one.values[at]), 2)) and "
      + "“\(subject.className(second))” \(Format.fixed(Double(other.values[at]), 2)). One pixel is a poor rule, "
      + "because no two images sit or look quite alike. Training finds a weight for every pixel from the examples, so "
      + "that nobody has to write the rule down."
  }
}
