/// What a normalisation adds to a variance, so that it divides by no zero: batch normalisation the usual, those by an image's
/// own numbers what they are told.
public enum VarianceFloor {
  /// PyTorch's; Keras adds 1e-3, timm's transformers 1e-6.
  public static let usual: Float = 1e-5

  /// Takes `epsilon=E`, the usual one if it is left out.
  ///
  /// - Throws: `SpecificationError` if it is not allowed.
  static func taken(from arguments: inout WordArguments) throws(SpecificationError) -> Float {
    try arguments.number(
      named: "epsilon", "epsilon must be from 1e-12 to 1", where: isAllowed)
      ?? usual
  }

  /// The argument as a specification writes it; none for the usual.
  package static func written(_ epsilon: Float) -> [String] {
    epsilon == usual ? [] : ["epsilon=\(epsilon)"]
  }

  /// True for what a layer can add: 1e-12, which BERT adds, to 1.
  package static func isAllowed(_ epsilon: Float) -> Bool { (1e-12...1).contains(epsilon) }
}
