/// Several networks that answer as one: the probabilities of the whole are the mean of the members'.
///
/// With z_m the logits of member m of M and L_m the logarithm of the sum of their powers, the output is
/// `log(Σ exp(z_m - L_m) / M) + Σ L_m / M`. Its softmax is the mean of the members' softmaxes; the last term, which
/// changes no probability, keeps it a logit: members that agree give what one of them gives.
///
/// Reference: Lakshminarayanan et al., Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles
/// (2017).
public struct Ensemble: JointLayer {
  /// The stem of the name of the place where the branches meet.
  public static let stem = "ensemble"
  /// How a person writes it.
  public static let form = "ensemble(A | B | ...)"
  /// What it does, in a line.
  public static let summary = "logits of the mean of the branches' probabilities"
  /// Layers of the kind as a specification writes them.
  public static let examples = [
    "ensemble(linear(3) | tanh linear(3))", "ensemble( | linear(6,bias=no) | relu)",
    "ensemble(linear(4))",
  ]
  /// What stands between the names of what is averaged.
  public static let sign = "&"
  /// The members.
  public let branches: [[any Layer]]

  /// Members that read the same.
  public init(branches: [[any Layer]]) {
    precondition(branches.contains { !$0.isEmpty }, "Ensemble: every branch is empty")
    self.branches = branches
  }

  /// The same members with other outputs; `nil` if one ends in a layer that cannot have them.
  public func ending(in outputs: Int) -> (any Layer)? {
    let members = branches.compactMap { branch in
      branch.last?.ending(in: outputs).map { Array(branch.dropLast()) + [$0] }
    }
    return members.count == branches.count ? Ensemble(branches: members) : nil
  }

  /// What a person calls it.
  public var noun: String { "ensemble" }
  /// A mean of probabilities.
  public var family: LayerFamily { .joint(.mixture) }

  /// As many logits as each member gives.
  ///
  /// - Throws: `LayerError` if some give maps or their numbers differ.
  public func outputShape(joining inputs: [Shape]) throws(LayerError) -> Shape {
    guard case .vector = inputs[0], inputs.allSatisfy({ $0 == inputs[0] }) else {
      throw LayerError(
        "the members give \(inputs.map(\.description).joined(separator: " and ")), whose probabilities have no mean;"
          + " end each with linear(N), one output per class")
    }
    return inputs[0]
  }

  /// A mean of probabilities.
  public var exportForm: ExportForm { .mixture }
}
