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
          + (model.startsAtRandom
            ? "Before training it was right on "
            : "With random numbers such a network is right on ")
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
      ] + absence,
      illustrations: [figure.pass(results)]
        + (results.worked.map { [figure.worked($0, of: results.data.example)] } ?? [])
        + [
          figure.costs(model),
          figure.opinions(
            results.untrained, example: results.data.example, accuracy: evaluation.accuracy),
        ])
  }

  /// Why the page has no network to try, if it is too large for one.
  private var absence: [(String, String)] {
    guard case .large(let bytes) = results.liveAbsence else { return [] }
    return [
      (
        "Why is it not here to try?",
        "Reports hold networks of up to \(PackedNetwork.mostBytes / 1_000_000) MB, which a page can run while you draw. This one would take "
          + "\(Format.count(bytes / 1_000_000)) MB, and \(Format.count(results.model.multiplications)) multiplications for an answer. "
          + "inkling predict reads your own pictures with it."
      )
    ]
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
}
