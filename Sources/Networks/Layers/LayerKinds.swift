/// Every kind of layer that there is.
public enum LayerKinds {
  /// The kinds, in the order in which a person is told of them.
  public static let all: [any Layer.Type] = [
    Conv2D.self, Pool2D.self, GlobalPool.self, BatchNorm.self, LayerNorm.self, GroupNorm.self,
    ReLU.self, LeakyReLU.self, ClippedReLU.self, GELU.self, SiLU.self, ELU.self, Tanh.self,
    Sigmoid.self, Multiply.self,
    Flatten.self, Unflatten.self, Upsample.self, Dropout.self, GaussianNoise.self,
    GaussianSample.self,
    Linear.self, Residual.self, Concat.self, Ensemble.self,
    ImageRows.self, Recurrent.self, Patches.self, ClassToken.self, Positions.self, Attention.self,
    SequenceEnd.self,
  ]

  /// Every word that begins a layer.
  public static var words: [String] { all.flatMap { $0.words } }

  /// The kind that a word begins.
  static func named(_ word: String) -> (any Layer.Type)? { all.first { $0.words.contains(word) } }
}
