import Evaluation
import Experiments
import Figures
import Questions
import Study

extension NetworkChapter {
  var questions: [Question] {
    let layers = results.model.layers
    return [parameters, random, straight]
      + (layers.contains { $0.role == .pooling } ? [Self.pooling] : [])
      + (layers.contains { $0.role == .sum } ? [Self.residual] : [])
  }

  /// Layers whose parameters are reckoned up one by one.
  private static let reckonedLayers = 8

  private var parameters: Question {
    let model = results.model
    let reckoned = model.largestLayers(Self.reckonedLayers)
    let sums = reckoned.map { layer in
      let (outputs, each) = (layer.outputShape.first ?? 1, layer.parametersPerOutput)
      return layer.role == .normalization
        ? "\(layer.name) a factor and a shift for each of \(Format.count(outputs)) channels, "
          + Format.count(layer.parameters)
        : layer.hasBias
          ? "\(layer.name) \(Format.count(outputs)) × (\(Format.count(each - 1)) + 1) = "
            + Format.count(layer.parameters)
          : "\(layer.name) \(Format.count(outputs)) × \(Format.count(each)) = "
            + Format.count(layer.parameters)
    }
    let learned = model.learnedLayers
    let biases = learned.reduce(0) { $0 + ($1.hasBias ? $1.outputShape.first ?? 0 : 0) }
    return Question(
      CourseQuestion.parameters.rawValue, "How many parameters does it have, and where are they?",
      .number(
        Question.Number(
          Double(model.parameters),
          mistakes: [
            Question.Mistake(
              Double(model.parameters - biases),
              "That is without the biases: each output has one more number."),
            Question.Mistake(
              Double(model.multiplications), "That is how many multiplications an image takes."),
          ]
            + learned.map {
              Question.Mistake(Double($0.parameters), "That is \($0.name) alone.")
            })),
      answer:
        "\(Format.count(model.parameters)). Each output has its weights and one bias: \(Wording.list(sums))."
        + (reckoned.count < learned.count
          ? " These are the largest of \(Format.count(learned.count)) layers; the table has all."
          : ""))
  }

  private var random: Question {
    let untrained = results.untrained
    let isOwn = results.model.startsAtRandom
    return Question(
      CourseQuestion.randomPredictions.rawValue,
      isOwn
        ? "Why were its first predictions random?"
        : "Why are the predictions of an untrained network random?",
      points: [
        "\(isOwn ? "The weights were" : "Its weights are") drawn at random, so the scores \(isOwn ? "meant" : "mean") nothing.",
        "It says how often guessing among \(Format.count(results.model.classes.count)) classes is right.",
        "Only training ties the scores to the classes.",
      ],
      answer: (isOwn
        ? "The weights were drawn at random, so the scores meant nothing: "
        : "Its weights are drawn at random, so the scores mean nothing. A network built like this one then reads ")
        + "\(Format.percent(untrained.accuracy, decimals: 1)) of \(Format.count(untrained.count)) test images "
        + "\(isOwn ? "were " : "")right, where guessing would give \(Format.percent(untrained.chance, decimals: 1))."
    )
  }

  private var straight: Question {
    let experiments = results.experiments
    let tried = experiments?.withoutActivations.map { run in
      let beside = (experiments?.best).map {
        ", where the same network with ReLU reaches \(Format.percent($0.accuracy))"
      }
      return
        " Tried here: \(run.specification) reaches \(Format.percent(run.accuracy)) of the test images"
        + "\(beside ?? "")."
    }
    let hasPools = results.model.layers.contains { $0.role == .pooling }
    return Question(
      CourseQuestion.noActivations.rawValue,
      "What would happen without the activation functions?",
      points: [
        "Layers of sums in a row are one such layer.",
        "All of it could then say no more than one weight for each pixel and class.",
        "More layers or units would bring nothing.",
      ],
      answer:
        "Layers that only multiply and add are, in a row, one such layer: all the numbers together could say no more "
        + "than one weight for every pixel and class\(hasPools ? ", but for pooling that keeps the largest" : "")."
        + (tried ?? ""))
  }

  private static let pooling = Question(
    "pooling", "Why does pooling need no parameters?",
    points: [
      "It only keeps the largest, or the mean, of each block: there is nothing to learn.",
      "It gives up the exact position for a smaller map.",
      "So a shift by a pixel looks much the same behind it.",
    ],
    answer:
      "It only keeps the largest, or the mean, of each block of a map, or of all of it. There is nothing to "
      + "learn; it trades exact position for fewer numbers, so that an image shifted by a pixel "
      + "looks much the same behind it.")

  private static let residual = Question(
    "residual", "Why is what a branch makes of its input added to that input?",
    points: [
      "The branch only has to learn what should change.",
      "A block whose branch makes nothing does no harm.",
      "The gradient finds a way back around the block.",
    ],
    answer:
      "Then the branch only has to learn what should change: where it makes nothing, the input goes on as it is, or as the "
      + "layers of the shortcut make it, so that one more block need not make the network worse. And the gradient finds a way "
      + "back around every block, where through many layers in a row it would fade.")
}
