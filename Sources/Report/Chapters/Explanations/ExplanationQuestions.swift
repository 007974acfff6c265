import Attribution
import Figures
import Questions
import Study

extension ExplanationsChapter {
  var questions: [Question] {
    let facts = results.explanations
    let similar = zip(facts.methods, facts.similarityToUntrained).map {
      "\(Findings.words($0.name)) \(Format.fixed($1.mean, 2))"
    }
    return [
      Question(
        "convincing-map",
        "A map looks convincing on every \(subject.noun) you try. What is the cheapest test before "
          + "you believe it?",
        points: [
          "Make the map again for a network with random weights.",
          "If it looks the same, it shows the input and not what was learned.",
        ],
        answer:
          "Make it again with random weights. If it still looks convincing, you are looking at the "
          + "input and not at what the network learned."
          + (similar.isEmpty
            ? ""
            : " Here the maps resemble those of a random network with a rank correlation of "
              + "\(Wording.list(similar))."))
    ]
  }
}
