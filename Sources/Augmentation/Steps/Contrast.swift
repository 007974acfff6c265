public import Networks

/// Moves every pixel away from the mean of the image, or towards it.
public struct Contrast: SymmetricStep {
  /// The word that begins it.
  public static let word = "contrast"
  /// How a person writes it.
  public static let form = "contrast(SHARE)"
  /// What it does.
  public static let summary = "given more or less contrast by up to SHARE"
  /// Steps of the kind as a text has them.
  public static let examples = ["contrast(0.3)"]
  /// The farthest factor from 1, in 0...1.
  public let most: Float

  /// Takes the farthest.
  public init(_ arguments: inout WordArguments) throws(SpecificationError) {
    most = try arguments.number("a share, as in contrast(0.2)", "the share must be from 0 to 1") {
      (0...1).contains($0)
    }
  }

  /// Adds that share of contrast.
  public func go(_ distance: Float, in change: inout ImageChange) {
    change.stretch(1 + distance)
  }
}
