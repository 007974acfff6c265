import Evaluation
import Figures
import Questions
import Study

extension DataChapter {
  var questions: [Question] {
    [numbers, floor, hard, apart].compactMap { $0 }
  }

  private var numbers: Question {
    let example = results.data.example
    let pixels = example.pixels
    let (channels, height, width) = pixels.dimensions
    let one =
      subject.isHandwritten
      ? "a handwritten \(subject.example(example.label))" : subject.anExample(example.label)
    return Question(
      CourseQuestion.imageNumbers.rawValue,
      "How many numbers is \(one) to the network?",
      .number(
        Question.Number(
          Double(pixels.values.count), near: 0.1 * Double(pixels.values.count),
          mistakes: [
            Question.Mistake(
              Double(height * width), "That is one channel, and an image has \(channels)."),
            Question.Mistake(Double(height), "That is one side of it."),
            Question.Mistake(Double(width), "That is one side of it."),
            Question.Mistake(256, "That is how many values a pixel can have."),
          ])),
      answer:
        "Test image #\(example.index) is \(Format.count(pixels.values.count)) numbers from 0 to 1: "
        + "\(pixels.zeros == 0 ? "none of them is 0" : pixels.zeros == 1 ? "one of them is 0" : "\(Format.count(pixels.zeros)) of them are 0"), the largest is "
        + "\(Format.significant(Double(pixels.largest), 2)), and their mean is "
        + "\(Format.significant(pixels.average, 2)). "
        + "Scaled by the mean and the standard deviation of all, that is what the network is told.")
  }

  private var floor: Question? {
    guard let most = evaluation.commonest else { return nil }
    let classes = results.model.classes.count
    return Question(
      "constant-answer",
      "A classifier that always answers “\(subject.className(most.label))” never looks at the image. How accurate is it on "
        + "this test set?",
      .number(
        Question.Number(
          100 * most.share, tolerance: 0.06, near: 0.5, unit: "%",
          mistakes: [
            Question.Mistake(
              100 / Double(classes),
              "It would be if all classes had as many test images. This one has \(Format.count(most.count)) of "
                + "\(Format.count(evaluation.count)).")
          ])),
      answer:
        "\(Format.percent(most.share, decimals: 1)), because \(Format.count(most.count)) of "
        + "\(Format.count(evaluation.count)) test images are of that class. That is the floor; "
        + "anything near it has learned nothing.")
  }

  private var hard: Question? {
    guard let answer = Findings.hardClasses(results, subject: subject) else { return nil }
    return Question(
      CourseQuestion.hardClasses.rawValue,
      "Why might some \(subject.isDigits ? "digits" : "classes") be harder than others?",
      points: [
        "Some classes come in more forms than others.",
        "Two classes can share most of their shape, so that little tells them apart.",
      ]
        + (results.quality.evaluation.errors > 0
          ? ["It names a class that this network reads badly, and what it takes it for."] : []),
      answer: answer)
  }

  private var apart: Question? {
    let names = subject.classes
    let pair =
      names.firstIndex(of: "0").flatMap { zero in names.firstIndex(of: "8").map { (zero, $0) } }
      ?? results.data.likestClasses
    guard let (first, second) = pair,
      let rule = Findings.tellingApart(results.data, first, second, subject: subject)
    else { return nil }
    return Question(
      CourseQuestion.tellingApart.rawValue,
      "How would you explain to a computer how to tell “\(subject.className(first))” from "
        + "“\(subject.className(second))”?",
      points: [
        "It says where to look, in numbers and not in words for shapes.",
        "It says what the pixels there are in the one and in the other.",
        "It asks what becomes of the rule when an image is shifted or turned.",
      ], answer: rule)
  }
}
