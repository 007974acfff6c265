import Figures
import Study

/// What it learned to look for.
struct FeaturesChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    let features = results.features
    let shape = features.weights.shape
    let size = shape.count == 4 ? "\(shape[2]) × \(shape[3])" : ""
    let isDeep = results.model.learnedLayers.count > 1
    return ChapterOutline(
      id: "features", title: "What it learned",
      question: features.areTemplates
        ? "What does each unit look for?" : "What does each filter look for?",
      goal:
        "You will be able to read weights as pictures, and say what \(features.areTemplates ? "a unit answers to" : "an activation map shows").",
      paragraphs: [
        "Weights can be looked at directly in the first layer, because they act on pixels. "
          + (features.areTemplates
            ? "A unit of \(features.layer) has one weight for every pixel: a template as large as "
              + "the image."
            : "A filter of \(features.layer) has \(size) weights for each channel of the image.")
          + (isDeep
            ? " Deeper layers act on other layers, so we ask indirectly: what do they say to one "
              + "image, which images do they answer to most, and what would they like to see?" : "")
      ],
      notes: [
        (
          "Color of weights",
          "\(subject.weightColors(isColor: subject.channels == 3)). "
            + "All share one scale, so a faint one really is weak."
        )
      ],
      illustrations: (shape.count == 4 ? [figure.weights(features)] : [])
        + (features.activations.isEmpty
          ? []
          : [
            figure.activations(
              features.activations, of: results.data.example, in: results.model)
          ])
        + (features.channels.map { $0.channels.isEmpty ? [] : [figure.patches($0)] } ?? [])
        + (features.ideals.isEmpty ? [] : [figure.ideals(features, results.data)])
        + (results.timeLapse.map(overTime) ?? []))
  }

  private func overTime(_ facts: TimeLapseFacts) -> [Illustration] {
    let hasWeights = facts.weights.allSatisfy { $0.shape.count == 4 }
    return (hasWeights ? [figure.weightsOverTime(facts, features: results.features)] : [])
      + (facts.maps.isEmpty ? [] : [figure.mapsOverTime(facts, example: results.data.example)])
  }
}
