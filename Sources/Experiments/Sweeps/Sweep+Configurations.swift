import Datasets
import Foundation
import Networks
import Randomness
package import Training

extension Sweep {
  /// Fields that are the same in every trial: the images, and what the sweep itself decides.
  private static let fixed: Set = [
    "dataset", "drawn-count", "image-size", "split-scheme", "validation", "seed", "epochs",
  ]
  /// The placeholder that stands for the number of classes.
  private static let classesWord = "classes"

  /// Every configuration with its trials, none twice.
  ///
  /// - Parameter classes: how many classes the images have.
  /// - Returns: the configurations, in the order of the parameters' values or of the draws.
  /// - Throws: `SweepError` if the sweep says what cannot be, `RunConfigurationError` for a value that no run can have.
  package func configurations(classes: Int) throws -> [SweepConfiguration] {
    try check()
    var known: Set<String> = []
    let shared = try shared
    let fields = Set(base.fields.map(\.name))
    return try choices().compactMap { values in
      let run = try run(values, over: shared, fields, classes: classes)
      let trials = (0..<seeds).map { seed in
        var own = run
        own.seed = base.seed &+ UInt64(seed)
        return Trial(own)
      }
      // A field that decides nothing beside another, such as momentum beside Adam, makes no new configuration.
      guard let first = trials.first, known.insert(first.id).inserted else { return nil }
      return SweepConfiguration(values: values, trials: trials)
    }
  }

  /// The run that leaves all that is varied as it usually is, trained as long: what somebody has who did not search.
  ///
  /// - Parameter classes: how many classes the images have.
  /// - Returns: the run, with the sweep's own seed.
  /// - Throws: `RunConfigurationError`.
  package func usual(classes: Int) throws -> RunConfiguration {
    var shared = try shared
    for parameter in parameters { shared[parameter.name.replacing("-", with: "_")] = nil }
    if !placeholders.subtracting([Self.classesWord]).isEmpty { shared["model"] = nil }
    return try run([], over: shared, [], classes: classes)
  }

  /// What all configurations have, as a run's file has it.
  private var shared: [String: Any] {
    get throws {
      try JSONSerialization.jsonObject(with: Data(base.json.utf8)) as? [String: Any] ?? [:]
    }
  }

  /// Checks all that can be said without images.
  ///
  /// - Throws: `SweepError` with the first mistake.
  package func check() throws(SweepError) {
    guard (1...1000).contains(seeds) else { throw SweepError("seeds must be from 1 to 1,000") }
    guard trials.map({ $0 > 0 }) ?? true else { throw SweepError("trials must be at least 1") }
    guard base.validation > 0 else {
      throw SweepError("a sweep chooses by validation images: validation must be above 0")
    }
    guard seeds == 1 || base.splitScheme == .standard else {
      throw SweepError(
        "with the split scheme course each seed has other test images, which another would be chosen by: seeds must be 1"
      )
    }
    for parameter in parameters { try parameter.check() }
    let doubled = Dictionary(grouping: parameters, by: \.name).filter { $0.value.count > 1 }
    if let name = doubled.keys.min() { throw SweepError("\(name) is given twice") }
    let fields = Set(base.fields.map(\.name))
    let placeholders = placeholders
    for parameter in parameters where !placeholders.contains(parameter.name) {
      guard fields.contains(parameter.name) else {
        throw SweepError(
          "there is no “\(parameter.name)” to vary: it is no option of a run, and the network's text has no"
            + " {\(parameter.name)}")
      }
      guard !Self.fixed.contains(parameter.name) else {
        throw SweepError("\(parameter.name) is the same in all trials of a sweep")
      }
    }
    let names = Set(parameters.map(\.name)).union([Self.classesWord])
    if let other = placeholders.subtracting(names).min() {
      throw SweepError("{\(other)} stands in the network's text, but “\(other)” is no parameter")
    }
    guard trials == nil || strategy != .grid else {
      throw SweepError("trials go with the strategies random and halving; a grid has every one")
    }
    let most = Self.mostTrials / seeds
    if let trials, trials > most {
      throw SweepError("these are more than \(Self.mostTrials) trials")
    }
    if trials == nil {
      guard strategy != .random else {
        throw SweepError("the strategy random needs the number of trials to draw")
      }
      for parameter in parameters {
        guard case .range = parameter.domain else { continue }
        throw SweepError(
          "\(parameter.name) is a range, of which there is no every value: give a list, or trials to draw"
        )
      }
      var count = 1
      for case .list(let values) in parameters.map(\.domain) {
        let (product, isOver) = count.multipliedReportingOverflow(by: values.count)
        guard !isOver, product <= most else {
          throw SweepError("these are more than \(Self.mostTrials) trials")
        }
        count = product
      }
    }
  }

  private static var placeholder: Regex<(Substring, Substring)> { /\{([A-Za-z0-9_-]+)\}/ }

  /// The words in braces in the network's texts.
  private var placeholders: Set<String> {
    var texts = [base.model]
    for case .list(let values) in parameters.filter({ $0.name == "model" }).map(\.domain) {
      texts += values.map(\.description)
    }
    return Set(
      texts.flatMap { text in
        text.matches(of: Self.placeholder).map { match in
          String(match.output.1).replacing("_", with: "-")
        }
      })
  }

  /// The values of every configuration.
  private func choices() -> [[ParameterValue]] {
    if let trials {
      var generator = SplitMix64(seed: base.seed, purpose: "sweep")
      var drawn: [[ParameterValue]] = []
      var known: Set<[ParameterValue]> = []
      // A small space may have fewer configurations than are asked for.
      for _ in 0..<100 * trials where drawn.count < trials {
        let values = parameters.map { $0.draw(&generator) }
        if known.insert(values).inserted { drawn.append(values) }
      }
      return drawn
    }
    var choices: [[ParameterValue]] = [[]]
    for case .list(let values) in parameters.map(\.domain) {
      choices = choices.flatMap { choice in values.map { choice + [$0] } }
    }
    return choices
  }

  /// The run of some values. A network's text that cannot be read stays as it is: the trial will say why.
  private func run(
    _ values: [ParameterValue], over shared: [String: Any], _ fields: Set<String>, classes: Int
  ) throws -> RunConfiguration {
    var object = shared
    let named = zip(parameters.map(\.name), values)
    for (name, value) in named where fields.contains(name) {
      object[name.replacing("-", with: "_")] = value.json
    }
    var run = try RunConfiguration(json: JSONSerialization.data(withJSONObject: object))
    // Rungs are counted in epochs, whatever a trial would take by itself.
    run.epochs = base.passes
    let words = Dictionary(named.map { ($0, $1.description) }) { first, _ in first }
    run.model = run.model.replacing(Self.placeholder) { match in
      let name = String(match.output.1).replacing("_", with: "-")
      return name == Self.classesWord ? "\(classes)" : words[name] ?? String(match.output.0)
    }
    if let text = try? Specification(model: run.model, classes: classes) {
      run.model = text.description
    }
    return run.resolved
  }
}
