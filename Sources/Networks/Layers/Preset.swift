/// The course's two networks.
public enum Preset: String, CaseIterable, Sendable {
  /// The first network, 784-128-10: 101,770 parameters on MNIST.
  case mlp
  /// Two 3x3 convolutions with pooling, then 128 units: 421,642 parameters on MNIST.
  case cnn

  /// The preset's layers, ending in one output per class.
  public func specification(classes: Int = 10) -> Specification {
    switch self {
    case .mlp:
      Specification {
        Flatten()
        Linear(128)
        ReLU()
        Linear(classes)
      }
    case .cnn:
      Specification {
        Conv2D(32, kernel: 3)
        ReLU()
        Pool2D(.maximum, 2)
        Conv2D(64, kernel: 3)
        ReLU()
        Pool2D(.maximum, 2)
        Flatten()
        Linear(128)
        ReLU()
        Dropout(0.5)
        Linear(classes)
      }
    }
  }
}

extension Specification {
  /// Reads `mlp`, `cnn` or a specification.
  ///
  /// - Parameters:
  ///   - model: a preset's name or a specification's text, in which `{classes}` stands for their number.
  ///   - classes: outputs of a preset's last layer.
  /// - Throws: `SpecificationError` with the place of the first mistake.
  public init(model: String, classes: Int) throws(SpecificationError) {
    if let preset = Preset(rawValue: model) {
      self = preset.specification(classes: classes)
    } else {
      try self.init(text: model.replacing("{classes}", with: "\(classes)"))
    }
  }
}
