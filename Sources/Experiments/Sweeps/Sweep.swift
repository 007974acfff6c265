import Foundation
import TOMLKit
package import Training

/// Runs that differ in some parameters, and how it is found out which is best.
///
/// A file is JSON or TOML: keys of the run configuration as they are in a checkpoint, which all trials share;
/// `parameters`, each a list of values or `{low, high, log}`; `strategy`, `seeds`, `trials`.
package struct Sweep: Hashable, Sendable {
  /// What all trials have in common. Its seed is that of the draws, and of each configuration's first trial.
  package var base = RunConfiguration()
  /// What differs, by name.
  package var parameters: [SweepParameter] = []
  /// How configurations are chosen and compared.
  package var strategy = Strategy.grid
  /// Trials of each configuration, with seeds one after the other.
  package var seeds = 1
  /// Configurations that are drawn at random; `nil` for every combination.
  package var trials: Int?

  /// How configurations are chosen and compared.
  package enum Strategy: String, Codable, CaseIterable, Sendable {
    /// Every combination, trained to the end.
    case grid
    /// Combinations drawn at random, trained to the end.
    case random
    /// Every combination, or some drawn at random: all are trained for a few epochs, the best third goes on to three
    /// times as many, and so on. A rung begins when the one before is done, so that it does not matter who comes first.
    ///
    /// Reference: Jamieson, Talwalkar, Non-stochastic Best Arm Identification and Hyperparameter Optimization (2016).
    case halving
  }

  /// What is left of the configurations from one rung to the next, and how many times longer they are trained.
  package static let reduction = 3
  /// More trials than this are a mistake.
  package static let mostTrials = 100_000

  /// The usual sweep, with nothing to vary.
  package init() {}

  /// The course's own grid: 1,536 configurations.
  package static var course: Sweep {
    func numbers(_ name: String, _ values: [Double]) -> SweepParameter {
      SweepParameter(name: name, domain: .list(values.map(ParameterValue.number)))
    }
    var sweep = Sweep()
    sweep.base.model =
      "flatten {layers}*(linear({width}) relu dropout({dropout})) linear({classes})"
    sweep.base.epochs = 9
    sweep.parameters = [
      numbers("batch-size", [32, 64, 128, 256]), numbers("dropout", [0, 0.2, 0.3, 0.5]),
      numbers("layers", [1, 2, 3]), numbers("learning-rate", [0.1, 0.01, 0.001, 0.0001]),
      SweepParameter(name: "optimizer", domain: .list([.text("sgd"), .text("adam")])),
      numbers("width", [64, 128, 256, 512]),
    ]
    sweep.strategy = .halving
    return sweep
  }

  /// The epochs after which trials are compared, the last being the run's own.
  package var rungs: [Int] {
    guard strategy == .halving else { return [base.passes] }
    var rungs = [base.passes]
    while rungs[0] >= Self.reduction { rungs.insert(rungs[0] / Self.reduction, at: 0) }
    return rungs
  }

  /// How many configurations of a rung go on to the next.
  package static func survivors(of count: Int) -> Int { (count + reduction - 1) / reduction }
}

extension Sweep {
  /// What stands in a file besides the run configuration.
  private struct Own: Codable {
    var parameters: [String: SweepParameter.Domain]?
    var strategy: Strategy?
    var seeds: Int?
    var trials: Int?

    enum CodingKeys: String, CodingKey, CaseIterable { case parameters, strategy, seeds, trials }
  }

  /// Reads a TOML document; see `init(json:)`.
  ///
  /// - Throws: `SweepError` or `RunConfigurationError`.
  package init(toml: String) throws {
    let table: TOMLTable
    do {
      table = try TOMLTable(string: toml)
    } catch let error as TOMLParseError {
      throw SweepError(
        "line \(error.source.begin.line), column \(error.source.begin.column) is not TOML:"
          + " \(error.description)")
    }
    try self.init(json: table.convert(to: .json).utf8)
  }

  /// Reads a JSON object.
  ///
  /// - Throws: `SweepError` if it is none or says what no sweep is, `RunConfigurationError` for what all trials share.
  package init(json: some Sequence<UInt8>) throws {
    let data = Data(json)
    guard var object = try? JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      throw SweepError("the sweep is no JSON object")
    }
    let own: Own
    do {
      own = try JSONDecoder().decode(Own.self, from: data)
    } catch let error as DecodingError {
      throw SweepError(Self.words(error))
    }
    for key in Own.CodingKeys.allCases { object[key.rawValue] = nil }
    base = try RunConfiguration(json: JSONSerialization.data(withJSONObject: object))
    parameters = (own.parameters ?? [:]).map { SweepParameter(name: $0.key, domain: $0.value) }
      .sorted { $0.name < $1.name }
    if let strategy = own.strategy { self.strategy = strategy }
    if let seeds = own.seeds { self.seeds = seeds }
    trials = own.trials
  }

  private static func words(_ error: DecodingError) -> String {
    let path =
      switch error {
      case .typeMismatch(_, let context), .valueNotFound(_, let context),
        .keyNotFound(_, let context), .dataCorrupted(let context):
        context.codingPath.map(\.stringValue)
      @unknown default: [String]()
      }
    return switch path.first {
    case Own.CodingKeys.parameters.rawValue where path.count > 1:
      "\(path[1]) must be a list of values, or low and high with log if every power is as likely"
    case Own.CodingKeys.strategy.rawValue:
      "strategy must be one of \(Strategy.allCases.map(\.rawValue).joined(separator: ", "))"
    case let key?: "\(key) is of the wrong type"
    case nil: "the sweep is no JSON object"
    }
  }

  /// The JSON object that `init(json:)` reads, every key in order.
  package var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      let own = Own(
        parameters: Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.domain) }),
        strategy: strategy, seeds: seeds, trials: trials)
      let parts = [try encoder.encode(own), Data(base.json.utf8)]
      var object: [String: Any] = [:]
      for part in parts {
        let values = try JSONSerialization.jsonObject(with: part) as? [String: Any] ?? [:]
        object.merge(values) { first, _ in first }
      }
      let data = try JSONSerialization.data(
        withJSONObject: object, options: [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes])
      return String(decoding: data, as: UTF8.self)
    }
  }
}
