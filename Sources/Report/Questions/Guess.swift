import Foundation

/// What a reader guesses before a figure shows it.
struct Guess: Sendable {
  /// What is asked.
  var question: String
  /// What is said once it is seen.
  var told: String
  /// How it is guessed.
  var form: Form

  /// The ways to guess.
  enum Form: Sendable {
    /// A line is drawn by hand, on a logarithmic axis: the points that it really has, and the ends of the axis.
    case curve(points: [(x: Double, y: Double)], axis: ClosedRange<Double>)
    /// One of several options, of which these are right.
    case choice(options: [String], right: [Int])
    /// A number between two ends: what it really is, and its steps.
    case size(Double, within: ClosedRange<Double>, step: Double, name: String)
  }
}

extension Guess.Form: Encodable {
  private enum CodingKeys: String, CodingKey {
    case kind, points, low, high, options, right, value, step, name
  }

  func encode(to encoder: any Encoder) throws {
    var box = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .curve(let points, let axis):
      try box.encode("curve", forKey: .kind)
      try box.encode(points.map { [$0.x, $0.y] }, forKey: .points)
      try box.encode(axis.lowerBound, forKey: .low)
      try box.encode(axis.upperBound, forKey: .high)
    case .choice(let options, let right):
      try box.encode("choice", forKey: .kind)
      try box.encode(options, forKey: .options)
      try box.encode(right, forKey: .right)
    case .size(let value, let range, let step, let name):
      try box.encode("size", forKey: .kind)
      try box.encode(value, forKey: .value)
      try box.encode(range.lowerBound, forKey: .low)
      try box.encode(range.upperBound, forKey: .high)
      try box.encode(step, forKey: .step)
      try box.encode(name, forKey: .name)
    }
  }
}

/// A guess for its template.
struct GuessView {
  var question: String
  /// What the script needs, as JSON.
  var facts: String
  /// What there is to choose from.
  var options: [String]
  var hasOptions: Bool

  init(_ guess: Guess) {
    question = guess.question
    if case .choice(let options, _) = guess.form { self.options = options } else { options = [] }
    hasOptions = !options.isEmpty
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let facts = Facts(told: guess.told, form: guess.form)
    self.facts = (try? encoder.encode(facts)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }

  private struct Facts: Encodable {
    private enum CodingKeys: String, CodingKey { case told }

    let told: String
    let form: Guess.Form

    func encode(to encoder: any Encoder) throws {
      try form.encode(to: encoder)
      var box = encoder.container(keyedBy: CodingKeys.self)
      try box.encode(told, forKey: .told)
    }
  }
}

extension Illustration {
  /// The same figure, before which a guess is asked for.
  func asking(_ guess: Guess?) -> Illustration {
    var figure = self
    figure.guess = guess
    return figure
  }
}
