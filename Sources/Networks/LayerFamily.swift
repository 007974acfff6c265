/// What a rule may rely on in a layer, whatever its kind.
public enum LayerFamily: Hashable, Sendable {
  /// y = Wx + b, with the tensors `weight` and, unless it has none, `bias`.
  case affine
  /// y = f(x), number by number.
  case activation(Activation)
  /// The largest number of each window, or its mean.
  case pooling(Pooling)
  /// Brings numbers to mean 0 and variance 1. At prediction y = ax + b for each channel, if the statistics are those of
  /// training; otherwise they are the image's own.
  case normalization(isAffineAtPrediction: Bool)
  /// The same numbers in another order or shape, or each several times.
  case reshape
  /// Some of the numbers, the others left out at prediction.
  case selection
  /// Learned numbers are added or set beside, the same whatever comes in.
  case constants
  /// What comes in is remembered, or looked up, from place to place of a sequence: by gates that open and shut, or by
  /// weights that the numbers themselves decide.
  case memory
  /// Something random in training, nothing at prediction.
  case noise
  /// Several inputs become one.
  case joint(Joint)

  /// What f is.
  public enum Activation: Hashable, Sendable {
    /// max(x, 0).
    case rectifier
    /// ax with a fixed a above 0.
    case scaling
    /// Any other.
    case curve
  }

  /// How inputs are joined.
  public enum Joint: Hashable, Sendable {
    /// Number by number.
    case sum
    /// One behind the other.
    case concatenation
    /// Each input's numbers as logits, of whose probabilities the mean is taken.
    case mixture
  }

  /// What a window becomes.
  public enum Pooling: Hashable, Sendable {
    /// Its largest number.
    case maximum
    /// Its mean.
    case average
  }

  /// True for any y = f(x), number by number.
  public var isActivation: Bool {
    if case .activation = self { true } else { false }
  }

  /// True for poolings of either kind.
  public var isPooling: Bool {
    if case .pooling = self { true } else { false }
  }

  /// True for y = max(x, 0).
  public var isRectifier: Bool { self == .activation(.rectifier) }

  /// True for y = ax, which changes how sure answers are and not their order.
  package var isScaling: Bool { self == .activation(.scaling) }
}

/// What one place of an output reads along each axis of an input: place o reads
/// `o·stride - margin ..< o·stride - margin + kernel`.
public struct Scope: Hashable, Sendable {
  /// Places that are read.
  public let kernel: Int
  /// Places of the input from one place of the output to the next.
  public let stride: Int
  /// Places before the input's first that the first place reads.
  public let margin: Int

  /// The scope of a window.
  package init(kernel: Int, stride: Int, margin: Int) {
    self.kernel = kernel
    self.stride = stride
    self.margin = margin
  }

  /// Each place reads itself.
  package static let place = Scope(kernel: 1, stride: 1, margin: 0)

  /// The scope through this layer and then another.
  package func followed(by next: Scope) -> Scope {
    Scope(
      kernel: kernel + (next.kernel - 1) * stride, stride: stride * next.stride,
      margin: margin + next.margin * stride)
  }
}
