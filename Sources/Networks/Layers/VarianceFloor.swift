/// What a normalisation by an image's own numbers adds to their variance, so that it divides by no zero.
public enum VarianceFloor {
  /// PyTorch's; Keras adds 1e-3, timm's transformers 1e-6.
  public static let usual: Float = 1e-5

  static func taken(from arguments: inout WordArguments) throws(SpecificationError) -> Float {
    try arguments.number(
      named: "epsilon", "epsilon must be above 0 and at most 1", where: isAllowed)
      ?? usual
  }

  /// The argument as a specification writes it; `nil` for the usual.
  package static func written(_ epsilon: Float) -> String? {
    epsilon == usual ? nil : "epsilon=\(epsilon)"
  }

  /// True for what a layer can add.
  package static func isAllowed(_ epsilon: Float) -> Bool { epsilon > 0 && epsilon <= 1 }
}
