/// A layer that brings branches together: each is a list of layers that read what stands before the block.
public protocol JointLayer: Layer {
  /// The branches in order; an empty one hands on what it reads, and not all are empty.
  var branches: [[any Layer]] { get }
  /// What stands between the names of what is joined: `+`.
  static var sign: String { get }

  /// A joint of branches.
  init(branches: [[any Layer]])
  /// The shape of what becomes of the branches' outputs.
  ///
  /// - Throws: `LayerError` if they cannot be joined.
  func outputShape(joining inputs: [Shape]) throws(LayerError) -> Shape
}

extension JointLayer {
  /// Takes the branches.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    guard arguments.branches.contains(where: { !$0.isEmpty }) else {
      throw arguments.error(
        "every branch of this \(arguments.word) is empty; write \(arguments.word)(conv(16,3) | )")
    }
    var branches: [[any Layer]] = []
    for branch in arguments.branches { branches.append(try branch.layers) }
    self.init(branches: branches)
  }

  /// The branches between bars.
  public var text: String {
    "\(Self.words[0])(\(branches.map(\.folded).joined(separator: " | ")))"
  }
  /// Each place reads itself, in every branch.
  public var scope: Scope? { .place }
  /// The same joint of branches with biases.
  public var withBias: any Layer { Self(branches: branches.map { $0.map(\.withBias) }) }
  /// The shape of a single branch's output, joined with nothing.
  ///
  /// - Throws: `LayerError` if it cannot be.
  public func outputShape(for input: Shape) throws(LayerError) -> Shape {
    try outputShape(joining: [input])
  }
}
