import Networks

/// One layer in a PyTorch module: the attribute that holds it, and what is done with it.
struct PyTorchLayer {
  /// The layer's name as Python writes it.
  let name: String
  /// What the attribute is made of; `nil` for what joins branches, which needs none.
  let module: PythonExpression?
  /// What of the file's own it needs.
  let helper: PyTorchHelper?
  private let form: ExportForm

  /// A layer in its place.
  init(_ entry: Architecture.Entry) {
    name = entry.name.replacing("-", with: "_")
    form = entry.layer.exportForm
    (module, helper) = Self.module(form, entry)
  }

  private static func module(
    _ form: ExportForm, _ entry: Architecture.Entry
  ) -> (PythonExpression?, PyTorchHelper?) {
    let (inputs, outputs) = (entry.inputShape.channels, entry.outputShape.channels)
    func call(_ name: String, _ arguments: [String]) -> PythonExpression {
      .call("nn.\(name)", arguments.map { .text($0) })
    }
    switch form {
    case .convolution(let window, let groups, let hasBias):
      return (
        call(
          "Conv2d",
          ["\(inputs)", "\(outputs)", "\(window.side)"]
            + named("stride", window.stride, unless: 1)
            + named("padding", window.isSymmetric ? window.before : 0, unless: 0)
            + named("groups", groups, unless: 1) + (hasBias ? [] : ["bias=False"])), nil
      )
    case .linear(let hasBias):
      return (
        call("Linear", ["\(inputs)", "\(outputs)"] + (hasBias ? [] : ["bias=False"])), nil
      )
    case .batchNormalization(let epsilon, let momentum, let isScaled):
      return (
        call(
          entry.inputShape.hasPlaces ? "BatchNorm2d" : "BatchNorm1d",
          ["\(inputs)"] + named("eps", epsilon, unless: 1e-5)
            + named("momentum", momentum, unless: 0.1) + (isScaled ? [] : ["affine=False"])), nil
      )
    case .layerNormalization(let epsilon):
      let arguments = ["\(inputs)"] + named("eps", epsilon, unless: 1e-5)
      return entry.inputShape.hasPlaces
        ? (.call("ChannelNorm", arguments.map { .text($0) }), .channelNorm)
        : (call("LayerNorm", arguments), nil)
    case .groupNormalization(let groups, let epsilon):
      return (
        call("GroupNorm", ["\(groups)", "\(inputs)"] + named("eps", epsilon, unless: 1e-5)), nil
      )
    case .activation(let function): return module(function)
    case .pooling(let pooling, let window, let roundsUp, let countsPadding):
      return (
        call(
          pooling == .maximum ? "MaxPool2d" : "AvgPool2d",
          ["\(window.side)"] + named("stride", window.stride, unless: window.side)
            + named("padding", window.before, unless: 0)
            + (roundsUp ? ["ceil_mode=True"] : [])
            + (pooling == .maximum || countsPadding ? [] : ["count_include_pad=False"])), nil
      )
    case .globalPooling(let pooling):
      let whole = pooling == .maximum ? "nn.AdaptiveMaxPool2d(1)" : "nn.AdaptiveAvgPool2d(1)"
      return (call("Sequential", [whole, "nn.Flatten()"]), nil)
    case .flattening: return (call("Flatten", []), nil)
    case .unflattening:
      let shape = entry.outputShape.dimensions.map(String.init).joined(separator: ", ")
      return (call("Unflatten", ["1", "(\(shape))"]), nil)
    case .upsampling(let factor): return (call("Upsample", ["scale_factor=\(factor)"]), nil)
    case .rows: return (.call("Rows", []), .rows)
    case .patches(let side): return (.call("Patches", [.text("\(side)")]), .patches)
    case .classToken: return (.call("ClassToken", [.text("\(inputs)")]), .classToken)
    case .positions:
      return (
        .call("Positions", entry.inputShape.dimensions.map { .text("\($0)") }), .positions
      )
    case .attention(let heads):
      return (
        call("MultiheadAttention", ["\(inputs)", "\(heads)", "batch_first=True"]), nil
      )
    case .recurrence(let cell, let units):
      return (call(cell.rawValue.uppercased(), ["\(inputs)", "\(units)", "batch_first=True"]), nil)
    case .selection, .meanOfPlaces: return (nil, nil)
    case .dropout(let probability): return (call("Dropout", ["\(probability)"]), nil)
    case .gaussianNoise(let deviation):
      return (.call("Noise", [.number(deviation)]), .noise)
    case .sampling: return (.call("Sample", []), .sample)
    case .sum, .concatenation: return (nil, nil)
    case .mixture: return (nil, .mixture)
    }
  }

  private static func module(
    _ function: ExportForm.Function
  ) -> (PythonExpression?, PyTorchHelper?) {
    func call(_ name: String, _ number: Float? = nil) -> (PythonExpression?, PyTorchHelper?) {
      (.call("nn.\(name)", number.map { [.number($0)] } ?? []), nil)
    }
    return switch function {
    case .relu: call("ReLU")
    case .leakyReLU(let slope): call("LeakyReLU", slope)
    case .clippedReLU(6): call("ReLU6")
    case .clippedReLU(let ceiling): (.call("nn.Hardtanh", [.number(0), .number(ceiling)]), nil)
    case .elu(let alpha): call("ELU", alpha)
    case .gelu: call("GELU")
    case .silu: call("SiLU")
    case .tanh: call("Tanh")
    case .sigmoid: call("Sigmoid")
    case .multiple(let factor): (.call("Multiple", [.number(factor)]), .multiple)
    }
  }

  /// An argument by name; nothing if it is PyTorch's default.
  private static func named<Value: Equatable>(
    _ name: String, _ value: Value, unless usual: Value
  ) -> [String] {
    value == usual ? [] : ["\(name)=\(value)"]
  }

  /// What becomes of the variables that it reads.
  func output(of inputs: [String]) -> PythonExpression {
    let first = PythonExpression.text(inputs[0])
    let all = PythonExpression.list(inputs.map { .text($0) })
    switch form {
    case .convolution(let window, _, _) where !window.isSymmetric:
      // Left, right, top, bottom.
      let zeros = "(\(window.before), \(window.after), \(window.before), \(window.after))"
      return .call("self.\(name)", [.call("nn.functional.pad", [first, .text(zeros)])])
    case .sum:
      return inputs.count == 2
        ? .text(inputs.joined(separator: " + ")) : .call("sum", [all])
    case .concatenation: return .call("torch.cat", [all, .text("1")])
    case .mixture: return .call("mean_probability", [all])
    case .selection(.first): return .text("\(inputs[0])[:, 0]")
    case .selection(.last): return .text("\(inputs[0])[:, -1]")
    case .meanOfPlaces: return .text("\(inputs[0]).mean(1)")
    // What is given beside the states and the means is not needed.
    case .recurrence: return .text("self.\(name)(\(inputs[0]))[0]")
    case .attention:
      let read = Array(repeating: inputs[0], count: 3).joined(separator: ", ")
      return .text("self.\(name)(\(read), need_weights=False)[0]")
    case .convolution, .linear, .batchNormalization, .layerNormalization, .groupNormalization,
      .activation, .pooling, .globalPooling, .flattening, .unflattening, .upsampling, .rows,
      .patches, .classToken, .positions, .dropout, .gaussianNoise, .sampling:
      return .call("self.\(name)", [first])
    }
  }
}
