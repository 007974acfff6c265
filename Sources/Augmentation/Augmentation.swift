public import Networks
import Randomness

/// What happens to an image between the data set and the network, so that no image is seen twice in the same way.
///
/// What is drawn hangs on seed, epoch and image alone: it is the same on any number of threads and after a resume. Where
/// images are moved, all moves are made in one resampling (bilinear, as torchvision's `affine`), and what comes in from
/// outside is the images' ground; light, noise and what is erased follow, each kind in the order of the text.
public struct Augmentation: Sendable, Equatable, CustomStringConvertible {
  /// The steps in the order of the text.
  package let steps: [any AugmentationStep]
  /// Those that mix images of a mini-batch with each other.
  private let mixingSteps: [any MixingStep]

  /// Presets by name.
  public static let presets: [(name: String, text: String)] = [
    ("digits", "shear(6) scale(0.1) rotate(10) shift(1)"),
    ("things", "flip shift(1.5) scale(0.05) erase(0.3)"),
    ("colour", "flip crop(4,reflect)"),
  ]

  /// Reads a preset's name, or a text such as `shift(3) rotate(15) scale(0.15)`.
  ///
  /// - Throws: `SpecificationError` with the place of the first mistake.
  public init(text: String) throws(SpecificationError) {
    let own = Self.presets.first { $0.name == text }?.text ?? text
    var steps: [any AugmentationStep] = []
    for var word in try WordArguments.list(in: own, noun: "step") {
      guard let kind = AugmentationKinds.all.first(where: { $0.word == word.word }) else {
        throw word.error(
          "there is no augmentation “\(word.word)”; there are"
            + " \(AugmentationKinds.all.map { $0.word }.joined(separator: ", ")), and alone"
            + " \(Self.presets.map(\.name).joined(separator: ", "))")
      }
      steps.append(try kind.init(&word))
      try word.finish()
    }
    guard !steps.isEmpty else {
      throw SpecificationError(
        message: "the augmentation is empty; try: shift(2) rotate(10)", text: own, place: 0..<1)
    }
    self.steps = steps
    mixingSteps = steps.compactMap { $0 as? any MixingStep }
  }

  /// The text that `init(text:)` reads back.
  public var description: String { steps.map(\.text).joined(separator: " ") }

  /// Equal by their texts.
  public static func == (a: Self, b: Self) -> Bool { a.description == b.description }

  /// What happens to an image in an epoch.
  ///
  /// - Parameters:
  ///   - shape: of the image.
  ///   - ground: what lies around the image, one number a channel.
  ///   - seed: the run's.
  ///   - epoch: 0 for the first.
  ///   - image: the image's place among those learned from.
  /// - Returns: the change.
  public func change(
    of shape: ImageShape, ground: [Float], seed: UInt64, epoch: Int, image: Int
  ) -> ImageChange {
    var generator = SplitMix64(
      seed: seed, purpose: "augmentation", index: UInt64(epoch) << 32 | UInt64(image))
    var change = ImageChange(shape, ground: ground)
    let sight = Sight(seed: seed, epoch: epoch, image: image)
    for step in steps { step.draw(&change, at: sight, using: &generator) }
    return change
  }

  /// True if images of a mini-batch are mixed with each other.
  public var mixes: Bool { !mixingSteps.isEmpty }

  /// What is mixed into an image in an epoch; of several steps that mix, one is drawn. `nil` without any.
  ///
  /// - Parameters:
  ///   - shape: of the image.
  ///   - seed: the run's.
  ///   - epoch: 0 for the first.
  ///   - image: the image's place among those learned from.
  /// - Returns: the mix.
  public func mix(of shape: ImageShape, seed: UInt64, epoch: Int, image: Int) -> ImageMix? {
    guard mixes else { return nil }
    var generator = SplitMix64(
      seed: seed, purpose: "mixing", index: UInt64(epoch) << 32 | UInt64(image))
    let count = mixingSteps.count
    let step = mixingSteps[min(count - 1, Int(generator.uniform() * Float(count)))]
    return step.mix(of: shape, using: &generator)
  }

  /// The farthest that each step goes by itself, with the step's text; not of those that mix images.
  public func extremes(
    of shape: ImageShape, ground: [Float]
  ) -> [(text: String, changes: [ImageChange])] {
    steps.filter { !($0 is any MixingStep) }.map {
      ($0.text, $0.extremes(ImageChange(shape, ground: ground)))
    }
  }
}
