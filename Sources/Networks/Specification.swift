/// A network as its author writes it: a list of layers.
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
public struct Specification: Sendable, Equatable, CustomStringConvertible {
  /// The layers, input first.
  public let layers: [any Layer]
  /// The text that the layers were read from, and where each stands in it, in characters.
  let sourceText: String
  let places: [Range<Int>]

  /// A network of these layers.
  public init(layers: [any Layer]) {
    var start = 0
    let places = layers.map { layer in
      defer { start += layer.text.count + 1 }
      return start..<start + layer.text.count
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

  /// The text that `init(text:)` reads back to the same layers.
  public var description: String { layers.map(\.text).joined(separator: " ") }

  /// Equal by what they describe.
  public static func == (a: Self, b: Self) -> Bool { a.description == b.description }
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
