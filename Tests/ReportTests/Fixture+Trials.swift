import Evaluation
import Foundation
import Pictures

@testable import Study

extension Fixture {
  /// What checking answers of a network with six errors in 42 finds.
  static let reviewSteps = [
    Calibration.Step(threshold: 0.5, checked: 2, caught: 1),
    Calibration.Step(threshold: 0.9, checked: 10, caught: 4),
    Calibration.Step(threshold: 1, checked: 42, caught: 6),
  ]

  /// The mistakes of results to repair; one changed pixel makes the first right.
  static func repair(_ results: StudyResults) -> RepairFacts {
    let before = results.mistakes[0]
    var pixels = before.pixels.values
    pixels[0] = 1
    var probabilities = before.probabilities
    probabilities.swapAt(before.label, before.predicted)
    let (channels, height, width) = before.pixels.dimensions
    let picture = PixelImage(
      width: height * width, height: results.mistakes.count, channels: channels,
      pixels: results.mistakes.flatMap { mistake in
        (0..<height * width * channels).map { place in
          let at = place % channels * height * width + place / channels
          return UInt8(mistake.pixels.values[at] * 255)
        }
      })
    return RepairFacts(
      sheet: Data((try? PNG.write(picture)) ?? []),
      images: results.mistakes.enumerated().map { place, mistake in
        RepairFacts.Image(
          index: mistake.index, label: mistake.label, predicted: mistake.predicted,
          smallest: place == 0 ? 1 : nil)
      },
      worked: RepairFacts.Worked(
        before: before,
        after: ExampleFacts(
          index: before.index, label: before.label, predicted: before.label,
          probabilities: probabilities,
          pixels: Plane(shape: before.pixels.shape, values: pixels)), changed: 1))
  }
}
