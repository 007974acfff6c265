public import Engine
public import Networks

/// Does a map change when what the network learned is taken away? If not, it explains the image, not the network.
///
/// Layers get new random weights and the maps are compared with the trained network's by Spearman's rank
/// correlation of their magnitudes, over the places where the image is not black: where there is no ink many methods are
/// zero for every network. Structural similarity and histograms of edge directions of the whole maps stand beside it; they are
/// not what decides, for maps that the input shows through are alike in them whatever the network.
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

  /// From the last layer to the first, each with those after it.
  public let cascading: [Step]
  /// One layer at a time.
  public let independent: [Step]
  /// Similarity to the maps of a network that was trained on random labels; `nil` where there is none.
  public let randomLabels: Estimate?
  /// Structural similarity to them.
  public let randomLabelsStructure: Estimate?
  /// Rank correlation of histograms of oriented gradients with theirs.
  public let randomLabelsEdges: Estimate?

  /// A map that is this similar without anything learned explains the image, not the network.
  public static let limit = 0.5

  /// True if the maps stay similar where nothing that was learned is left.
  public var isFailed: Bool {
    [cascading.last?.similarity, randomLabels].contains { ($0?.mean ?? 0) > Self.limit }
  }

  /// The end of the cascade alone, for a quick mark: the mean rank correlation of some maps with those of a network
  /// of random weights, over their images' ink. Above `limit` it fails.
  ///
  /// - Parameters:
  ///   - method: makes the maps.
  ///   - attribution: the trained network's maps.
  ///   - images: the images.
  ///   - executor: the trained network.
  ///   - seed: seed of the random weights.
  /// - Returns: the correlation with its 95 % interval.
  public static func withoutWeights(
    _ method: any AttributionMethod, _ attribution: Attribution, of images: [Float],
    in executor: Executor, seed: UInt64 = 1
  ) -> Estimate {
    let network = executor.network
    let random = Network.untrained(
      network.architecture, normalization: network.normalization, seed: seed)
    let maps = method.attribution(
      of: images, in: Executor(random, pool: executor.pool), for: attribution.targets)
    return similarity(attribution, maps, of: images, network.architecture.inputShape)
  }

  /// How alike two networks' maps of some images are: the mean rank correlation of their magnitudes.
  ///
  /// - Parameters:
  ///   - attribution: the maps of one network.
  ///   - maps: those of the other.
  ///   - images: the images.
  ///   - shape: their shape.
  ///   - isInkOnly: true to look only where the image is not black: elsewhere many methods are zero for every network.
  /// - Returns: the correlation with its 95 % interval.
  public static func similarity(
    _ attribution: Attribution, _ maps: Attribution, of images: [Float], _ shape: ImageShape,
    isInkOnly: Bool = true
  ) -> Estimate {
    Estimate(
      attribution.targets.indices.map { image in
        let pixels = images[image * shape.count..<(image + 1) * shape.count]
        let ink = Attribution(scores: Array(pixels), targets: [0]).places(0, shape)
        func strengths(_ maps: Attribution) -> [Float] {
          zip(maps.places(image, shape), ink).compactMap { !isInkOnly || $1 > 0 ? abs($0) : nil }
        }
        return RankCorrelation.spearman(strengths(attribution), strengths(maps))
      })
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
  public init(
    _ method: any AttributionMethod, _ attribution: Attribution, of images: [Float],
    in executor: Executor, randomLabels: Network? = nil, seed: UInt64 = 1
  ) {
    let network = executor.network
    let random = Network.untrained(
      network.architecture, normalization: network.normalization, seed: seed)
    let layers = network.architecture.entries.filter { !$0.parameters.isEmpty }.map(\.name)
    func step(_ layer: String, _ other: Network) -> Step {
      let maps = method.attribution(
        of: images, in: Executor(other, pool: executor.pool), for: attribution.targets)
      let shape = network.architecture.inputShape
      func mean(_ compare: ([Float], [Float]) -> Double) -> Estimate {
        Estimate(
          attribution.targets.indices.map {
            compare(attribution.places($0, shape), maps.places($0, shape))
          })
      }
      return Step(
        layer: layer,
        similarity: Self.similarity(attribution, maps, of: images, shape),
        structure: mean {
          MapSimilarity.structure($0, $1, height: shape.height, width: shape.width)
        },
        edges: mean { MapSimilarity.edges($0, $1, height: shape.height, width: shape.width) })
    }
    func step(_ layer: String, replacing layers: some Sequence<String>) -> Step {
      step(layer, network.replacing(layers, from: random))
    }
    cascading = layers.indices.reversed().map { step(layers[$0], replacing: layers[$0...]) }
    // The last layer alone is where the cascade begins.
    independent =
      cascading.prefix(1) + layers.dropLast().reversed().map { step($0, replacing: [$0]) }
    let control = randomLabels.map { step("", $0) }
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
