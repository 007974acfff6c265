import Networks

/// Normalisation by an image's own numbers: sets of them are brought to mean 0 and variance 1, then scaled and shifted.
///
/// Sums are made in double precision, number by number in a fixed order.
struct ImageNormOperation: Operation {
  let output: Layout
  let parameters: [ParameterBlock]
  /// Places in memory that are taken together.
  private let sets: [[Int32]]
  /// For each place in memory, that of its factor.
  private let factors: [Int32]
  private let width: Int
  private let epsilon: Float

  /// - Parameters:
  ///   - input: what is read.
  ///   - isFlat: true if every number has a factor of its own, false for one of each channel.
  ///   - epsilon: added to the variance.
  ///   - firstTensor: where its tensors begin.
  ///   - set: the number of the set of a place and a channel, or for flat input of place 0 and a number.
  init(
    input: Layout, isFlat: Bool, epsilon: Float, firstTensor: Int,
    set: (_ position: Int, _ channel: Int) -> Int
  ) {
    output = input
    self.epsilon = epsilon
    width = padded(isFlat ? input.count : input.step)
    var sets: [[Int32]] = []
    var factors = [Int32](repeating: 0, count: input.count)
    var order = [Int32](repeating: -1, count: width)
    for index in 0..<input.positions * input.channels {
      let place = input.offset(of: index)
      let (channel, position) = index.quotientAndRemainder(dividingBy: input.positions)
      let number = isFlat ? set(0, index) : set(position, channel)
      while sets.count <= number { sets.append([]) }
      sets[number].append(Int32(place))
      factors[place] = Int32(isFlat ? place : channel)
      order[isFlat ? place : channel] = Int32(isFlat ? index : channel)
    }
    self.sets = sets
    self.factors = factors
    parameters = (0..<2).map { index in
      ParameterBlock(
        tensor: firstTensor + index, offset: index * order.count, count: order.count,
        order: order, padding: 0, isLearned: true)
    }
  }

  var collectedCount: Int { 2 * width }

  func forward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let (input, result) = (pass.input[image], pass.output[image])
      output.clearPadding(result)
      for set in sets {
        let (mean, inverse) = statistics(input, set)
        for place in set {
          let factor = Int(factors[Int(place)])
          result[Int(place)] =
            (input[Int(place)] - mean) * inverse * pass.parameters[factor]
            + pass.parameters[width + factor]
        }
      }
    }
  }

  private func statistics(
    _ input: UnsafePointer<Float>, _ set: [Int32]
  ) -> (mean: Float, inverse: Float) {
    var (sum, squares) = (0.0, 0.0)
    for place in set { sum += Double(input[Int(place)]) }
    let mean = sum / Double(set.count)
    for place in set {
      let difference = Double(input[Int(place)]) - mean
      squares += difference * difference
    }
    let variance = squares / Double(set.count)
    return (Float(mean), Float(1 / (variance + Double(epsilon)).squareRoot()))
  }

  /// With x̂ the normalised number and g its gradient times the factor: `dx = (g - mean(g) - x̂ mean(g x̂)) / σ`.
  func backward(_ images: Range<Int>, _ pass: Pass) {
    for image in images {
      let (input, gradient) = (pass.input[image], pass.outputGradient[image])
      for set in sets {
        let (mean, inverse) = statistics(input, set)
        var (sum, products) = (0.0, 0.0)
        for place in set.lazy.map(Int.init) {
          let factor = Int(factors[place])
          let normalized = (input[place] - mean) * inverse
          let slope = gradient[place] * pass.parameters[factor]
          sum += Double(slope)
          products += Double(slope) * Double(normalized)
          if let collected = pass.parameterGradient {
            collected[factor] += gradient[place] * normalized
            collected[width + factor] += gradient[place]
          }
        }
        guard let inputGradient = pass.inputGradient else { continue }
        let (shift, slant) = (
          Float(sum / Double(set.count)), Float(products / Double(set.count))
        )
        for place in set.lazy.map(Int.init) {
          let normalized = (input[place] - mean) * inverse
          let slope = gradient[place] * pass.parameters[Int(factors[place])]
          inputGradient[image][place] = (slope - shift - normalized * slant) * inverse
        }
      }
      if let inputGradient = pass.inputGradient { output.clearPadding(inputGradient[image]) }
    }
  }
}

extension LayerNorm: ExecutableLayer {
  /// By vectors where a place's channels fill them; images come without padding, and flat lists from maps lie in pieces.
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    if !site.isFlat, site.input.step == padded(site.input.channels) {
      let operation = PlaceNormOperation(
        input: site.input, epsilon: epsilon, firstTensor: site.firstTensor)
      return (operation, 1)
    }
    let operation = ImageNormOperation(
      input: site.input, isFlat: site.isFlat, epsilon: epsilon, firstTensor: site.firstTensor
    ) { position, _ in position }
    return (operation, 1)
  }
}

extension GroupNorm: ExecutableLayer {
  func operation(at site: OperationSite) -> (operation: any Operation, layers: Int) {
    let channels =
      site.isFlat ? site.input.positions * site.input.channels : site.input.channels
    let operation = ImageNormOperation(
      input: site.input, isFlat: site.isFlat, epsilon: epsilon, firstTensor: site.firstTensor
    ) { _, channel in channel / (channels / groups) }
    return (operation, 1)
  }
}
