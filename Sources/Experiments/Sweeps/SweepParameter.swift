import Foundation
import Randomness

/// Something that a sweep varies: a field of the run configuration, or a placeholder of the network's text.
package struct SweepParameter: Hashable, Sendable {
  /// As the command line's option is called, such as `learning-rate`, or the word in the placeholder's braces.
  package let name: String
  /// What it may be.
  package let domain: Domain

  /// A parameter with what it may be.
  package init(name: String, domain: Domain) {
    self.name = name.replacing("_", with: "-")
    self.domain = domain
  }

  /// What a parameter may be.
  package enum Domain: Hashable, Sendable {
    /// One of some values.
    case list([ParameterValue])
    /// A number from a range, evenly or with even chances for every power; whole if both ends are, and more than 1 apart.
    case range(low: Double, high: Double, isLogarithmic: Bool)
  }

  /// Checks that there is something to choose from.
  func check() throws(SweepError) {
    switch domain {
    case .list(let values):
      guard !values.isEmpty else { throw SweepError("\(name): the list of values is empty") }
      guard Set(values).count == values.count else {
        throw SweepError("\(name): a value stands twice in its list")
      }
    case .range(let low, let high, let isLogarithmic):
      guard low < high, high.isFinite, low.isFinite else {
        throw SweepError("\(name): low must be below high")
      }
      guard low > 0 || !isLogarithmic else {
        throw SweepError("\(name): low must be above 0 where log is true")
      }
    }
  }

  /// A value drawn at random. Numbers from a range are rounded to three digits, which a person can read and no
  /// network can tell.
  func draw(_ generator: inout SplitMix64) -> ParameterValue {
    switch domain {
    case .list(let values):
      return values[generator.below(values.count)]
    case .range(let low, let high, let isLogarithmic):
      let share = Double(generator.uniform())
      // From 0 to 1 are shares.
      let isWhole = low == low.rounded() && high == high.rounded() && high - low > 1
      let top = isWhole && !isLogarithmic ? high + 1 : high
      let value = isLogarithmic ? low * pow(high / low, share) : low + (top - low) * share
      guard !isWhole else {
        return .number(min(high, isLogarithmic ? value.rounded() : value.rounded(.down)))
      }
      let rounded = Double(String(format: "%.2e", value)) ?? value
      return .number(min(max(rounded, low), high))
    }
  }
}

extension SweepParameter.Domain: Codable {
  private enum Key: String, CodingKey, CaseIterable { case low, high, log }

  package init(from decoder: any Decoder) throws {
    if let values = try? [ParameterValue](from: decoder) {
      self = .list(values)
      return
    }
    let range = try decoder.container(keyedBy: Key.self)
    self = .range(
      low: try range.decode(Double.self, forKey: .low),
      high: try range.decode(Double.self, forKey: .high),
      isLogarithmic: try range.decodeIfPresent(Bool.self, forKey: .log) ?? false)
  }

  package func encode(to encoder: any Encoder) throws {
    switch self {
    case .list(let values): try values.encode(to: encoder)
    case .range(let low, let high, let isLogarithmic):
      var range = encoder.container(keyedBy: Key.self)
      try range.encode(low, forKey: .low)
      try range.encode(high, forKey: .high)
      try range.encode(isLogarithmic, forKey: .log)
    }
  }
}

/// What is wrong with a sweep, in words for a person.
package struct SweepError: Error, CustomStringConvertible {
  /// The sentence.
  package let description: String

  init(_ description: String) { self.description = description }
}
