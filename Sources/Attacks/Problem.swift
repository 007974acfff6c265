import Engine
import Networks
import Randomness

/// What is wanted of one image.
struct Aim {
  /// The true class.
  var label: Int
  /// The class to move towards, if any.
  var target: Int?
  /// True if only the target will do; else every wrong class does.
  var mustHit = false
  /// The probabilities that `Loss.divergence` moves away from.
  var answer: [Float] = []

  /// True if these logits are what is wanted.
  func isMet(_ logits: ArraySlice<Float>) -> Bool {
    let answer = CrossEntropy.answer(logits)
    return mustHit ? answer == target : answer != label
  }
}

/// What an attack is asked to do: images, the aim of each, the network.
///
/// Attacks work on selections, lists of image numbers, so that those that are done leave the batch.
struct Problem {
  let images: [Float]
  var aims: [Aim]
  /// Where each image stands among those that the attack was given: its random numbers go by that, so that
  /// leaving others out does not change them.
  private let positions: [Int]
  let executor: Executor
  let shape: ImageShape
  /// Numbers in an image.
  let size: Int
  let classes: Int

  init(_ images: [Float], labels: [Int], target: Int? = nil, _ executor: Executor) {
    self.init(
      images, labels.map { Aim(label: $0, target: target, mustHit: target != nil) },
      Array(labels.indices), executor)
  }

  private init(_ images: [Float], _ aims: [Aim], _ positions: [Int], _ executor: Executor) {
    self.images = images
    self.aims = aims
    self.positions = positions
    self.executor = executor
    shape = executor.network.architecture.inputShape
    size = shape.count
    classes = executor.network.architecture.outputs
  }

  /// The same asked of some images alone.
  func part(_ selection: [Int]) -> Problem {
    Problem(
      clean(selection), selection.map { aims[$0] }, selection.map { positions[$0] }, executor)
  }

  /// The clean pixels of some images.
  func clean(_ selection: [Int]) -> [Float] { images.picked(selection, size: size) }

  /// Logits `[n][K]` as rows.
  func logits(_ pixels: [Float]) -> [ArraySlice<Float>] { rows(executor.logits(pixels)) }

  func rows(_ logits: [Float]) -> [ArraySlice<Float>] {
    stride(from: 0, to: logits.count, by: classes).map { logits[$0..<$0 + classes] }
  }

  /// The gradient of a loss, for pixels that belong to the images of a selection.
  func gradients(
    _ pixels: [Float], of loss: Loss, _ selection: [Int]
  ) -> (logits: [ArraySlice<Float>], values: [Float], pixels: [Float]) {
    let aims = selection.map { self.aims[$0] }
    let found = executor.inputGradients(
      pixels, of: Objective { place, logits in loss.evaluate(logits, aims[place]) })
    return (rows(found.logits), found.values, found.pixels)
  }

  /// The images whose aim is not met yet as they are.
  func unmet() -> [Int] {
    let answers = logits(images)
    return aims.indices.filter { !aims[$0].isMet(answers[$0]) }
  }

  /// Random numbers for each image, whatever part of a set it is attacked in.
  func generators(
    _ settings: AttackSettings, _ purpose: String, restart: Int = 0
  ) -> [SplitMix64] {
    positions.map {
      SplitMix64(
        seed: settings.seed, purpose: purpose,
        index: UInt64(settings.firstIndex + $0) << 16 | UInt64(restart))
    }
  }
}

extension [Float] {
  /// The numbers of some images.
  func picked(_ images: [Int], size: Int) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(images.count * size)
    for image in images { result += self[image * size..<(image + 1) * size] }
    return result
  }

  /// Puts an image of another batch in the place of one here.
  mutating func put(_ batch: [Float], _ place: Int, at image: Int, size: Int) {
    for i in 0..<size { self[image * size + i] = batch[place * size + i] }
  }
}
