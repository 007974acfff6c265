import Engine

extension LayerPass {
  /// Points on the way from one list of inputs to the other: softmaxes that change sides on it need more than a few.
  private static let meanSlope = GaussLegendre(points: 32)

  /// The gradients with respect to each input of a layer that joins several, in their mean on the straight way to
  /// what it read: with the inputs' differences they add up to the output's difference.
  ///
  /// - Parameters:
  ///   - outputGradient: the gradient from above.
  ///   - start: where the way begins, a list for each input.
  /// - Returns: the mean gradients.
  /// Reference: Aumann and Shapley, Values of Non-Atomic Games (1974).
  func meanInputGradients(ofJoint outputGradient: [Float], from start: [[Float]]) -> [[Float]] {
    let end = inputs
    var sums = end.map { [Float](repeating: 0, count: $0.count) }
    for (node, weight) in zip(Self.meanSlope.nodes, Self.meanSlope.weights) {
      let way = zip(start, end).map { zip($0, $1).map { $0 + Float(node) * ($1 - $0) } }
      for (place, slopes) in inputGradients(ofJoint: outputGradient, inputs: way).enumerated() {
        for i in slopes.indices { sums[place][i] += Float(weight) * slopes[i] }
      }
    }
    return sums
  }
}
