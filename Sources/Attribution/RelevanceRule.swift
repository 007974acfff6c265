import Engine
import Networks

/// The rules of LRP as data: each is a few products of changed inputs with changed weights.
///
/// Within a group, z = Σ ± product of each term, and every input gets Σ ± its part of z over z (stabilised) times the
/// relevance that arrives; the groups' results are added up with their factors. Formulation as in zennit.
struct RelevanceRule: BackwardRule {
  private static let stabilizer: Float = 1e-6
  private static let gamma: Float = 0.25

  enum Input: Hashable { case whole, positive, negative, lowest, highest }

  /// How weights and biases are changed.
  enum Weights: Hashable {
    case own
    case positive, negative
    /// w + γ times its positive or negative part.
    case raisedPositive, raisedNegative
  }

  struct Term {
    let input: Input
    let weights: Weights
    var hasBias = true
    var sign: Float = 1
  }

  struct Group {
    let terms: [Term]
    var factor: Float = 1
    /// Only outputs of this sign count; all if `nil`.
    var sign: FloatingPointSign?
  }

  private let rules: [[Group]?]
  private let parameters: [Weights: (withBias: LayerParameters, withoutBias: LayerParameters)]
  private let bounds: (lowest: [Float], highest: [Float])

  /// The rules of a composite for a network.
  init(_ composite: LRP.Composite, _ tracer: Tracer) {
    let network = tracer.network
    let entries = network.architecture.entries
    let first = entries.firstIndex { $0.layer.family == .affine } ?? 0
    // The box rule needs to know the bounds: nothing but flattening may come before.
    let isBoxed =
      composite == .epsilonGammaBox
      && entries[..<first].allSatisfy {
        $0.layer.exportForm == .flattening || $0.layer.family == .noise
      }
    rules = entries.enumerated().map { index, entry in
      if isBoxed && index == first { return Self.box }
      // Folded into the layer before it, a normalisation is the identity, and so is its gradient.
      if network.architecture.layer(absorbing: entry) != nil { return nil }
      return Self.groups(composite, entry)
    }
    let used = Set(rules.compactMap { $0 }.flatMap { $0 }.flatMap(\.terms).map(\.weights))
    var made: [Weights: (withBias: LayerParameters, withoutBias: LayerParameters)] = [:]
    for weights in used where weights != .own {
      made[weights] = (
        tracer.parameters(of: network.changed(weights, gamma: Self.gamma, keepsBias: true)),
        tracer.parameters(of: network.changed(weights, gamma: Self.gamma, keepsBias: false))
      )
    }
    parameters = made
    let normalization = network.normalization
    func normalized(_ pixel: Float) -> [Float] {
      zip(normalization.mean, normalization.standardDeviation).map { (pixel - $0) / $1 }
    }
    bounds = (normalized(0), normalized(1))
  }

  // MARK: Rules

  private static let epsilon = [Group(terms: [Term(input: .whole, weights: .own)])]

  private static let box = [
    Group(terms: [
      Term(input: .whole, weights: .own),
      Term(input: .lowest, weights: .positive, sign: -1),
      Term(input: .highest, weights: .negative, sign: -1),
    ])
  ]

  /// Contributions of one sign: those of equal signs, or those of opposite ones.
  private static func contributions(_ agreeing: Weights, _ opposing: Weights) -> [Term] {
    [
      Term(input: .positive, weights: agreeing),
      Term(input: .negative, weights: opposing, hasBias: false),
    ]
  }

  private static func groups(_ composite: LRP.Composite, _ entry: Architecture.Entry) -> [Group]? {
    switch entry.layer.family {
    case .affine where entry.isConvolution: break
    case .affine, .normalization, .pooling(.average), .constants, .joint(.sum): return epsilon
    // The winner takes all, and a part its part, as the gradient has it; activation functions are passed by before.
    case .pooling(.maximum), .activation, .reshape, .selection, .memory, .noise,
      .joint(.concatenation), .joint(.mixture):
      return nil
    }
    switch composite {
    case .epsilon: return epsilon
    case .epsilonPlus: return [Group(terms: contributions(.positive, .negative))]
    case .epsilonGammaBox:
      return [
        Group(terms: contributions(.raisedPositive, .raisedNegative), sign: .plus),
        Group(terms: contributions(.raisedNegative, .raisedPositive), sign: .minus),
      ]
    case .alpha2Beta1:
      return [
        Group(terms: contributions(.positive, .negative), factor: 2),
        Group(terms: contributions(.negative, .positive), factor: -1),
      ]
    }
  }

  // MARK: Running

  func inputGradient(of pass: LayerPass) -> [Float]? {
    if pass.layer.layer.family.isActivation { return pass.outputGradient }
    guard let groups = rules[pass.index] else { return nil }
    let (input, output, relevance) = (pass.input, pass.output, pass.outputGradient)
    var result = [Float](repeating: 0, count: input.count)
    for group in groups {
      let inputs = group.terms.map { changed(input, $0.input) }
      var z = [Float](repeating: 0, count: relevance.count)
      for (term, input) in zip(group.terms, inputs) {
        let part =
          term.input == .whole && term.weights == .own
          ? output : pass.output(of: input, with: parameters(term))
        for i in z.indices { z[i] += term.sign * part[i] }
      }
      for i in z.indices {
        let isCounted = group.sign.map { $0 == .plus ? output[i] > 0 : output[i] < 0 } ?? true
        z[i] = isCounted ? relevance[i] / Self.stabilized(z[i]) : 0
      }
      for (term, input) in zip(group.terms, inputs) {
        let share = pass.inputGradient(
          of: z, input: input, output: output, with: parameters(term))
        for i in result.indices { result[i] += group.factor * term.sign * input[i] * share[i] }
      }
    }
    return result
  }

  /// A sum hands back to each input in proportion to what it added, a mean of probabilities in proportion to what it
  /// adds on the way from inputs that are all zero, where the output is zero too.
  func inputGradients(ofJoint pass: LayerPass) -> [[Float]]? {
    let isMixture = pass.layer.layer.family == .joint(.mixture)
    guard isMixture || rules[pass.index] != nil else { return nil }
    let shares = zip(pass.outputGradient, pass.output).map { $0 / Self.stabilized($1) }
    let inputs = pass.inputs
    let slopes =
      isMixture
      ? pass.meanInputGradients(
        ofJoint: shares, from: inputs.map { [Float](repeating: 0, count: $0.count) })
      : pass.inputGradients(ofJoint: shares)
    return zip(inputs, slopes).map { input, slope in zip(input, slope).map { $0 * $1 } }
  }

  private static func stabilized(_ z: Float) -> Float { z + (z < 0 ? -stabilizer : stabilizer) }

  private func parameters(_ term: Term) -> LayerParameters? {
    parameters[term.weights].map { term.hasBias ? $0.withBias : $0.withoutBias }
  }

  private func changed(_ input: [Float], _ kind: Input) -> [Float] {
    // Where the bounds are wanted, numbers still lie as pixels do: channel by channel at each place.
    switch kind {
    case .whole: input
    case .positive: input.map { max($0, 0) }
    case .negative: input.map { min($0, 0) }
    case .lowest: input.indices.map { bounds.lowest[$0 % bounds.lowest.count] }
    case .highest: input.indices.map { bounds.highest[$0 % bounds.highest.count] }
    }
  }
}

extension Network {
  /// The network with the weights and biases of its convolutions and linear layers changed.
  fileprivate func changed(
    _ kind: RelevanceRule.Weights, gamma: Float, keepsBias: Bool
  ) -> Network {
    var network = self
    for entry in architecture.entries where entry.layer.family == .affine {
      for name in ["weight", "bias"] {
        network.change("\(entry.name).\(name)") { values in
          if name == "bias" && !keepsBias { return values.map { _ in 0 } }
          return values.map { value in
            switch kind {
            case .own: value
            case .positive: max(value, 0)
            case .negative: min(value, 0)
            case .raisedPositive: value + gamma * max(value, 0)
            case .raisedNegative: value + gamma * min(value, 0)
            }
          }
        }
      }
    }
    return network
  }
}
