import Evaluation
import Experiments
import Figures
import Networks
import Study

/// What happens between pixels and answer.
struct NetworkChapter: Chapter {
  let context: ReportContext

  var outline: ChapterOutline? {
    let model = results.model
    let roles = Set(model.layers.map(\.role))
    let counted: [ModelFacts.Role] = [.convolution, .pooling, .normalization, .linear]
    let nouns = counted.flatMap { role in model.layers.filter { $0.role == role } }.map(\.noun)
    let parts = nouns.indices.filter { nouns.firstIndex(of: nouns[$0]) == $0 }.map { first in
      Wording.counted(nouns.count { $0 == nouns[first] }, nouns[first])
    }
    return ChapterOutline(
      id: "network", title: "The network", question: "What happens between pixels and answer?",
      goal:
        "You will be able to follow one image through every layer and say where the parameters "
        + "are.",
      paragraphs: [
        "This network turns an image into \(Wording.counted(model.classes.count, "score")) by "
          + "\(Wording.list(parts)). "
          + (roles.contains(.convolution)
            ? "A convolution slides small stencils, the filters, over the image and uses the same "
              + "few weights everywhere; " : "")
          + "\(roles.contains(.convolution) ? "a" : "A") linear layer gives every input of every unit a "
          + "weight of its own. "
          + activationWords
          + branchWords
          + "Softmax turns the last scores into probabilities.",
        "All of it is \(Format.count(model.parameters)) numbers, which start out random. "
          + (model.run == nil
            ? "With random numbers such a network is right on "
            : "Before training it was right on ")
          + "\(Format.percent(results.untrained.accuracy, decimals: 1)) of \(Format.count(results.untrained.count)) "
          + "test images; now "
          + "it is right on \(Format.percent(evaluation.accuracy)).",
      ],
      notes: [
        (
          "Weights and biases",
          "A unit multiplies each input by a weight, adds them up, and adds its bias. Training "
            + "changes weights and biases and nothing else."
        )
      ],
      illustrations: [figure.pass(results)]
        + (results.worked.map { [figure.worked($0, of: results.data.example)] } ?? [])
        + [
          figure.costs(model),
          figure.opinions(
            results.untrained, example: results.data.example, accuracy: evaluation.accuracy),
        ],
      checkpoints: networkCheckpoints())
  }

  /// What stands between the weighted layers; empty for nothing.
  private var activationWords: String {
    let layers = results.model.layers
    if layers.contains(where: { $0.role == .rectifier }) {
      return "Between them, ReLU keeps what is positive and drops the rest. "
    }
    return layers.first { $0.role == .activation }.map {
      "Between them, \($0.type) bends every number: without it, layers in a row could say no more than one. "
    } ?? ""
  }

  /// How branches part and meet; empty for layers in a row.
  private var branchWords: String {
    let model = results.model
    let meetings = [
      (model.count(of: .sum), "added"),
      (model.count(of: .concatenation), "laid one behind the other"),
      (model.count(of: .mixture), "turned into probabilities and averaged"),
    ].filter { $0.0 > 0 }.map { "\($1) in \(Wording.counted($0, "place"))" }
    return meetings.isEmpty
      ? ""
      : "Not all layers stand in a row: some branch off, and the numbers of the branches are \(Wording.list(meetings)). "
  }

  /// Layers whose parameters are reckoned up one by one.
  private static let reckonedLayers = 8

  private func networkCheckpoints() -> [(String, String)] {
    let model = results.model
    let hasPools = model.layers.contains { $0.role == .pooling }
    let learned = model.learnedLayers
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
    let untrained = results.untrained
    let random = (
      "Why were its first predictions random?",
      "The weights were drawn at random, so the scores meant nothing: "
        + "\(Format.percent(untrained.accuracy, decimals: 1)) of \(Format.count(untrained.count)) test images "
        + "were right, where guessing would give "
        + "\(Format.percent(untrained.chance, decimals: 1))."
    )
    let straight = results.experiments?.withoutActivations.map { run in
      let best = results.experiments?.best
      let beside = best.map {
        ", where the same network with ReLU reaches \(Format.percent($0.accuracy))"
      }
      return
        " Tried here: \(run.specification) reaches \(Format.percent(run.accuracy)) of the test images"
        + "\(beside ?? "")."
    }
    let linear = (
      "What would happen without the activation functions?",
      "Layers that only multiply and add are, in a row, one such layer: all the numbers together could say no more "
        + "than one weight for every pixel and class\(hasPools ? ", but for what the pooling chooses" : "")."
        + (straight ?? "")
    )
    let pooling = (
      "Why does pooling need no parameters?",
      "It only keeps the largest, or the mean, of each block of pixels. There is nothing to "
        + "learn; it trades exact position for a smaller map, so that an image shifted by a pixel "
        + "looks much the same to the layers behind it."
    )
    let residual = (
      "Why is what a branch makes of its input added to that input?",
      "Then the branch only has to learn what should change: with small weights it hands its input on nearly as it is, so "
        + "that a deep network starts out about as good as a shallow one. And the gradient finds a way back around "
        + "every block, where through many layers in a row it would fade."
    )
    return [
      (
        "How many parameters does it have, and where are they?",
        "\(Format.count(model.parameters)). Each output has its weights and one bias: \(Wording.list(sums))."
          + (reckoned.count < learned.count
            ? " These are the largest of \(Format.count(learned.count)) layers; the table has all."
            : "")
      ), random, linear,
    ] + (hasPools ? [pooling] : []) + (model.layers.contains { $0.role == .sum } ? [residual] : [])
  }
}
