import Drawing
import Figures
import Networks
import Questions
import Study

/// The networks that a picture passes.
struct HalvesChapter: GeneratorChapter {
  let context: GeneratorContext

  var outline: ChapterOutline? {
    let words = words
    let passes = figure.picturePath(results)
    return ChapterOutline(
      id: "network", title: words.title, question: words.question, goal: words.goal,
      paragraphs: words.paragraphs
        + [
          "All of it is \(Format.count(results.model.parameters)) numbers, which start out random: \(parts)."
        ], notes: words.notes,
      illustrations: [passes].compactMap { $0 } + [figure.costs(results.model)])
  }

  /// The networks with their texts.
  private var parts: String {
    Wording.list(
      results.parts.map { part in
        "the \(part.role.noun) is \(part.model.specification) (\(Format.count(part.model.parameters)) parameters)"
      })
  }

  private typealias Words = (
    title: String, question: String, goal: String, paragraphs: [String], notes: [(String, String)]
  )

  private var words: Words {
    let latents = Wording.counted(results.latents, "number")
    let pixels = Format.count(context.pixels)
    switch results.kind {
    case .vae:
      return (
        "Encoder and decoder",
        "How does \(subject.isDigits ? "a digit" : "an image") become \(latents), and \(latents) \(subject.isDigits ? "a digit" : "an image")?",
        "You will be able to say what an encoder, a latent and a decoder are, and why the latents are drawn at random in training.",
        [
          "The encoder turns the \(pixels) numbers of an image into a mean and a variance for each of \(Wording.counted(results.latents, "latent")): not one "
            + "place, but a cloud of places. The decoder turns any place into a picture. In training the place is drawn from the "
            + "cloud, so that places near one another have to give pictures that are alike.",
          "To draw something new the encoder is not needed: latents are drawn from the standard normal distribution, and the decoder "
            + "makes a picture of them.",
        ],
        [
          (
            "What a classifier has of this",
            "A classifier keeps of an image only what tells its class. An autoencoder has to keep what is needed to draw it again: "
              + "how it is written, or lit, as well."
          )
        ]
      )
    case .gan:
      return (
        "Generator and critic", "How does noise become a picture, without any picture to copy?",
        "You will be able to say what each of the two networks is shown, and what each wants.",
        [
          "The generator turns \(latents) drawn at random into a picture. It never sees a real one. The critic sees real and drawn "
            + "pictures and learns to tell which is which; the generator learns, by the critic’s gradient, what would have made its "
            + "pictures pass for real.",
          "The critic is needed for training alone. What is kept, and shown here, is the generator.",
        ],
        [
          (
            "What a classifier has of this",
            "The critic is a classifier of two classes, real and drawn. The gradient that reaches the generator is the one that "
              + "attacks on classifiers use: which pixels would change the answer."
          )
        ]
      )
    case .flow:
      return (
        "The velocity", "How does a network lead from noise to a picture?",
        "You will be able to say what a velocity is, and why a picture is drawn in many steps.",
        [
          "The network reads a picture between noise and \(subject.noun), how far the way is gone, and which class is wanted. It gives a number "
            + "for each of the \(pixels) pixels: in which direction, and how fast, that pixel should move now.",
          "Drawing begins with noise and takes small steps along the velocity. A step in the beginning decides roughly what it becomes, one "
            + "at the end sharpens it.",
        ],
        [
          (
            "Being told twice",
            "At every place it is asked with the class and without. What is followed goes beyond the difference of the two, which makes "
              + "pictures more typical of their class, and less varied: guidance."
          )
        ]
      )
    }
  }

  var questions: [Question] {
    switch results.kind {
    case .vae:
      [
        Question(
          "generator-why-variance",
          "Why does the encoder give a variance for each latent, and not just a number?",
          points: [
            "The place is drawn at random in training, so a cloud of places has to give the same picture.",
            "Without it places between those of training images could give anything.",
            "The divergence keeps the clouds near the standard normal distribution, from which new pictures are drawn.",
          ],
          answer:
            "With single places the decoder could learn one picture for each and nothing for what lies between. A cloud fills the space "
            + "between, and the divergence keeps all clouds where new latents will be drawn.")
      ]
    case .gan:
      [
        Question(
          "generator-never-sees",
          "The generator never sees a real image. How can it come to draw one?",
          points: [
            "The critic sees real ones and learns what tells them from drawn ones.",
            "The critic’s gradient at a drawn picture says how each pixel should change.",
            "That gradient goes on into the generator’s weights.",
          ],
          answer:
            "Through the critic’s gradient: it says for each pixel of a drawn picture which change would make it look more real, and the "
            + "generator’s weights are moved to make that change.")
      ]
    case .flow:
      [
        Question(
          "generator-why-steps",
          "At the very first step the velocity points from noise to a picture. Why not go there in one step?",
          points: [
            "From pure noise many pictures are possible, and the velocity is the mean over all of them.",
            "The mean of many pictures is a blur.",
            "After a small step fewer pictures are possible, and the next velocity is more decided.",
          ],
          answer:
            "Seen from the noise, every picture of the class is still possible, and the velocity is the mean of the ways to all of them: one "
            + "step ends in their blur. After a small step fewer remain.")
      ]
    }
  }
}

extension GeneratorPart.Role {
  /// What a person calls it.
  var noun: String {
    switch self {
    case .encoder: "encoder"
    case .decoder: "decoder"
    case .generator: "generator"
    case .critic: "critic"
    case .velocity: "network of the velocity"
    }
  }
}

extension ReportFigures {
  /// One picture on its way through the networks; `nil` if nothing of the inside was kept.
  func picturePath(_ results: GeneratorResults) -> Illustration? {
    let shown = results.parts.filter { !$0.activations.isEmpty }
    guard let last = shown.last else { return nil }
    let width = max(results.imageShape.last ?? 1, 1)
    let scale = max(1, 56 / width)
    let isRead = shown[0].role == .encoder
    func bold(_ words: String) -> StyledLine { StyledLine(words, .ink, weight: .semibold) }
    func numbers(_ values: [Float], _ caption: [StyledLine]) -> FlowDiagram.Stop {
      let plate = Plate(
        [Self.folded(values, columns: min(64, max(1, values.count)))],
        map: values.contains { $0 < 0 } ? .signed : .activation, policy: .activations)
      return FlowDiagram.Stop(caption: caption, pictures: plate.pictures, scale: 7)
    }
    let latents = results.latents
    let begin =
      isRead
      ? FlowDiagram.Stop(
        caption: [bold("image"), StyledLine("test image #\(results.data.example.index)", .ink3)],
        pictures: [results.data.example.pixels.picture], scale: scale)
      : FlowDiagram.Stop(
        caption: [bold("random numbers"), StyledLine("\(latents), normal", .ink3)])
    var parts: [FlowDiagram.Part] = [.stop(begin)]
    for part in shown {
      let (inner, rest) = Self.flowParts(part.model, part.activations, scale: scale)
      parts += inner
      let values = part.activations.last?.values.values ?? []
      if part.role == .encoder {
        parts.append(
          .stop(
            numbers(
              Array(values.prefix(latents)),
              [bold("means of the latents"), StyledLine("\(latents) numbers", .ink3)]
                + Self.counted(rest))))
      } else {
        guard let drawn = part.drawn else { continue }
        parts.append(
          .stop(
            FlowDiagram.Stop(
              caption: [bold("picture"), StyledLine(Self.shape(results.imageShape), .ink3)]
                + Self.counted(rest),
              pictures: [drawn.picture], scale: scale)))
      }
    }
    var illustration = Illustration(
      text(
        .picturePath,
        isRead
          ? "\(Format.count(results.imageShape.reduce(1, *))) numbers become \(Format.count(latents)), and \(Format.count(last.model.layers.last?.outputShape.reduce(1, *) ?? 0)) again."
          : "\(Format.count(latents)) random numbers become \(Format.count(results.imageShape.reduce(1, *))).",
        (isRead
          ? "Test image #\(results.data.example.index) on its way through encoder and decoder, from top to bottom; the decoder is given the means."
          : "The first drawn picture on its way, from top to bottom.")
          + " Orange numbers are above zero, blue ones below; each layer has its own scale, which ends at its 99.8th percentile "
          + "(param.: parameters).",
        alt: "One picture on its way through \(Wording.list(shown.map(\.role.noun)))"),
      FlowDiagram(parts))
    illustration.isForTablets = true
    illustration.table = Self.layers(results.model)
    return illustration
  }
}

extension FigureName {
  static let picturePath = FigureName("picture-path")
}
