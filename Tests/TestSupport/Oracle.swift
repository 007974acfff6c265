public import Networks

/// A network executed literally, formula by formula, in double precision: slow and simple, so that it can be
/// trusted. Everything is in PyTorch's order.
public struct Oracle {
  let network: Network
  var parameters: [String: [Double]]

  /// An oracle of a network.
  public init(_ network: Network) {
    self.network = network
    parameters = Dictionary(
      uniqueKeysWithValues: network.tensors.map { ($0.name, $0.values.map(Double.init)) })
  }

  /// Logits of each image; batch normalisation uses the batch's statistics if `training`.
  public func logits(_ images: [[Double]], training: Bool = false) -> [[Double]] {
    let shape = network.architecture.inputShape
    let plane = shape.height * shape.width
    let batch = images.map { image in
      image.indices.map { i in
        (image[i] - Double(network.normalization.mean[i / plane]))
          / Double(network.normalization.standardDeviation[i / plane])
      }
    }
    // The network's values, each for all images.
    var values = [batch]
    for entry in network.architecture.entries {
      let inputs = entry.inputs.map { values[$0] }
      switch entry.layer {
      case is BatchNorm: values.append(normalized(inputs[0], entry, training: training))
      case is Residual:
        values.append(
          inputs.dropFirst().reduce(inputs[0]) { sum, other in
            zip(sum, other).map { zip($0, $1).map { $0 + $1 } }
          })
      // In the order channel, row, column one image's maps stand behind another's.
      case is Concat:
        values.append(images.indices.map { image in inputs.flatMap { $0[image] } })
      case is Ensemble:
        values.append(images.indices.map { image in mixture(inputs.map { $0[image] }) })
      default: values.append(inputs[0].map { apply(entry, $0) })
      }
    }
    return values[values.count - 1]
  }

  /// The logarithms of the mean probabilities, moved by the mean of what brings each member's logits to 1.
  private func mixture(_ members: [[Double]]) -> [Double] {
    let sums = members.map { $0.reduce(0) { $0 + exponential($1) } }
    let shift = sums.reduce(0) { $0 + logarithm($1) } / Double(members.count)
    return members[0].indices.map { k in
      let mean =
        zip(members, sums).reduce(0) { $0 + exponential($1.0[k]) / $1.1 } / Double(members.count)
      return logarithm(mean) + shift
    }
  }

  /// Mean cross-entropy.
  public func loss(_ images: [[Double]], _ labels: [Int], training: Bool = true) -> Double {
    let losses = zip(logits(images, training: training), labels).map(crossEntropy)
    return losses.reduce(0, +) / Double(losses.count)
  }

  /// Central difference of the loss with respect to one parameter.
  public func slope(
    _ name: String, _ index: Int, _ images: [[Double]], _ labels: [Int], step: Double = 1e-5
  ) -> Double {
    (moved(name, index, by: step).loss(images, labels)
      - moved(name, index, by: -step).loss(images, labels)) / (2 * step)
  }

  /// True if the loss bends at one parameter: its slopes on the two sides differ by more than a smooth function's.
  public func bends(
    _ name: String, _ index: Int, _ images: [[Double]], _ labels: [Int], step: Double = 1e-5
  ) -> Bool {
    let losses = [-step, 0, step].map { moved(name, index, by: $0).loss(images, labels) }
    return abs(losses[2] - 2 * losses[1] + losses[0]) / step > 1e-4
  }

  private func moved(_ name: String, _ index: Int, by step: Double) -> Oracle {
    var oracle = self
    oracle.parameters[name]?[index] += step
    return oracle
  }

  private func apply(_ entry: Architecture.Entry, _ input: [Double]) -> [Double] {
    switch entry.layer {
    case let layer as Conv2D: return convolution(layer, entry, input)
    case let layer as Pool2D: return pooling(layer, entry, input)
    case let layer as GlobalPool: return globalPooling(layer, entry, input)
    case is Linear: return linear(entry, input)
    case let layer as LayerNorm: return layerNormalized(layer, input, entry)
    case is ImageRows, is Patches, is ClassToken, is Positions, is SequenceEnd, is Attention,
      is Recurrent:
      return sequence(entry, input)
    case let layer as GroupNorm: return groupNormalized(layer, input, entry)
    case is ReLU: return input.map { max($0, 0) }
    case let layer as LeakyReLU: return input.map { $0 > 0 ? $0 : Double(layer.slope) * $0 }
    case let layer as ClippedReLU: return input.map { min(max($0, 0), Double(layer.ceiling)) }
    case let layer as ELU:
      return input.map { $0 > 0 ? $0 : Double(layer.alpha) * (exponential($0) - 1) }
    case let layer as Multiply: return input.map { Double(layer.factor) * $0 }
    case is GELU: return input.map { $0 * normalShare($0) }
    case is SiLU: return input.map { $0 / (1 + exponential(-$0)) }
    case is Tanh: return input.map { 1 - 2 / (exponential(2 * $0) + 1) }
    case is Sigmoid: return input.map { 1 / (1 + exponential(-$0)) }
    // Without the noise of training.
    case is Flatten, is Unflatten, is Dropout, is GaussianNoise: return input
    case is GaussianSample: return Array(input[..<(input.count / 2)])
    case let layer as Upsample: return upsampled(entry, input, layer.factor)
    default: preconditionFailure("Oracle: it does not know \(entry.layer.text)")
    }
  }

  private func convolution(
    _ layer: Conv2D, _ entry: Architecture.Entry, _ input: [Double]
  ) -> [Double] {
    let (c, h, w) = dimensions(entry.inputShape)
    let (f, oh, ow) = dimensions(entry.outputShape)
    let k = layer.kernel
    let weight = parameters["\(entry.name).weight"] ?? []
    let bias = parameters["\(entry.name).bias"] ?? [Double](repeating: 0, count: f)
    let depth = c / layer.groups
    var output = [Double](repeating: 0, count: f * oh * ow)
    for o in 0..<f {
      for y in 0..<oh {
        for x in 0..<ow {
          var sum = bias[o]
          for i in 0..<depth {
            let channel = o / (f / layer.groups) * depth + i
            for r in 0..<k {
              for s in 0..<k {
                let (row, column) = (
                  y * layer.stride + r - layer.margins.before,
                  x * layer.stride + s - layer.margins.before
                )
                guard (0..<h).contains(row), (0..<w).contains(column) else { continue }
                sum +=
                  weight[((o * depth + i) * k + r) * k + s]
                  * input[(channel * h + row) * w + column]
              }
            }
          }
          output[(o * oh + y) * ow + x] = sum
        }
      }
    }
    return output
  }

  private func pooling(
    _ layer: Pool2D, _ entry: Architecture.Entry, _ input: [Double]
  ) -> [Double] {
    let (c, h, w) = dimensions(entry.inputShape)
    let (_, oh, ow) = dimensions(entry.outputShape)
    var output: [Double] = []
    for i in 0..<c {
      for y in 0..<oh {
        for x in 0..<ow {
          var window: [Double] = []
          var counted = 0
          for r in 0..<layer.kernel {
            for s in 0..<layer.kernel {
              let row = y * layer.stride + r - layer.padding
              let column = x * layer.stride + s - layer.padding
              if row < h + layer.padding, column < w + layer.padding { counted += 1 }
              guard (0..<h).contains(row), (0..<w).contains(column) else { continue }
              window.append(input[(i * h + row) * w + column])
            }
          }
          let mean =
            window.reduce(0, +) / Double(layer.countsPadding ? counted : window.count)
          output.append(layer.kind == .maximum ? window.max() ?? 0 : mean)
        }
      }
    }
    return output
  }

  private func upsampled(
    _ entry: Architecture.Entry, _ input: [Double], _ factor: Int
  ) -> [Double] {
    let (_, h, w) = dimensions(entry.inputShape)
    let (c, oh, ow) = dimensions(entry.outputShape)
    return (0..<c).flatMap { i in
      (0..<oh).flatMap { y in
        (0..<ow).map { x in input[(i * h + y / factor) * w + x / factor] }
      }
    }
  }

  private func globalPooling(
    _ layer: GlobalPool, _ entry: Architecture.Entry, _ input: [Double]
  ) -> [Double] {
    let (c, h, w) = dimensions(entry.inputShape)
    return (0..<c).map { channel in
      let map = input[channel * h * w..<(channel + 1) * h * w]
      return layer.kind == .maximum ? map.max() ?? 0 : map.reduce(0, +) / Double(h * w)
    }
  }

  /// Each place's channels, or all of a flat list.
  private func layerNormalized(
    _ layer: LayerNorm, _ input: [Double], _ entry: Architecture.Entry
  ) -> [Double] {
    if case .sequence(let length, let width) = entry.inputShape {
      return (0..<length).flatMap { place in
        normalized(
          Array(input[place * width..<(place + 1) * width]), entry,
          layer.epsilon, sets: [Array(0..<width)])
      }
    }
    let (c, h, w) = dimensions(entry.inputShape)
    return normalized(
      input, entry, layer.epsilon, sets: (0..<h * w).map { p in (0..<c).map { $0 * h * w + p } })
  }

  private func groupNormalized(
    _ layer: GroupNorm, _ input: [Double], _ entry: Architecture.Entry
  ) -> [Double] {
    let size = input.count / layer.groups
    return normalized(
      input, entry, layer.epsilon,
      sets: (0..<layer.groups).map { Array($0 * size..<($0 + 1) * size) })
  }

  private func normalized(
    _ input: [Double], _ entry: Architecture.Entry, _ epsilon: Float, sets: [[Int]]
  ) -> [Double] {
    let weight = parameters["\(entry.name).weight"] ?? []
    let bias = parameters["\(entry.name).bias"] ?? []
    let plane = input.count / weight.count
    var output = input
    for set in sets {
      let mean = set.reduce(0) { $0 + input[$1] } / Double(set.count)
      let variance =
        set.reduce(0) { $0 + (input[$1] - mean) * (input[$1] - mean) } / Double(set.count)
      for i in set {
        output[i] =
          (input[i] - mean) / (variance + Double(epsilon)).squareRoot() * weight[i / plane]
          + bias[i / plane]
      }
    }
    return output
  }

  /// The normal distribution's Φ by its series: the sum of x^(2k+1) / (1 · 3 · ... · (2k+1)) times the density.
  private func normalShare(_ x: Double) -> Double {
    if abs(x) > 8 { return x > 0 ? 1 : 0 }
    var (term, sum) = (x, x)
    for k in 1..<200 {
      term *= x * x / Double(2 * k + 1)
      sum += term
    }
    return 0.5 + sum * exponential(-x * x / 2) / (2 * Double.pi).squareRoot()
  }

  private func linear(_ entry: Architecture.Entry, _ input: [Double]) -> [Double] {
    let outputs = entry.outputShape.channels
    let bias = parameters["\(entry.name).bias"] ?? [Double](repeating: 0, count: outputs)
    return affine(input, parameters["\(entry.name).weight"] ?? [], bias)
  }

  /// Weighted sums of a list, or of each of many that stand one behind the other.
  func affine(_ input: [Double], _ weight: [Double], _ bias: [Double]) -> [Double] {
    let width = weight.count / bias.count
    return stride(from: 0, to: input.count, by: width).flatMap { start in
      bias.indices.map { o in
        (0..<width).reduce(bias[o]) { $0 + weight[o * width + $1] * input[start + $1] }
      }
    }
  }

  private func normalized(
    _ batch: [[Double]], _ entry: Architecture.Entry, training: Bool
  ) -> [[Double]] {
    let channels = entry.inputShape.channels
    let positions = entry.inputShape.count / channels
    let names = ["weight", "bias", "running_mean", "running_var"]
    let constants = [1.0, 0, 0, 1]
    let tensors = zip(names, constants).map { name, constant in
      parameters["\(entry.name).\(name)"] ?? [Double](repeating: constant, count: channels)
    }
    var result = batch
    for c in 0..<channels {
      let range = c * positions..<(c + 1) * positions
      var (mean, variance) = (tensors[2][c], tensors[3][c])
      if training {
        let values = batch.flatMap { $0[range] }
        mean = values.reduce(0, +) / Double(values.count)
        variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      }
      let scale = tensors[0][c] / (variance + Double(BatchNorm.epsilon)).squareRoot()
      for image in batch.indices {
        for i in range { result[image][i] = (batch[image][i] - mean) * scale + tensors[1][c] }
      }
    }
    return result
  }

  private func dimensions(_ shape: Shape) -> (Int, Int, Int) {
    let d = shape.dimensions
    return d.count == 3 ? (d[0], d[1], d[2]) : (d[0], 1, 1)
  }
}

/// The cross-entropy of an image's logits, in nats.
public func crossEntropy(_ logits: [Double], _ label: Int) -> Double {
  let largest = logits.max() ?? 0
  return largest - logits[label] + logarithm(logits.reduce(0) { $0 + exponential($1 - largest) })
}
