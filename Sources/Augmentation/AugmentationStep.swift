package import Networks
package import Randomness

/// One time that an image is seen.
package struct Sight: Sendable {
  /// The run's.
  let seed: UInt64
  /// 0 for the first.
  let epoch: Int
  /// The image's place among those learned from.
  let image: Int
}

/// One thing that happens to an image, drawn anew each time it is seen.
package protocol AugmentationStep: Sendable {
  /// The word that begins it in a text.
  static var word: String { get }
  /// How a person writes it, with capitals for what is theirs to choose.
  static var form: String { get }
  /// What it does, in a line.
  static var summary: String { get }
  /// Steps of the kind as a text has them, each with other arguments: what every kind's tests go by.
  static var examples: [String] { get }

  /// Reads the step from its arguments in a text.
  ///
  /// - Throws: `SpecificationError` with the place of what is missing or wrong.
  init(_ arguments: inout WordArguments) throws(SpecificationError)
  /// The step as a text has it.
  var text: String { get }
  /// Draws what happens to one image, one time.
  func draw(_ change: inout ImageChange, at sight: Sight, using generator: inout SplitMix64)
  /// The farthest that it goes, to be shown: one change each way.
  func extremes(_ size: ImageChange) -> [ImageChange]
}

extension WordArguments {
  /// Takes the next value, a probability; a half if there is none.
  mutating func probability() throws(SpecificationError) -> Float {
    try number(default: 0.5, "the probability must be from 0 to 1") { (0...1).contains($0) }
  }
}

/// Every kind of step that there is.
package enum AugmentationKinds {
  /// The kinds, in the order in which a person is told of them.
  package static let all: [any AugmentationStep.Type] = [
    Shift.self, Rotate.self, Scale.self, Shear.self, Elastic.self, Flip.self, Crop.self,
    Brightness.self, Contrast.self, Noise.self, Erase.self, Mixup.self, CutMix.self,
  ]
}
