package import Augmentation
package import Datasets
package import Engine
import Evaluation
import Networks
import Randomness

/// What an augmentation does to training images, and whether a network still reads them.
public struct AugmentationFacts: Codable, Sendable {
  /// An image and what becomes of it.
  package struct Row: Codable, Sendable {
    /// Its class, or for extremes the step.
    package var label: Int
    /// The image as it is.
    package var original: Plane
    /// What was drawn.
    package var draws: [Plane]
    /// What the network reads in the original and then in each draw; empty without a network.
    package var answers: [Int]
  }

  /// The farthest that one step goes.
  package struct Extreme: Codable, Sendable {
    /// The step as a text has it.
    package var text: String
    /// The image at its ends.
    package var images: [Plane]
  }

  /// The augmentation's text.
  package var text: String
  /// True if images are mixed with each other.
  package var mixes: Bool
  /// Images of different classes with eight draws of each.
  package var rows: [Row]
  /// The farthest that each step goes, on the first of them.
  package var extremes: [Extreme]
  /// Images that the shares below are of, each drawn once; none of the first rows need be among them.
  package var count: Int
  /// Share of these draws that push more than a hundredth of the image's ink over the edge.
  package var losingInk: Double
  /// How many draws that is.
  package var losing: Int { Int((losingInk * Double(count)).rounded()) }
  /// True if images go on mirrored at their edges, so that no ink is counted as lost; `nil` in results of earlier versions.
  package var isReflected: Bool?
  /// Share of the images that the network reads right as they are; `nil` without a network.
  package var readOriginal: Double?
  /// Share that it reads right as they were drawn, before any are mixed.
  package var readDrawn: Double?

  /// Rows that are drawn, and draws in each.
  private static let (shownRows, shownDraws) = (4, 8)
  /// Images that are measured.
  private static let measured = 500
  /// Ink over the edge that counts as lost.
  private static let lost: Float = 0.01

  /// Looks at some training images, drawn by the seed.
  ///
  /// - Parameters:
  ///   - augmentation: what happens to them.
  ///   - images: the training images.
  ///   - seed: decides images and draws.
  ///   - executor: a network that reads them; `nil` for none.
  package init(
    _ augmentation: Augmentation, of images: LabeledImages, seed: UInt64, readBy executor: Executor?
  ) {
    let shape = ImageShape(
      channels: images.channels, height: images.height, width: images.width)
    let ground = images.ground
    var generator = SplitMix64(seed: seed, purpose: "images augmented")
    let order = generator.permutation(images.count)
    func drawn(_ image: Int, _ draw: Int) -> (change: ImageChange, pixels: [Float]) {
      let change = augmentation.change(
        of: shape, ground: ground, seed: seed, epoch: draw, image: image)
      return (change, change.applied(to: images.floats([image])))
    }
    // As in a mini-batch of all images.
    func mixed(_ image: Int, _ draw: Int) -> [Float] {
      let own = drawn(image, draw).pixels
      guard let mix = augmentation.mix(of: shape, seed: seed, epoch: draw, image: image) else {
        return own
      }
      let other = drawn(mix.partner(among: images.count), draw).pixels
      var pixels = own
      var span = pixels.mutableSpan
      mix.apply(other.span, to: &span, shape)
      return pixels
    }
    func plane(_ pixels: [Float]) -> Plane {
      Plane(shape: shape.dimensions, values: pixels).rounded()
    }
    func predictions(_ pixels: [Float], _ labels: [Int]) -> Predictions? {
      executor.map {
        Predictions(
          logits: $0.logits(pixels), labels: labels, classes: $0.network.architecture.outputs)
      }
    }
    var seen: Set<Int> = []
    // Images of different classes, as far as there are enough of these.
    let varied = order.filter { seen.insert(images.labels[$0]).inserted }
    let shown = (varied + order.filter { !varied.contains($0) }).prefix(Self.shownRows)
    text = augmentation.description
    mixes = augmentation.mixes
    rows = shown.map { image in
      let draws = (0..<Self.shownDraws).map { mixed(image, $0) }
      let (label, own) = (images.labels[image], images.floats([image]))
      let answers = predictions(
        own + draws.flatMap { $0 }, Array(repeating: label, count: 1 + draws.count))
      return Row(
        label: label, original: plane(own), draws: draws.map(plane),
        answers: answers?.predicted ?? [])
    }
    let first = shown.first.map { images.floats([$0]) } ?? []
    extremes = augmentation.extremes(of: shape, ground: ground).map { text, changes in
      Extreme(text: text, images: changes.map { plane($0.applied(to: first)) })
    }
    let examined = Array(order.prefix(Self.measured))
    let found = examined.map { drawn($0, 0) }
    count = examined.count
    let losing = zip(examined, found).count { image, draw in
      draw.change.lostInk(images.floats([image])) > Self.lost
    }
    isReflected = found.contains { $0.change.isReflected }
    losingInk = Double(losing) / Double(max(1, count))
    func shareRead(_ pixels: [Float]) -> Double? {
      predictions(pixels, examined.map { images.labels[$0] }).map { answers in
        Double((0..<answers.count).count(where: answers.isCorrect)) / Double(max(1, answers.count))
      }
    }
    readOriginal = shareRead(images.floats(examined))
    readDrawn = shareRead(found.flatMap(\.pixels))
  }
}

extension ImageChange {
  /// An image's pixels, changed.
  fileprivate func applied(to pixels: [Float]) -> [Float] {
    var changed = pixels
    var span = changed.mutableSpan
    apply(to: &span)
    return changed
  }
}
