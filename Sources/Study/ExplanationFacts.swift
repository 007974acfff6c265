package import Attribution

/// Why the network answers as it does.
public struct ExplanationFacts: Codable, Sendable {
  /// The methods, in the order of the maps.
  package var methods: [Method]
  /// Three sure and right, one in doubt, two wrong where there are such.
  package var rows: [Row]
  /// Mean absolute convergence delta of integrated gradients over the rows, in logits.
  package var convergenceDelta: Double
  /// Mean rank correlation of the maps' strengths with those of random networks, over the pixels that are not blank,
  /// for each method.
  package var similarityToUntrained: [Estimate]
  /// The same over all pixels, for one random network.
  package var similarityOverAllPixels: [Estimate] = []
  /// How alike the methods' maps are; `nil` if there are no two that say anything of one image.
  package var agreement: Agreement?
  /// How alike the maps of this network and of the same run from another seed are, by integrated gradients for the same
  /// answers; `nil` without such a network.
  package var seedAgreement: Agreement?
  /// How far each method, and maps that know nothing of the network, can be trusted.
  package var cards: [Card] = []
  /// Test images that deletion and insertion rest on.
  package var judged = 0
  /// Test images that the comparison with other networks rests on.
  package var checked = 0

  /// A method's measures: means over the images with their 95 % intervals.
  package struct Card: Codable, Sendable {
    /// The method or the control.
    package var name: String
    /// True for a map that knows nothing of the network.
    package var isControl: Bool
    /// Area under the probability while the strongest pixels are blanked first: small is good.
    package var deletion: Estimate
    /// That probability itself, from the whole image to the blank one in equal steps.
    package var deletionCurve: [Double] = []
    /// Area under the probability while they are put in first: large is good.
    package var insertion: Estimate
    /// True if the map stays nearly the same without what was learned.
    package var failsSanityCheck: Bool
    /// Mean rank correlation with the maps of random networks where the image is not blank; `nil` for controls, which
    /// know no network.
    package var similarityToUntrained: Estimate?
    /// Mean rank correlation with the maps of a network that learned random labels; `nil` if there was none.
    package var similarityToRandomLabels: Estimate?
  }

  /// The method whose maps are drawn where there is room for one.
  package static let mainMethod = "integrated-gradients"
  /// Its place among the methods; `nil` if it is none of them.
  package var mainMethod: Int? { methods.firstIndex { $0.name == Self.mainMethod } }

  /// A method.
  package struct Method: Codable, Sendable {
    /// Its name.
    package var name: String
    /// What its map shows.
    package var summary: String
  }

  /// One image explained.
  package struct Row: Codable, Sendable {
    /// The image.
    package var example: ExampleFacts
    /// One signed map a method, `[C, H, W]`.
    package var maps: [Plane]
    /// The same from an untrained network.
    package var untrainedMaps: [Plane]
  }
}
