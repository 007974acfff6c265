public import Engine
public import Networks
import Randomness

/// Does a map change when what the network learned is taken away? If not, it explains the image, not the network.
///
/// Layers get new random weights and the maps are compared with the trained network's by Spearman's rank
/// correlation of their magnitudes, over the places where the image is not black: where there is no ink many methods are
/// zero for every network. Structural similarity and histograms of edge directions of the whole maps stand beside it; they are
/// not what decides, for maps that the input shows through are alike in them whatever the network.
///
/// A single random network can be alike or unlike by chance: where all layers are replaced, which is what decides, the
/// similarity is the mean over five of them.
///
/// Reference: Adebayo, Gilmer, Muelly, Goodfellow, Hardt, Kim, Sanity Checks for Saliency Maps (2018).
public struct SanityCheck: Codable, Sendable {
  /// Similarity with some layers replaced.
  public struct Step: Codable, Sendable {
    /// The layer that got random weights, in the cascade the last of them.
    public let layer: String
    /// Mean rank correlation with the trained network's maps, with its 95 % interval.
    public let similarity: Estimate
    /// Mean structural similarity with them; see `MapSimilarity`.
    public let structure: Estimate
    /// Mean rank correlation of histograms of oriented gradients with theirs.
    public let edges: Estimate
  }

  /// From the last layer to the first, each with those after it; of a quick check the end alone.
  public let cascading: [Step]
  /// One layer at a time; none in a quick check.
  public let independent: [Step]
  /// The similarity at the end of the cascade over all places, also where the image is black; `nil` where no layer learns.
  public let similarityOverAllPixels: Estimate?
  /// Similarity to the maps of a network that was trained on random labels; `nil` where there is none.
  public let randomLabels: Estimate?
  /// Structural similarity to them.
  public let randomLabelsStructure: Estimate?
  /// Rank correlation of histograms of oriented gradients with theirs.
  public let randomLabelsEdges: Estimate?

  /// A map that is this similar without anything learned explains the image, not the network.
  public static let limit = 0.5
  /// Random networks over which the end of the cascade is averaged.
  private static let draws = 5

  /// True if the maps stay similar where nothing that was learned is left.
  public var isFailed: Bool {
    [cascading.last?.similarity, randomLabels].contains { ($0?.mean ?? 0) > Self.limit }
  }

  /// For each image how alike two networks' maps of it are: the rank correlation of their magnitudes, of all places or only
  /// where the image is not black.
  private static func correlations(
    _ attribution: Attribution, _ maps: Attribution, of images: [Float], _ shape: ImageShape,
    isInkOnly: Bool
  ) -> [Double] {
    attribution.targets.indices.map { image in
      let pixels = images[image * shape.count..<(image + 1) * shape.count]
      let ink = Attribution(scores: Array(pixels), targets: [0]).places(0, shape)
      func strengths(_ maps: Attribution) -> [Float] {
        zip(maps.places(image, shape), ink).compactMap { !isInkOnly || $1 > 0 ? abs($0) : nil }
      }
      return RankCorrelation.spearman(strengths(attribution), strengths(maps))
    }
  }

  /// Checks a method.
  ///
  /// - Parameters:
  ///   - method: makes the maps.
  ///   - attribution: the trained network's maps.
  ///   - images: the images.
  ///   - executor: the trained network.
  ///   - randomLabels: a network of the same architecture, trained on random labels.
  ///   - seed: seed of the random weights.
  ///   - isQuick: true to look at what decides alone, for a mark beside a few maps.
  public init(
    _ method: any AttributionMethod, _ attribution: Attribution, of images: [Float],
    in executor: Executor, randomLabels: Network? = nil, seed: UInt64 = 1, isQuick: Bool = false
  ) {
    let network = executor.network
    let shape = network.architecture.inputShape
    let layers = network.architecture.entries.filter { !$0.parameters.isEmpty }.map(\.name)
    func untrained(_ seed: UInt64) -> Network {
      .untrained(network.architecture, normalization: network.normalization, seed: seed)
    }
    func maps(of others: [Network]) -> [Attribution] {
      others.map {
        method.attribution(
          of: images, in: Executor($0, pool: executor.pool), for: attribution.targets)
      }
    }
    // For each image the mean over the networks.
    func average(_ maps: [Attribution], _ compare: (Attribution) -> [Double]) -> Estimate {
      let values = maps.map(compare)
      return Estimate(
        attribution.targets.indices.map { image in
          values.reduce(0) { $0 + $1[image] } / Double(values.count)
        })
    }
    func similarity(_ maps: [Attribution], isInkOnly: Bool) -> Estimate {
      average(maps) {
        Self.correlations(attribution, $0, of: images, shape, isInkOnly: isInkOnly)
      }
    }
    func step(_ layer: String, _ maps: [Attribution]) -> Step {
      func mean(_ compare: ([Float], [Float]) -> Double) -> Estimate {
        average(maps) { maps in
          attribution.targets.indices.map {
            compare(attribution.places($0, shape), maps.places($0, shape))
          }
        }
      }
      return Step(
        layer: layer, similarity: similarity(maps, isInkOnly: true),
        structure: mean {
          MapSimilarity.structure($0, $1, height: shape.height, width: shape.width)
        },
        edges: mean { MapSimilarity.edges($0, $1, height: shape.height, width: shape.width) })
    }
    let random = untrained(seed)
    func step(replacing layers: some Sequence<String>, as layer: String) -> Step {
      step(layer, maps(of: [network.replacing(layers, from: random)]))
    }
    let further = (1..<Self.draws).map { draw in
      var generator = SplitMix64(seed: seed, purpose: "sanity check", index: UInt64(draw))
      return untrained(generator.next())
    }
    let untaught = layers.isEmpty ? [] : maps(of: [random] + further)
    let end = layers.prefix(1).map { step($0, untaught) }
    similarityOverAllPixels = layers.isEmpty ? nil : similarity(untaught, isInkOnly: false)
    cascading =
      isQuick
      ? end
      : layers.indices.dropFirst().reversed().map { step(replacing: layers[$0...], as: layers[$0]) }
        + end
    // The last layer alone is where the cascade begins.
    independent =
      isQuick
      ? []
      : cascading.prefix(1)
        + layers.dropLast().reversed().map { step(replacing: [$0], as: $0) }
    let control = randomLabels.map { step("", maps(of: [$0])) }
    self.randomLabels = control?.similarity
    randomLabelsStructure = control?.structure
    randomLabelsEdges = control?.edges
  }
}

extension Network {
  /// The network with the tensors of some layers taken from another.
  fileprivate func replacing(_ layers: some Sequence<String>, from other: Network) -> Network {
    var network = self
    for (index, tensor) in tensors.enumerated()
    where layers.contains(where: { tensor.name.hasPrefix($0 + ".") }) {
      network.tensors[index] = other.tensors[index]
    }
    return network
  }
}
