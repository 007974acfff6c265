import Figures
import Study

/// Where the network's numbers and its work are.
extension Findings {
  /// Where the parameters are, and where the work is.
  static func arithmetic(_ layers: [ModelFacts.Layer]) -> String {
    guard let largest = ModelFacts.largest(\.parameters, of: layers),
      let busiest = ModelFacts.largest(\.multiplications, of: layers)
    else { return "Parameters and multiplications of each layer." }
    let (held, done) = (
      Format.percent(largest.share, decimals: 0), Format.percent(busiest.share, decimals: 0)
    )
    if largest.alike > 1 || busiest.alike > 1 {
      return
        "\(Wording.counted(largest.alike, "layer")) of \(layers.count) \(largest.alike == 1 ? "holds" : "hold") \(held) of the "
        + "parameters, and \(busiest.alike) \(busiest.alike == 1 ? "does" : "do") \(done) of the arithmetic."
    }
    if largest.layer == busiest.layer {
      return "\(largest.layer) holds \(held) of the parameters and does \(done) of the arithmetic."
    }
    return "\(held) of the parameters sit in \(largest.layer), but \(done) of the arithmetic is in "
      + "\(busiest.layer)."
  }

  /// What training did to the answer.
  static func opinion(_ facts: UntrainedComparison) -> String {
    if facts.isBlank, facts.isSure {
      return "With random weights it has no opinion. Trained, it has one."
    }
    if facts.isSure {
      return "With random weights the answer is an accident. Trained, it is meant."
    }
    return "The same image, with random weights and with trained ones."
  }
}
