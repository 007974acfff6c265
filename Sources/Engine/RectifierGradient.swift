/// What rectifiers let through on the way back.
public enum RectifierGradient: Sendable {
  /// Every gradient where the input was positive.
  case ordinary
  /// Positive gradients only, where the input was positive: guided backpropagation.
  case positive
}
