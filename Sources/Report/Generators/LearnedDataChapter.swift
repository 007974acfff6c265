import Figures
import Networks
import Questions
import Study

/// What the generator learned from.
struct LearnedDataChapter: GeneratorChapter {
  let context: GeneratorContext

  var outline: ChapterOutline? {
    let data = results.data
    return ChapterOutline(
      id: "data", title: "The data", question: "What did it have to learn from?",
      goal:
        "You will be able to say what a generator is shown, and what it is not told.",
      paragraphs: [
        DataChapter.summary(data, shape: results.imageShape, subject: subject),
        labels,
      ] + (subject.isDrawn ? [DataChapter.drawnWords] : []), notes: notes,
      illustrations: [figure.samples(data), figure.histogram(data)])
  }

  /// What it is told of the classes.
  private var labels: String {
    results.kind == .flow
      ? "It is told the class of each image, and learns to draw the class that is asked for. Now and then the class was kept "
        + "from it, so that it can draw without one too."
      : "It never saw a label: that there are \(Wording.counted(results.model.classes.count, "class")) it had to find out itself, as far "
        + "as that helped. The classes are told here for the reader."
  }

  private var notes: [(String, String)] {
    let blank = DataFacts.blankShare(results.data.histogram) ?? 0
    guard results.kind == .vae else { return [] }
    return [
      (
        "A pixel as a probability",
        "This decoder gives for each pixel a probability of \(subject.isInk ? "ink" : "light"), and is judged by the cross-entropy with the pixel’s "
          + "value between 0 and 1."
          + (blank > 0.5 ? " That fits pixels which, as here, are mostly 0 or nearly 1." : "")
      )
    ]
  }

  var questions: [Question] {
    let shape = results.imageShape
    return [
      Question(
        "generator-picture-numbers",
        "How many numbers does it have to get right to draw one \(subject.noun)?",
        .number(
          Question.Number(
            Double(context.pixels), near: 0.1 * Double(context.pixels),
            mistakes: [
              Question.Mistake(
                Double(results.model.classes.count), "That is how many classes there are."),
              Question.Mistake(Double(shape.last ?? 0), "That is one side of it."),
            ])),
        answer:
          "\(Format.count(context.pixels)): one for each pixel\(shape[0] > 1 ? " of each channel" : ""). A classifier gives \(results.model.classes.count) "
          + "numbers for as many; drawing is the harder way round.")
    ]
  }
}
