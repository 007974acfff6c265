import Figures
import Study

/// Where it is unsure.
struct DoubtChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    let doubt = results.doubt
    let wrong = doubt.misreadCount
    return ChapterOutline(
      id: "doubt", title: "Where it is unsure",
      question: "What does the space between \(subject.nouns) look like?",
      goal: "You will be able to read a map of images, and say what it leaves out.",
      paragraphs: [
        "\(doubt.layer) turns each image into a list of numbers. Laid out by those numbers, images "
          + "that the network treats alike lie close together. "
          + (wrong == 0
            ? "None of the images on the map was misread."
            : "\(Format.count(wrong)) of the \(Format.count(doubt.neighborhood.count)) images on the map "
              + (wrong == 1
                ? "was misread: look whether it lies" : "were misread: look whether they lie")
              + " where groups touch, or deep inside the wrong one.")
      ],
      notes: [
        (
          "Do not over-read",
          "A map of neighbors keeps who stands beside whom, and nothing else. Two components are a shadow of the whole "
            + "layer: groups that overlap in it may be far apart in the layer itself."
        )
      ],
      illustrations: (doubt.neighborhood.isEmpty
        ? [] : [figure.neighborhood(doubt, quality: results.quality)])
        + (doubt.points.isEmpty ? [] : [figure.projections(doubt)])
        + (doubt.slice.map { [figure.slice($0)] } ?? [])
        + (doubt.path.isEmpty ? [] : [figure.path(doubt)])
        + (doubt.leastSure.isEmpty ? [] : [figure.leastSure(doubt)])
        + (doubt.strangers.isEmpty ? [] : [figure.strangerImages(doubt)]))
  }
}
