/// What a layer computes, for programs outside Inkling: the report's page, ONNX, PyTorch.
///
/// Its tensors stand under their names within the layer (`weight`, `bias`, `running_mean`, `running_var`). Whoever writes a
/// network for another program switches over all of it, without a default: what is new has to be written there too.
public enum ExportForm: Hashable, Sendable {
  /// Filters over windows, zeros around the image, in groups of channels; `weight` and, if it has one, `bias`.
  case convolution(Window, groups: Int, hasBias: Bool)
  /// Every input to every output; `weight` and, if it has one, `bias`.
  case linear(hasBias: Bool)
  /// Each channel by `running_mean` and `running_var`, of which a mini-batch replaces the share `momentum` in training;
  /// `weight` and `bias` if it is scaled.
  case batchNormalization(epsilon: Float, momentum: Float, isScaled: Bool)
  /// The channels of each place, or all numbers of a list, to mean 0 and variance 1; `weight` and `bias`.
  case layerNormalization(epsilon: Float)
  /// Groups of channels over all places of an image to mean 0 and variance 1; `weight` and `bias`.
  case groupNormalization(groups: Int, epsilon: Float)
  /// A function of each number.
  case activation(Function)
  /// A window's largest number, or its mean. Windows that reach beyond the image take what is there; `roundsUp` lets a last
  /// one reach over the edge where places would be left out otherwise. A mean counts the places before and behind that the
  /// window has as zeros, if it counts them.
  case pooling(LayerFamily.Pooling, Window, roundsUp: Bool, countsPadding: Bool)
  /// Each map's largest number, or its mean, as a list.
  case globalPooling(LayerFamily.Pooling)
  /// Feature maps as one list, in the order channel, row, column.
  case flattening
  /// A list as feature maps, in the order channel, row, column.
  case unflattening
  /// Each number of feature maps as a square of so many rows and columns.
  case upsampling(factor: Int)
  /// The rows of an image as a sequence, each in the order channel, column.
  case rows
  /// Squares of an image as a sequence, left to right and top to bottom, each in the order channel, row, column.
  case patches(side: Int)
  /// One place of a sequence as a list.
  case selection(Place)
  /// The mean over a sequence's places as a list.
  case meanOfPlaces
  /// A learned list, `weight`, before the first place of a sequence.
  case classToken
  /// A learned number, of `weight`, added to each of a sequence.
  case positions
  /// Self-attention of a sequence by PyTorch's `MultiheadAttention`: `in_proj_weight`, `in_proj_bias`, `out_proj.weight`,
  /// `out_proj.bias`.
  case attention(heads: Int)
  /// A state that goes from place to place: PyTorch's `RNN`, `LSTM` or `GRU` of one layer, with its tensors and order of gates.
  case recurrence(Cell, units: Int)
  /// In training, zeros with a probability and the rest scaled up; nothing at prediction.
  case dropout(probability: Float)
  /// In training, a normal number of this deviation is added to each; nothing at prediction.
  case gaussianNoise(deviation: Float)
  /// Of a list's first half as means and its second as log variances, normal numbers in training; at prediction the first
  /// half.
  case sampling
  /// What it reads, added up.
  case sum
  /// What it reads, one behind the other by channels.
  case concatenation
  /// Logits whose softmax is the mean of the softmaxes of what it reads; see `LayerFamily.Joint.mixture`.
  case mixture

  /// A place of a sequence.
  public enum Place: String, Hashable, Sendable {
    /// The first.
    case first
    /// The last.
    case last
  }

  /// How a recurrent layer's state changes.
  public enum Cell: String, CaseIterable, Codable, Hashable, Sendable {
    /// By the hyperbolic tangent of a weighted sum.
    case rnn
    /// Through an input, a forget and an output gate, beside a cell.
    case lstm
    /// Through a reset and an update gate.
    case gru

    /// Lists of numbers, each as long as the state, that weights are multiplied to: the gates and what is new.
    public var gates: Int {
      switch self {
      case .rnn: 1
      case .lstm: 4
      case .gru: 3
      }
    }
  }

  /// A function of each number.
  public enum Function: Hashable, Sendable {
    /// max(x, 0).
    case relu
    /// x, or a share of it below zero.
    case leakyReLU(slope: Float)
    /// min(max(x, 0), ceiling).
    case clippedReLU(ceiling: Float)
    /// x, or α (exp(x) - 1) below zero.
    case elu(alpha: Float)
    /// x Φ(x), with the normal distribution's Φ itself.
    case gelu
    /// x / (1 + exp(-x)).
    case silu
    /// The hyperbolic tangent.
    case tanh
    /// 1 / (1 + exp(-x)).
    case sigmoid
    /// A fixed number times x.
    case multiple(factor: Float)
  }

  /// A square window that moves over an image: place o reads `o·stride - before ..< o·stride - before + side`.
  public struct Window: Hashable, Sendable {
    /// Rows and columns of the window.
    public let side: Int
    /// Places from one window to the next.
    public let stride: Int
    /// Places before the first row and column that the first window reads.
    public let before: Int
    /// Places behind the last row and column that may be read.
    public let after: Int

    /// A window.
    package init(side: Int, stride: Int, before: Int = 0, after: Int = 0) {
      self.side = side
      self.stride = stride
      self.before = before
      self.after = after
    }

    /// True if as much may be read before the image as behind it.
    package var isSymmetric: Bool { before == after }
  }
}
