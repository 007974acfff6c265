import Networks

extension LiveLayer {
  /// A layer as the page runs it, its large weights left aside; `nil` if it does nothing at prediction.
  init?(_ entry: Architecture.Entry, of network: Network) {
    func tensor(_ name: String) -> [Float] {
      network.tensor("\(entry.name).\(name)")?.values ?? []
    }
    // The page adds one to every sum.
    func bias(_ exists: Bool) -> [Float] {
      exists ? tensor("bias") : [Float](repeating: 0, count: entry.outputShape.channels)
    }
    self.init(kind: "", name: entry.name, shape: entry.outputShape.dimensions)
    switch entry.layer.exportForm {
    case .convolution(let window, let groups, let hasBias):
      kind = "conv"
      set(window)
      (self.groups, self.bias) = (groups, bias(hasBias))
    case .linear(let hasBias):
      (kind, self.bias) = ("linear", bias(hasBias))
    case .batchNormalization:
      kind = "scale"
      (factors, self.bias) = network.folded(entry).map { ($0.factors, $0.bias) } ?? (nil, nil)
    case .layerNormalization(let epsilon):
      (kind, factors, self.bias, value) = (
        "layernorm", tensor("weight"), tensor("bias"), epsilon
      )
    case .groupNormalization(let groups, let epsilon):
      (kind, factors, self.bias, value) = (
        "groupnorm", tensor("weight"), tensor("bias"), epsilon
      )
      self.groups = groups
    case .activation(let function): (kind, value) = function.word
    case .pooling(let pooling, let window, roundsUp: _, let countsPadding):
      // The page knows how many windows there are by its layers' shapes.
      kind = pooling == .maximum ? "maxpool" : "avgpool"
      set(window)
      countsMargin = countsPadding ? nil : false
    case .globalPooling(let pooling): kind = pooling == .maximum ? "globalmax" : "globalavg"
    case .flattening: kind = "flatten"
    case .unflattening: kind = "unflatten"
    case .upsampling(let factor): (kind, kernel) = ("upsample", factor)
    case .sampling: kind = "sample"
    case .sum: kind = "add"
    case .concatenation: kind = "concat"
    case .mixture: kind = "ensemble"
    case .rows: kind = "rows"
    case .patches(let side): (kind, kernel) = ("patches", side)
    case .selection(let place): kind = place.rawValue
    case .meanOfPlaces: kind = "mean"
    case .classToken: (kind, self.bias) = ("class-token", tensor("weight"))
    case .positions: (kind, self.bias) = ("positions", tensor("weight"))
    case .attention(let heads):
      (kind, groups) = ("attention", heads)
      self.bias = tensor("in_proj_bias") + tensor("out_proj.bias")
    case .recurrence(let cell, units: _):
      kind = cell.rawValue
      self.bias = tensor("bias_ih_l0") + tensor("bias_hh_l0")
    case .dropout, .gaussianNoise: return nil
    }
  }

  private mutating func set(_ window: ExportForm.Window) {
    (kernel, stride, margin) = (window.side, window.stride, window.before)
  }
}

extension ExportForm.Function {
  /// What the page calls it, and its number.
  fileprivate var word: (String, Float?) {
    switch self {
    case .relu: ("relu", nil)
    case .leakyReLU(let slope): ("leaky-relu", slope)
    case .clippedReLU(let ceiling): ("clipped-relu", ceiling)
    case .elu(let alpha): ("elu", alpha)
    case .gelu: ("gelu", nil)
    case .silu: ("silu", nil)
    case .tanh: ("tanh", nil)
    case .sigmoid: ("sigmoid", nil)
    case .multiple(let factor): ("multiply", factor)
    }
  }
}
