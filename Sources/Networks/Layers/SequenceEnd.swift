/// What is made of a sequence in the end: its first place, its last, or the mean of all.
public struct SequenceEnd: Layer, Hashable {
  /// What is taken.
  public enum Kind: String, CaseIterable, Sendable {
    /// The first place: the class token, where there is one.
    case first
    /// The last place: a recurrent layer's state when all is read.
    case last
    /// The mean over the places.
    case mean
  }

  /// The stem of the layer's name.
  public static let stem = "end"
  /// `first`, `last` and `mean`.
  public static let words = Kind.allCases.map(\.rawValue)
  /// How a person writes it.
  public static let form = "first, last, mean"
  /// What it does, in a line.
  public static let summary = "a sequence's first or last place, or the mean of all"
  /// Layers of the kind as a specification writes them.
  public static let examples = words
  /// What is taken.
  public let kind: Kind

  /// An end of a kind.
  public init(_ kind: Kind) { self.kind = kind }

  /// Takes no arguments; the word says what is taken.
  public init(_ arguments: inout WordArguments) {
    guard let kind = Kind(rawValue: arguments.word) else {
      preconditionFailure("SequenceEnd: nothing is called \(arguments.word)")
    }
    self.init(kind)
  }

  /// The layer as a specification writes it.
  public var text: String { kind.rawValue }

  /// What a person calls it.
  public var noun: String {
    switch kind {
    case .first: "first place"
    case .last: "last place"
    case .mean: "mean over places"
    }
  }

  /// A selection, or a mean.
  public var family: LayerFamily { kind == .mean ? .pooling(.average) : .selection }
  /// There are no places of maps.
  public var scope: Scope? { nil }

  /// One place's numbers.
  ///
  /// - Throws: `LayerError` for what is no sequence.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    .vector(try input.places(for: kind.rawValue).width)
  }

  /// A selection, or a mean.
  public var exportForm: ExportForm {
    switch kind {
    case .first: .selection(.first)
    case .last: .selection(.last)
    case .mean: .meanOfPlaces
    }
  }
}

extension Shape {
  /// A sequence's length and width.
  ///
  /// - Parameter word: the layer that needs them, as a specification writes it.
  /// - Returns: places, and features of each.
  /// - Throws: `LayerError` for what is no sequence.
  func places(for word: String) throws(LayerError) -> (length: Int, width: Int) {
    guard case .sequence(let length, let width) = self else {
      throw LayerError(
        "\(word) needs a sequence, but gets \(self); put rows or patches(K) before it")
    }
    return (length, width)
  }
}
