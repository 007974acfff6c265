/// A sum of branches: `residual(A)` adds what A makes of its input to that input, `residual(A | B)` adds A's output and
/// B's.
///
/// Reference: He et al., Deep Residual Learning for Image Recognition (2015).
public struct Residual: JointLayer {
  /// The stem of the name of the place where the branches meet.
  public static let stem = "add"
  /// The words that begin it in a specification.
  public static let words = ["residual"]
  /// How a person writes it.
  public static let form = "residual(A | B)"
  /// What it does, in a line.
  public static let summary = "A's output plus B's; plus the input without B"
  /// Layers of the kind as a specification writes them.
  public static let examples = [
    "residual(relu)", "residual(conv(6,3) relu)",
    "residual(conv(4,3,stride=2) norm | conv(4,1,stride=2))", "residual(linear(6) tanh)",
    "residual(residual(tanh) | sigmoid | )",
  ]
  /// What stands between the names of what is added.
  public static let sign = "+"
  /// The branches; a single one is added to what it reads.
  public let branches: [[any Layer]]

  /// The sum of branches; of a single one and what it reads.
  public init(branches: [[any Layer]]) {
    precondition(branches.contains { !$0.isEmpty }, "Residual: every branch is empty")
    // The input itself is the second branch.
    self.branches = branches.count == 1 ? branches + [[]] : branches
  }

  /// What `content` makes of its input, added to that input or to what `shortcut` makes of it.
  public init(
    @SpecificationBuilder _ content: () -> [any Layer],
    @SpecificationBuilder shortcut: () -> [any Layer] = { [] }
  ) {
    self.init(branches: [content(), shortcut()])
  }

  /// The layer as a specification writes it: a second branch that is empty goes without saying.
  public var text: String {
    let said = branches.count == 2 && branches[1].isEmpty ? [branches[0]] : branches
    return "residual(\(said.map(\.folded).joined(separator: " | ")))"
  }

  /// What a person calls it.
  public var noun: String { "sum of branches" }
  /// A sum.
  public var family: LayerFamily { .joint(.sum) }

  /// The shape that all have.
  ///
  /// - Throws: `LayerError` if the shapes differ.
  public func outputShape(joining inputs: [Shape]) throws(LayerError) -> Shape {
    guard inputs.allSatisfy({ $0 == inputs[0] }) else {
      throw LayerError(
        "the branches give \(inputs.map(\.description).joined(separator: " and ")), which cannot be"
          + " added; give the second branch what brings it to the first one's shape, as in"
          + " residual(conv(32,3,stride=2) | conv(32,1,stride=2))")
    }
    return inputs[0]
  }

  /// A sum.
  public var exportForm: ExportForm { .sum }
}
