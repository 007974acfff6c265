public import Datasets
public import Engine
public import Networks

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Whether a network that was trained elsewhere gets its images as it expects them, found by trying: other normalisations,
/// the channels in reverse, the images transposed or inverted, the classes in another order.
///
/// Each is tried on top of what made a difference before it, so that several mistakes at once are found too.
public struct ForeignCheck: Sendable {
  /// A change of the pixels.
  public enum Change: String, Sendable, CaseIterable {
    /// Red and blue exchanged.
    case reversedChannels
    /// Rows and columns exchanged.
    case transposed
    /// Dark and bright exchanged.
    case inverted
  }

  /// Images that were looked at.
  public let count: Int
  /// How many were read right as they are.
  public let correct: Int
  /// Means and standard deviations, in pixel units [0, 1], with which it reads more; `nil` if there are none.
  public private(set) var normalization: Normalization?
  /// A change of the pixels with which it reads more; `nil` if there is none.
  public private(set) var change: Change?
  /// The class of the data that each output stands for; `nil` if each stands for its own.
  public private(set) var classes: [Int]?
  /// How many are read right with all of that.
  public private(set) var correctThen: Int
  /// The mean cross-entropy loss as they are, in nats.
  public let loss: Double
  /// The loss with all of that but for the order of the classes.
  public private(set) var lossThen: Double

  /// True if something was found.
  public var isSuspicious: Bool { normalization != nil || change != nil || classes != nil }

  /// More images are not looked at.
  private static let most = 500
  /// What is found makes up for at least this share of the images, and for more than chance would in a few.
  private static let leastGain = 0.05
  private static func leastGain(_ count: Int) -> Double {
    max(leastGain, 1.5 / Double(count).squareRoot())
  }
  /// With so large a share read right, only the normalisation can be wrong, which shows in the loss.
  private static let enough = 0.97
  /// A normalisation with which a few more are read is the right one if the loss falls below this share of it.
  private static let lossShare = 0.5
  /// Multiplications that one trial may cost: about a second's.
  private static let budget = 50_000_000_000

  /// Tries a network on images.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - own: what the network does to pixels itself, behind any normalisation that a person gives.
  ///   - images: images of which the first are taken; at least one. As something is chosen by them, not the test images.
  ///   - pool: threads.
  public init(
    _ network: Network, own: Normalization?, images: LabeledImages, pool: WorkerPool
  ) {
    let cost = max(1, network.architecture.multiplications)
    let count = min(images.count, max(100, min(Self.most, Self.budget / cost)))
    let pixels = images.floats(0..<count)
    let labels = Array(images.labels.prefix(count))
    func standing(_ normalization: Normalization, _ pixels: [Float]) -> Standing {
      let changed = Network(
        architecture: network.architecture, normalization: normalization, tensors: network.tensors)
      return Standing(
        Executor(changed, pool: pool).logits(pixels), labels, classes: network.architecture.outputs)
    }
    self.count = count
    var best = standing(network.normalization, pixels)
    correct = best.correct
    correctThen = best.correct
    (loss, lossThen) = (best.loss, best.loss)
    let least = Self.leastGain(count)
    var used = network.normalization
    for candidate in Self.candidates(images) {
      let other = own?.after(candidate) ?? candidate
      guard other != network.normalization else { continue }
      let found = standing(other, pixels)
      let isBetter =
        normalization == nil
        ? found.gain(over: best) >= least || found.isSurer(than: best, Self.lossShare)
        : (found.matched, -found.loss) > (best.matched, -best.loss)
      if isBetter { (best, used, normalization) = (found, other, candidate) }
    }
    (correctThen, lossThen) = (best.correct, best.loss)
    guard Double(best.correct) < Self.enough * Double(count) else { return }
    for change in Change.allCases where change != .reversedChannels || images.channels == 3 {
      let found = standing(used, change.applied(to: pixels, of: images))
      if found.gain(over: best) >= least { (best, self.change) = (found, change) }
    }
    (correctThen, lossThen) = (best.correct, best.loss)
    if let order = best.order, best.orderGain >= least {
      classes = order
      correctThen = best.matched
    }
  }

  /// Means and deviations that networks are usually trained with, and the data's own.
  private static func candidates(_ images: LabeledImages) -> [Normalization] {
    let own = images.statistics()
    let grey: [(Float, Float)] = [
      (0, 1), (0.5, 0.5), (0, 1 / 255), (0.1307, 0.3081), (0.2860, 0.3530),
    ]
    let ofData = Normalization(
      mean: own.mean, standardDeviation: own.standardDeviation.map { max($0, 1e-3) })
    let colour = [
      Normalization(mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225]),
      Normalization(mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.2470, 0.2435, 0.2616]),
    ]
    // Of several that do as well the first is told: published numbers before the data's own.
    return grey.map { mean, deviation in
      Normalization(
        mean: Array(repeating: mean, count: images.channels),
        standardDeviation: Array(repeating: deviation, count: images.channels))
    } + (images.channels == 3 ? colour : []) + [ofData]
  }
}

/// How well a network's outputs go with labels.
private struct Standing {
  let count: Int
  /// Images whose largest output is that of their label.
  let correct: Int
  /// The mean cross-entropy loss.
  let loss: Double
  /// Images read right if each output stood for the class that it goes with best in the other half of the images: what is
  /// found by chance in one half helps nothing in the other.
  let matched: Int
  /// That class of each output, by all images; `nil` if some output goes with none.
  let order: [Int]?

  init(_ logits: [Float], _ labels: [Int], classes: Int) {
    count = labels.count
    var counts = [Counts](repeating: Counts(classes), count: 2)
    var (correct, loss) = (0, 0.0)
    // Every second image of each class.
    var seen = [Int](repeating: 0, count: classes)
    for (image, label) in labels.enumerated() {
      let row = Array(logits[image * classes..<(image + 1) * classes])
      let answer = CrossEntropy.answer(row)
      loss -= log(Double(max(CrossEntropy.probabilities(row)[label], 1e-30)))
      counts[seen[label] % 2].add(answer, label)
      seen[label] += 1
      if answer == label { correct += 1 }
    }
    self.correct = correct
    self.loss = loss / Double(labels.count)
    matched = counts[1].matched(counts[0].order) + counts[0].matched(counts[1].order)
    let complete = (counts[0] + counts[1]).order.compactMap { $0 }
    order = complete.count == classes ? complete : nil
  }

  /// The share of the images that this reads and another does not.
  func gain(over other: Standing) -> Double { Double(matched - other.matched) / Double(count) }

  /// True if it reads more, with a loss that is so small a share of another's.
  func isSurer(than other: Standing, _ share: Double) -> Bool {
    matched > other.matched && loss < share * other.loss
  }

  /// The share of the images that are read only with the classes in another order.
  var orderGain: Double { Double(matched - correct) / Double(count) }
}

/// How often each output was the largest for each label.
private struct Counts {
  let classes: Int
  /// `[output][label]`.
  private var numbers: [Int]

  init(_ classes: Int) {
    self.classes = classes
    numbers = Array(repeating: 0, count: classes * classes)
  }

  mutating func add(_ output: Int, _ label: Int) { numbers[output * classes + label] += 1 }

  static func + (a: Counts, b: Counts) -> Counts {
    var sum = a
    for place in sum.numbers.indices { sum.numbers[place] += b.numbers[place] }
    return sum
  }

  /// The class that each output goes with: the pairs that are seen most often first, no class twice; `nil` for an output
  /// that is left over.
  var order: [Int?] {
    var order = [Int?](repeating: nil, count: classes)
    var taken: Set<Int> = []
    let pairs = numbers.indices.filter { numbers[$0] > 0 }
      .sorted { (-numbers[$0], $0) < (-numbers[$1], $1) }
    for pair in pairs {
      let (output, label) = pair.quotientAndRemainder(dividingBy: classes)
      if order[output] == nil, taken.insert(label).inserted { order[output] = label }
    }
    return order
  }

  /// How many are right if outputs stand for these classes.
  func matched(_ order: [Int?]) -> Int {
    order.enumerated().reduce(0) { sum, item in
      sum + (item.element.map { numbers[item.offset * classes + $0] } ?? 0)
    }
  }
}

extension ForeignCheck.Change {
  /// Pixels of several images with the change.
  fileprivate func applied(to pixels: [Float], of images: LabeledImages) -> [Float] {
    let (channels, height, width) = (images.channels, images.height, images.width)
    switch self {
    case .inverted: return pixels.map { 1 - $0 }
    case .reversedChannels:
      return pixels.indices.map { place in
        let (image, within) = place.quotientAndRemainder(dividingBy: images.imageSize)
        let (channel, spot) = within.quotientAndRemainder(dividingBy: height * width)
        return pixels[image * images.imageSize + (channels - 1 - channel) * height * width + spot]
      }
    case .transposed:
      guard height == width else { return pixels }
      return pixels.indices.map { place in
        let (map, within) = place.quotientAndRemainder(dividingBy: height * width)
        let (row, column) = within.quotientAndRemainder(dividingBy: width)
        return pixels[map * height * width + column * width + row]
      }
    }
  }
}
