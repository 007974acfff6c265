import Networks
import Study

/// Where the network's numbers and its work are.
extension Findings {
  /// Where the parameters are, and where the work is.
  static func arithmetic(_ layers: [ModelFacts.Layer]) -> String {
    let parameters = layers.reduce(0) { $0 + $1.parameters }
    let work = layers.reduce(0) { $0 + $1.multiplications }
    guard let largest = layers.max(by: { $0.parameters < $1.parameters }),
      let busiest = layers.max(by: { $0.multiplications < $1.multiplications }),
      parameters > 0, work > 0
    else { return "Parameters and multiplications of each layer." }
    let alike = (
      layers.filter { $0.parameters == largest.parameters }.count,
      layers.filter { $0.multiplications == busiest.multiplications }.count
    )
    if alike.0 > 1 || alike.1 > 1 {
      let held = percent(alike.0 * largest.parameters, of: parameters)
      let done = percent(alike.1 * busiest.multiplications, of: work)
      return
        "\(Wording.counted(alike.0, "layer")) of \(layers.count) \(alike.0 == 1 ? "holds" : "hold") \(held) of the "
        + "parameters, and \(alike.1) \(alike.1 == 1 ? "does" : "do") \(done) of the arithmetic."
    }
    let held = percent(largest.parameters, of: parameters)
    let done = percent(busiest.multiplications, of: work)
    if largest.name == busiest.name {
      return "\(largest.name) holds \(held) of the parameters and does \(done) of the arithmetic."
    }
    return "\(held) of the parameters sit in \(largest.name), but \(done) of the arithmetic is in "
      + "\(busiest.name)."
  }

  /// What training did to the answer.
  static func opinion(_ facts: UntrainedComparison) -> String {
    let classes = Float(max(facts.untrained.count, 1))
    let isBlank = (facts.untrained.max() ?? 1) < 1.5 / classes
    let isSure = (facts.trained.max() ?? 0) > 0.9
    if isBlank, isSure { return "With random weights it has no opinion. Trained, it has one." }
    if isSure { return "With random weights the answer is an accident. Trained, it is meant." }
    return "The same image, with random weights and with trained ones."
  }
}
