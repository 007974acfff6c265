import Figures
import Questions
import Study

extension RobustnessChapter {
  var questions: [Question] {
    let duel = results.robustness.duel
    return [
      Question(
        "noise",
        duel.map {
          "Accuracy under random noise is \(Format.percent($0.noise, decimals: 1)) at ε = "
            + "\(Format.fixed($0.epsilon, 2)). Is the network robust?"
        } ?? "Accuracy under random noise stays high. Is the network robust?",
        points: [
          "Noise does not tell: it averages out over the pixels.",
          "An attack lines all pixels up in the one direction that matters.",
          "Robustness is about the worst case, so it quotes the attack.",
        ],
        answer: duel.map {
          ($0.isTelling ? "No. " : "That does not tell. ")
            + "Random noise mostly averages out over \(Format.count(results.model.inputCount)) "
            + "inputs; an attack lines them all up in the one direction that matters, and leaves "
            + "\(Format.percent($0.attack, decimals: 1)). Robustness is about the worst case, so quote "
            + "the attack."
        }
          ?? "Not necessarily. Random noise averages out over the pixels; an attack lines them all "
          + "up in the one direction that matters. Robustness is about the worst case.")
    ]
  }
}
