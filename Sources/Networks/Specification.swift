/// A network as its author writes it: a list of layers, some of which are blocks with branches of layers of their own.
///
/// Written as text (`flatten linear(128) relu linear(10)`) or in code, in the order of the diagram:
///
/// ```swift
/// let cnn = Specification {
///   Conv2D(32, kernel: 3)
///   ReLU()
///   Pool2D(.maximum, 2)
///   Flatten()
///   Linear(10)
/// }
/// ```
///
/// A block of branches is written as `residual(conv(32,3) | conv(32,1))` or `Residual { ... } shortcut: { ... }`.
public struct Specification: Sendable, Equatable, CustomStringConvertible {
  /// The layers, input first.
  public let layers: [any Layer]
  /// The text that the layers were read from, and where each stands in it, in characters and in the order of
  /// `Architecture.entries`.
  let sourceText: String
  let places: [Range<Int>]

  /// A network of these layers.
  public init(layers: [any Layer]) {
    var start = 0
    // Layers within a block are found where the block is.
    let places = layers.flatMap { layer in
      defer { start += layer.text.count + 1 }
      return Array(repeating: start..<start + layer.text.count, count: layer.entryCount)
    }
    self.init(
      layers: layers, sourceText: layers.map(\.text).joined(separator: " "), places: places)
  }

  init(layers: [any Layer], sourceText: String, places: [Range<Int>]) {
    self.layers = layers
    self.sourceText = sourceText
    self.places = places
  }

  /// A network of the layers that `content` lists.
  public init(@SpecificationBuilder _ content: () -> [any Layer]) {
    self.init(layers: content())
  }

  /// The same layers with another number of outputs; `nil` if there can be no other.
  package func ending(in outputs: Int) -> Specification? {
    guard let head = layers.lastIndex(where: { !$0.family.isScaling }),
      let other = layers[head].ending(in: outputs)
    else { return nil }
    return Specification(layers: layers[..<head] + [other] + layers[(head + 1)...])
  }

  /// The text that `init(text:)` reads back to the same layers.
  public var description: String { layers.folded }

  /// Equal by what they describe.
  public static func == (a: Self, b: Self) -> Bool { a.description == b.description }
}

extension [any Layer] {
  /// The layers as a specification writes them, neighbours that are the same folded where blocks are among them:
  /// `3*(residual(conv(16,3)) relu)`.
  var folded: String {
    let texts = map(\.text)
    let isBlock = map { $0 is any JointLayer }
    var words: [String] = []
    var start = 0
    while start < count {
      var best = (period: 1, repeats: 1)
      // A unit begins with its block, so that what follows it stands beside it.
      let longest = isBlock[start] ? Swift.min(8, (count - start) / 2) : 0
      for period in stride(from: 1, through: longest, by: 1) {
        let unit = texts[start..<start + period]
        var repeats = 1
        while start + (repeats + 1) * period <= count,
          texts[start + repeats * period..<start + (repeats + 1) * period] == unit
        { repeats += 1 }
        if repeats > 1, repeats * period > best.period * best.repeats { best = (period, repeats) }
      }
      let unit = texts[start..<start + best.period].joined(separator: " ")
      switch (best.repeats, best.period) {
      case (1, _): words.append(unit)
      case (let repeats, 1): words.append("\(repeats)*\(unit)")
      case (let repeats, _): words.append("\(repeats)*(\(unit))")
      }
      start += best.period * best.repeats
    }
    return words.joined(separator: " ")
  }
}

extension Layer {
  /// How many entries of an architecture the layer becomes: more than one for a block.
  fileprivate var entryCount: Int {
    guard let block = self as? any JointLayer else { return 1 }
    return block.branches.joined().reduce(1) { $0 + $1.entryCount }
  }
}

/// Collects layers written one below the other.
@resultBuilder
public enum SpecificationBuilder {
  /// One layer.
  public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
  /// Layers in order.
  public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
  /// Layers of a loop.
  public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
  /// Layers of an `if` without `else`.
  public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
  /// Layers of an `if`.
  public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
  /// Layers of an `else`.
  public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
}
