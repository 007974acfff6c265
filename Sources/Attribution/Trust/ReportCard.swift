public import Engine
public import Networks

/// What a method is worth on some images: everything that can be measured, beside maps that know nothing of the network.
public struct ReportCard: Codable, Sendable {
  /// The method's name, or the control's.
  public let method: String
  /// True for a map that knows nothing of the network.
  public let isControl: Bool
  /// Area below the target's probability while the highest places are blackened; lower is better. Like insertion from
  /// Petsiuk, Das, Saenko, RISE (2018).
  public let deletion: Estimate
  /// The probability itself, the mean over the images, in equal steps from no place blackened to all.
  public let deletionCurve: [Double]
  /// Area below it while the highest places appear out of a blurred image; higher is better.
  public let insertion: Estimate
  /// Half the difference of the probability with the least and the most important places filled in; higher is
  /// better.
  public let road: Estimate
  /// Mean logit while the 100 highest places are blackened one at a time; lower is better. Samek et al., Evaluating the
  /// Visualization of What a Deep Neural Network Has Learned (2017).
  public let pixelFlipping: Estimate
  /// How badly the map foretells small changes of the score, in squared logits; lower is better.
  public let infidelity: Estimate
  /// Largest relative change of the map under changes of 0.02 a pixel; lower is better.
  public let maxSensitivity: Estimate
  /// |Σ scores - (F(x) - F(black))| / |F(x) - F(black)|: 0 for a complete method.
  public let completenessResidual: Estimate
  /// Gini coefficient of the magnitudes, 0...1; higher is sparser.
  public let gini: Estimate
  /// Entropy of the magnitudes in nats; lower is sparser.
  public let entropy: Estimate
  /// What becomes of the map without what was learned.
  public let sanity: SanityCheck

  /// Judges a method.
  ///
  /// - Parameters:
  ///   - method: makes the maps.
  ///   - name: its name.
  ///   - isControl: true for a map that knows nothing of the network.
  ///   - images: the images it is judged on, `[N][C][H][W]`.
  ///   - targets: the class explained, one an image.
  ///   - executor: the network.
  ///   - randomLabels: a network of the same architecture, trained on random labels.
  ///   - seed: seed of what is random.
  public init(
    _ method: any AttributionMethod, name: String, isControl: Bool = false, on images: [Float],
    for targets: [Int], in executor: Executor, randomLabels: Network? = nil, seed: UInt64 = 1
  ) {
    let shape = executor.network.architecture.inputShape
    let plane = shape.height * shape.width
    let maps = method.attribution(of: images, in: executor, for: targets)
    let curve = RemovalCurve(maps, of: images, in: executor)
    let whole = Baseline.Rows(images, size: shape.count)
    let black = Baseline.black.images(for: images, shape)
    self.method = name
    self.isControl = isControl
    let faithfulness = Faithfulness(curve, of: images, in: executor)
    (deletion, deletionCurve) = (faithfulness.deletion, faithfulness.deletionCurve)
    insertion = faithfulness.insertion
    let flipped = min(100, plane)
    pixelFlipping = Estimate(
      curve.scores(from: whole, to: black, places: flipped, steps: flipped, asProbability: false)
        .map(RemovalCurve.area))
    road = Estimate(ROAD.scores(curve, seed: seed))
    infidelity = Estimate(Stability.infidelity(maps, of: images, in: executor, seed: seed))
    maxSensitivity = Estimate(
      Stability.maxSensitivity(method, maps, of: images, in: executor, seed: seed))
    completenessResidual = Estimate(Self.residuals(maps, images, executor))
    let places = targets.indices.map { maps.places($0, shape) }
    gini = Estimate(places.map(Complexity.gini))
    entropy = Estimate(places.map(Complexity.entropy))
    sanity = SanityCheck(
      method, maps, of: images, in: executor, randomLabels: randomLabels, seed: seed)
  }

  private static func residuals(
    _ maps: Attribution, _ images: [Float], _ executor: Executor
  ) -> [Double] {
    let classes = executor.network.architecture.outputs
    let size = executor.network.architecture.inputShape.count
    let blank = executor.logits([Float](repeating: 0, count: size))
    let logits = executor.logits(images)
    return maps.targets.enumerated().map { image, target in
      let difference = Double(logits[image * classes + target] - blank[target])
      let sum = maps.map(image).reduce(0.0) { $0 + Double($1) }
      return abs(sum - difference) / max(abs(difference), 1e-6)
    }
  }
}
