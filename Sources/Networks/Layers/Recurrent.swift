/// A recurrent layer: a state goes along a sequence, from its first place to its last, and changes with what it meets;
/// every place gives the state behind it. The state before the first place is zero.
///
/// Tensors, the order of their gates and both biases are those of PyTorch's `RNN`, `LSTM` and `GRU`.
///
/// References: Elman, Finding Structure in Time (1990); Hochreiter, Schmidhuber, Long Short-Term Memory (1997); Cho et al.,
/// Learning Phrase Representations using RNN Encoder-Decoder (2014).
public struct Recurrent: Layer, Hashable {
  /// The stem of the layer's name.
  public static let stem = "rnn"
  /// `rnn`, `lstm` and `gru`.
  public static let words = ExportForm.Cell.allCases.map(\.rawValue)
  /// How a person writes it.
  public static let form = "rnn(N), lstm(N), gru(N)"
  /// What it does, in a line.
  public static let summary = "a state of N numbers that goes along a sequence"
  /// Layers of the kind as a specification writes them.
  public static let examples = ["rnn(5)", "lstm(6)", "gru(18)"]
  /// How the state changes.
  public let cell: ExportForm.Cell
  /// Numbers of the state.
  public let units: Int

  /// A state of `units` numbers.
  public init(_ cell: ExportForm.Cell, _ units: Int) {
    self.cell = cell
    self.units = units
  }

  /// Takes the number of units; the word says how they change.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    guard let cell = ExportForm.Cell(rawValue: arguments.word) else {
      preconditionFailure("Recurrent: no cell is called \(arguments.word)")
    }
    self.init(cell, try arguments.whole("N", 1...65_536))
  }

  /// The layer as a specification writes it.
  public var text: String { "\(cell.rawValue)(\(units))" }

  /// What a person calls it.
  public var noun: String {
    switch cell {
    case .rnn: "recurrent layer"
    case .lstm: "LSTM layer"
    case .gru: "GRU layer"
    }
  }

  /// A state remembers.
  public var family: LayerFamily { .memory }
  /// There are no places of maps.
  public var scope: Scope? { nil }

  /// The state behind every place.
  ///
  /// - Throws: `LayerError` for what is no sequence.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    let (length, _) = try input.places(for: cell.rawValue)
    return .sequence(length: length, width: units)
  }

  /// `weight_ih_l0` `[GN, D]`, `weight_hh_l0` `[GN, N]`, `bias_ih_l0` and `bias_hh_l0` `[GN]`, for G gates.
  public func parameters(for input: Shape) -> [ParameterShape] {
    let rows = cell.gates * units
    let shapes = [
      ("weight_ih_l0", [rows, input.channels]), ("weight_hh_l0", [rows, units]),
      ("bias_ih_l0", [rows]), ("bias_hh_l0", [rows]),
    ]
    return shapes.map {
      ParameterShape(name: $0, shape: $1, role: .uniform(fanIn: units))
    }
  }

  /// Multiplications that one image costs.
  public func multiplications(for input: Shape) -> Int {
    input.count / input.channels * cell.gates * units * (input.channels + units)
  }

  /// A recurrence.
  public var exportForm: ExportForm { .recurrence(cell, units: units) }
}

extension Specification {
  /// The same layers, recurrent ones with another cell; those within blocks stay as they are.
  package func remembering(by cell: ExportForm.Cell) -> Specification {
    Specification(
      layers: layers.map { layer in
        (layer as? Recurrent).map { Recurrent(cell, $0.units) } ?? layer
      })
  }
}
