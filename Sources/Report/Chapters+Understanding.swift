import Attribution
import Evaluation
import Figures
import Study

extension PageBuilder {
  // MARK: What it learned

  func featuresChapter() -> ChapterOutline {
    let features = results.features
    let shape = features.weights.shape
    let size = shape.count == 4 ? "\(shape[2]) × \(shape[3])" : ""
    let isDeep = results.model.layers.count { $0.parameters > 0 } > 1
    return ChapterOutline(
      id: "features", title: "What it learned",
      question: features.areTemplates
        ? "What does each unit look for?" : "What does each filter look for?",
      goal: "You will be able to read weights as pictures, and say what an activation map shows.",
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
        + (results.timeLapse.map(overTime) ?? []),
      checkpoints: (isDeep ? [deeperCheckpoint(features)] : [])
        + (Findings.firstFilters(features, subject: subject).map {
          [("What do the filters of \(features.layer) detect?", $0)]
        } ?? []))
  }

  private func deeperCheckpoint(_ features: FeatureFacts) -> (String, String) {
    // Any number that the layer has.
    let some = max(0, min(17, features.units - 1))
    return (
      "Why not simply draw the weights of a deeper layer, as for the first?",
      features.areTemplates
        ? "Each weight of the next layer belongs to one of \(Format.count(features.units)) "
          + "units, not to a place in the image. “More of unit \(some)” means nothing to the eye "
          + "until you know what unit \(some) detects."
        : "Each filter of a second convolution has \(Format.count(features.units)) slices, one "
          + "for each channel of \(features.layer). A weight there says “more of channel \(some) "
          + "here”, which means nothing to the eye until you know what channel \(some) detects."
    )
  }

  private func overTime(_ facts: TimeLapseFacts) -> [Illustration] {
    let hasWeights = facts.weights.allSatisfy { $0.shape.count == 4 }
    return (hasWeights ? [figure.weightsOverTime(facts, features: results.features)] : [])
      + (facts.maps.isEmpty ? [] : [figure.mapsOverTime(facts, example: results.data.example)])
  }

  // MARK: Why this answer?

  func explanationsChapter() -> ChapterOutline {
    let facts = results.explanations
    let names = facts.methods.map { Findings.words($0.name) }
    let similar = zip(names, facts.similarityToUntrained).map {
      "\($0) \(Format.fixed($1.mean, 2))"
    }
    return ChapterOutline(
      id: "explanations", title: "Why this answer?", question: "Which pixels made it say that?",
      goal: "You will be able to compare attribution methods, and say when to distrust them.",
      paragraphs: [
        "Attribution maps color the pixels that pushed the score of the answer up (orange) or down "
          + "(blue). Methods rarely agree, so two tests stand beside them: does blanking the pixels that a map "
          + "points at change the answer, and does the map change when the network’s weights are random?"
      ],
      notes: [
        (
          "Caution", "A map is a hypothesis about the network; it is never a proof."
        ),
        (
          "Completeness",
          "Integrated gradients share the whole change of the score, from a blank image to this "
            + "one, among the pixels. The sum missed it by "
            + "\(Format.significant(facts.convergenceDelta, 2)) logits on average."
        ),
      ],
      illustrations: (facts.rows.isEmpty ? [] : [figure.saliency(facts)])
        + [figure.deletion(facts)].compactMap { $0 }
        + (facts.methods.isEmpty ? [] : [figure.similarity(facts)])
        + (facts.cards.isEmpty ? [] : [figure.cards(facts)]),
      checkpoints: [
        (
          "A map looks convincing on every \(subject.noun) you try. What is the cheapest test before "
            + "you believe it?",
          "Make it again with random weights. If it still looks convincing, you are looking at the "
            + "input and not at what the network learned."
            + (similar.isEmpty
              ? ""
              : " Here the maps resemble those of a random network with a rank correlation of "
                + "\(Subject.list(similar)).")
        )
      ])
  }

  // MARK: Where it is unsure

  func doubtChapter() -> ChapterOutline {
    let doubt = results.doubt
    let wrong = doubt.neighborhood.count { $0.label != $0.predicted }
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
        + (doubt.strangers.isEmpty ? [] : [figure.strangerImages(doubt)]),
      checkpoints: [
        (
          "Shown something that belongs to none of its \(Format.count(results.model.classes.count)) "
            + "classes, this network still names one\(isSureOfStrangers ? ", often with confidence" : ""). Why?",
          "Softmax compares \(Format.count(results.model.classes.count)) scores with each other and "
            + "never asks whether any is good: one of them always wins"
            + (isSureOfStrangers
              ? ". Far from the training images the scores grow, and the largest can win by a wide margin."
              : ", if often by little, as here.")
        )
      ])
  }

  private var isSureOfStrangers: Bool {
    (Findings.sureOfStrangers(results.doubt) ?? 0) > 0.1
  }

  // MARK: How to fool it

  func robustnessChapter() -> ChapterOutline {
    let facts = results.robustness
    let duel = Findings.duel(facts)
    let noise = duel.map {
      "Accuracy under random noise is \(Format.percent($0.noise, decimals: 1)) at ε = "
        + "\(Format.fixed($0.epsilon, 2)). Is the network robust?"
    }
    let answer = duel.map {
      ($0.isApart && $0.noise - $0.attack > 0.05 ? "No. " : "That does not tell. ")
        + "Random noise mostly averages out over \(Format.count(results.model.inputShape.reduce(1, *))) "
        + "inputs; an attack lines them all up in the one direction that matters, and leaves "
        + "\(Format.percent($0.attack, decimals: 1)). Robustness is about the worst case, so quote "
        + "the attack."
    }
    return ChapterOutline(
      id: "robustness", title: "How to fool it",
      question: "How little must change before the answer does?",
      goal:
        "You will be able to say what an adversarial example is, and how robustness is measured.",
      paragraphs: [
        "Following the gradient of the loss uphill finds the small change that hurts most. No "
          + "pixel changes by more than ε, where \(subject.scale)."
          + (duel.map {
            " At ε = \(Format.fixed($0.epsilon, 2)), \(Format.percent($0.attack, decimals: 1)) of "
              + "the images are still read correctly."
          } ?? "")
      ],
      notes: [
        (
          "Two attacks",
          "FGSM takes one step along the sign of the gradient. PGD takes many small ones and is "
            + "the fairer test. Surviving FGSM alone says little."
        )
      ],
      illustrations: (facts.examples.isEmpty ? [] : [figure.adversarial(facts)])
        + (facts.curves.isEmpty ? [] : [figure.curves(facts)])
        + (facts.smallest.isEmpty ? [] : [figure.smallest(facts)]),
      nudge: results.live,
      checkpoints: [
        (
          noise ?? "Accuracy under random noise stays high. Is the network robust?",
          answer
            ?? "Not necessarily. Random noise averages out over the pixels; an attack lines them all "
            + "up in the one direction that matters. Robustness is about the worst case."
        )
      ])
  }
}
