public import Engine
import Networks

/// What an attack achieved, measured on the images as they are and after rounding to 8 bits.
public struct Outcome: Sendable {
  /// Class of each clean image as predicted.
  public let cleanPredictions: [Int]
  /// Class of each changed image as predicted.
  public let predictions: [Int]
  /// The same after rounding each value to 1/255 towards the clean image.
  public let predictions8bit: [Int]
  /// Numbers changed in each image.
  public let l0: [Int]
  /// Euclidean length of each image's change.
  public let l2: [Float]
  /// Largest change of a pixel in each image.
  public let linf: [Float]
  /// True classes.
  public let labels: [Int]
  /// The class aimed at, if any.
  public let target: Int?

  /// Measures changed images against the clean ones.
  public init(
    clean: [Float], adversarial: [Float], labels: [Int], target: Int? = nil,
    against executor: Executor
  ) {
    let size = clean.count / max(1, labels.count)
    self.labels = labels
    self.target = target
    cleanPredictions = Self.predictions(clean, executor)
    predictions = Self.predictions(adversarial, executor)
    predictions8bit = Self.predictions(
      Self.rounded(adversarial, towards: clean), executor)
    var (l0, l2, linf): ([Int], [Float], [Float]) = ([], [], [])
    for image in labels.indices {
      let range = image * size..<(image + 1) * size
      let change = range.map { adversarial[$0] - clean[$0] }
      l0.append(change.count { $0 != 0 })
      l2.append(Ball.length(change[...]))
      linf.append(change.reduce(0) { max($0, abs($1)) })
    }
    self.l0 = l0
    self.l2 = l2
    self.linf = linf
  }

  /// The outcome if changes larger than a size did not count.
  public func limited(to epsilon: Float, _ norm: Norm) -> Outcome {
    let sizes = norm == .linf ? linf : l2
    func kept(_ predictions: [Int]) -> [Int] {
      predictions.indices.map { sizes[$0] <= epsilon ? predictions[$0] : cleanPredictions[$0] }
    }
    return Outcome(self, predictions: kept(predictions), predictions8bit: kept(predictions8bit))
  }

  private init(_ outcome: Outcome, predictions: [Int], predictions8bit: [Int]) {
    cleanPredictions = outcome.cleanPredictions
    self.predictions = predictions
    self.predictions8bit = predictions8bit
    (l0, l2, linf) = (outcome.l0, outcome.l2, outcome.linf)
    (labels, target) = (outcome.labels, outcome.target)
  }

  private func share(_ isCounted: (Int) -> Bool) -> Double {
    Double(labels.indices.count { isCounted($0) }) / Double(max(1, labels.count))
  }

  /// True if the image was right before.
  public func wasRight(_ image: Int) -> Bool { cleanPredictions[image] == labels[image] }
  /// True if the image was right before and is wrong now (or taken for the target).
  public func succeeded(_ image: Int) -> Bool {
    guard wasRight(image) else { return false }
    if let target { return predictions[image] == target && labels[image] != target }
    return predictions[image] != labels[image]
  }

  /// Share of the clean images that are right.
  public var cleanAccuracy: Double { share(wasRight) }
  /// Share right before and after; images that were wrong before count as broken.
  public var robustAccuracy: Double { share { wasRight($0) && predictions[$0] == labels[$0] } }
  /// The same after rounding to 8 bits.
  public var robustAccuracy8bit: Double {
    share { wasRight($0) && predictions8bit[$0] == labels[$0] }
  }
  /// Share of those right before that were fooled; `nil` if none was right.
  ///
  /// With a target, images of that class do not count, as in `TargetGrid`: they already are what is wanted, and
  /// there is nothing to attack.
  public var successRate: Double? {
    let attacked = labels.indices.filter { wasRight($0) && labels[$0] != target }
    guard !attacked.isEmpty else { return nil }
    return Double(attacked.count(where: succeeded)) / Double(attacked.count)
  }
  /// Mean length of the changes that succeeded; `nil` if none did.
  public var meanL2: Double? {
    let lengths = labels.indices.filter(succeeded).map { Double(l2[$0]) }
    return lengths.isEmpty ? nil : lengths.reduce(0, +) / Double(lengths.count)
  }
  /// Median length of the changes that succeeded; `nil` if none did.
  public var medianL2: Double? { Self.median(labels.indices.filter(succeeded).map { l2[$0] }) }
  /// Mean of the numbers changed in images that were fooled; `nil` if none was.
  public var meanL0: Double? {
    let counts = labels.indices.filter(succeeded).map { Double(l0[$0]) }
    return counts.isEmpty ? nil : counts.reduce(0, +) / Double(counts.count)
  }
  /// The size of the change that flipped each image: 0 if it was wrong before, infinite if it holds.
  ///
  /// Of an attack that looks for the smallest change, this is the smallest found.
  public func flippingDistances(_ norm: Norm) -> [Float] {
    labels.indices.map { image in
      if !wasRight(image) { return 0 }
      guard predictions[image] != labels[image] else { return .infinity }
      return norm == .linf ? linf[image] : l2[image]
    }
  }
  /// The smallest number that at least half of some are no larger than, or the mean of two such; `nil` if there are none.
  package static func median(_ values: [Float]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let (low, high) = (sorted[(sorted.count - 1) / 2], sorted[sorted.count / 2])
    // Half the sum of two infinite numbers is one; of equal ones no rounding is wanted.
    return low == high ? Double(low) : (Double(low) + Double(high)) / 2
  }
  /// How the same images do against another network: of those that fooled this one and that the other had right, the
  /// share that fool the other; `nil` if there is none.
  ///
  /// Reference: Papernot, McDaniel, Goodfellow, Transferability in Machine Learning (2016).
  public func transferRate(to other: Outcome) -> Double? {
    let shared = labels.indices.filter { succeeded($0) && other.wasRight($0) }
    guard !shared.isEmpty else { return nil }
    return Double(shared.count(where: other.succeeded)) / Double(shared.count)
  }
  /// Largest change of any pixel of any image.
  public var maxLinf: Double { Double(linf.max() ?? 0) }

  /// Each value rounded to a multiple of 1/255 that is no farther from the clean one.
  package static func rounded(_ adversarial: [Float], towards clean: [Float]) -> [Float] {
    zip(adversarial, clean).map { value, clean in
      if value > clean { return max(clean, (value * 255).rounded(.down) / 255) }
      if value < clean { return min(clean, (value * 255).rounded(.up) / 255) }
      return value
    }
  }

  static func predictions(_ images: [Float], _ executor: Executor) -> [Int] {
    let classes = executor.network.architecture.outputs
    let logits = executor.logits(images)
    return stride(from: 0, to: logits.count, by: classes).map {
      CrossEntropy.answer(logits[$0..<$0 + classes])
    }
  }
}
