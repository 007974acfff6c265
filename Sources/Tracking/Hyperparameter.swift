/// A value that decides a run.
package enum HyperparameterValue: Hashable, Sendable, CustomStringConvertible {
  /// Yes or no.
  case flag(Bool)
  /// A number.
  case number(Double)
  /// Words.
  case text(String)

  /// The value in words; whole numbers without a point.
  package var description: String {
    switch self {
    case .flag(let flag): flag ? "true" : "false"
    case .number(let number): Int(exactly: number).map(String.init) ?? "\(number)"
    case .text(let text): text
    }
  }
}

/// A value that decides a run, and what it is called.
package struct Hyperparameter: Hashable, Sendable {
  /// Such as `batch-size`.
  package let name: String
  /// Its value.
  package let value: HyperparameterValue

  /// A value under a name.
  package init(_ name: String, _ value: HyperparameterValue) {
    self.name = name
    self.value = value
  }
}

/// How a run ended.
package enum RunEnding: Sendable {
  /// It came to its end.
  case finished
  /// It came to nothing.
  case failed
  /// It was stopped, and may go on.
  case stopped
}
