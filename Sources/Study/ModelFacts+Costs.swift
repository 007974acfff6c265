import Training

extension ModelFacts {
  /// A cost of the layers, and the layer with the largest share of it.
  package struct Largest: Equatable, Sendable {
    /// The layer's name, the first among equals.
    package let layer: String
    /// How many layers cost as much.
    package let alike: Int
    /// The share of these together.
    package let share: Double
  }

  /// True if its training began with random weights that are known: those of its seed.
  package var startsAtRandom: Bool { run?.startsAtRandom ?? false }

  /// The numbers of an image.
  package var inputCount: Int { inputShape.reduce(1, *) }

  /// How many layers do something.
  package func count(of role: Role) -> Int { layers.count { $0.role == role } }

  /// The multiplications for one image.
  package var multiplications: Int { layers.reduce(0) { $0 + $1.multiplications } }

  /// The layers with learned numbers.
  package var learnedLayers: [Layer] { layers.filter { $0.parameters > 0 } }

  /// The layers with the most learned numbers, so many of them, in their order; of equals the first.
  package func largestLayers(_ count: Int) -> [Layer] {
    let learned = learnedLayers
    let largest = learned.indices.sorted {
      (learned[$1].parameters, $0) < (learned[$0].parameters, $1)
    }
    return largest.prefix(count).sorted().map { learned[$0] }
  }

  /// The learned numbers and the multiplications of the convolutions.
  package var convolutions: (parameters: Int, multiplications: Int) {
    layers.filter { $0.role == .convolution }.reduce((0, 0)) {
      ($0.0 + $1.parameters, $0.1 + $1.multiplications)
    }
  }

  /// What the layer does that costs most; `nil` if none costs anything.
  package static func largest(
    _ cost: (Layer) -> Int, of layers: some Collection<Layer>
  ) -> Largest? {
    let total = layers.reduce(0) { $0 + cost($1) }
    guard total > 0, let largest = layers.max(by: { cost($0) < cost($1) }) else { return nil }
    let alike = layers.count { cost($0) == cost(largest) }
    return Largest(
      layer: largest.name, alike: alike,
      share: Double(alike * cost(largest)) / Double(total))
  }
}

extension Collection<ModelFacts.Layer> {
  /// Learned numbers of all of them.
  package var parameters: Int { reduce(0) { $0 + $1.parameters } }
}

extension ModelFacts.Layer {
  /// Learned numbers of each channel or unit.
  package var parametersPerOutput: Int { parameters / Swift.max(outputShape.first ?? 1, 1) }
}

extension UntrainedComparison {
  /// True if no class stands out with random weights.
  package var isBlank: Bool {
    (untrained.max() ?? 1) < 1.5 / Float(max(untrained.count, 1))
  }

  /// True if the trained network is more than 90 % sure.
  package var isSure: Bool { (trained.max() ?? 0) > ExampleFacts.sure }

  /// The accuracy of whoever guesses.
  package var chance: Double { 1 / Double(max(untrained.count, 1)) }
}
