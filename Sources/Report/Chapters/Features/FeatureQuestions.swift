import Figures
import Questions
import Study

extension FeaturesChapter {
  var questions: [Question] {
    [results.model.learnedLayers.count > 1 ? deeper : nil, filters].compactMap { $0 }
  }

  private var deeper: Question {
    let features = results.features
    // Any number that the layer has.
    let some = max(0, min(17, features.units - 1))
    return Question(
      "deeper-weights", "Why not simply draw the weights of a deeper layer, as for the first?",
      points: [
        "They act on what another layer says, not on pixels.",
        "They mean nothing to the eye until one knows what that layer’s units detect.",
      ],
      answer: features.areTemplates
        ? "Each weight of the next layer belongs to one of \(Format.count(features.units)) "
          + "units, not to a place in the image. “More of unit \(some)” means nothing to the eye "
          + "until you know what unit \(some) detects."
        : "Each filter of a second convolution has \(Format.count(features.units)) slices, one "
          + "for each channel of \(features.layer). A weight there says “more of channel \(some) "
          + "here”, which means nothing to the eye until you know what channel \(some) detects.")
  }

  private var filters: Question? {
    let features = results.features
    guard let kinds = features.filterKinds,
      let answer = Findings.firstFilters(features, subject: subject)
    else { return nil }
    let counts = [kinds.edges, kinds.even, kinds.others]
    let most = counts.max() ?? 0
    return Question(
      CourseQuestion.firstFilters.rawValue,
      "What do the filters of \(features.layer) detect most often?",
      .choice(
        Question.Choice(
          [
            "edges",
            subject.isInk ? "ink itself, or its absence" : "brightness itself, or its absence",
            "neither of these",
          ], right: counts.indices.filter { counts[$0] == most },
          reply:
            "Count in the pictures: one half against the other is an edge, all of one sign is not."
        )),
      answer: answer)
  }
}
