import Attacks
import Drawing
import Evaluation
import Figures
import Networks

/// What `attack` prints for a person.
extension AttackCommand {
  func show(_ result: Result) {
    func interval(_ accuracy: Double) -> String {
      let interval = Interval.wilson(share: accuracy, of: result.count)
      return Format.percent(accuracy, interval: interval.low...interval.high)
    }
    let size = result.epsilon.map { " ε = \(Format.significant(Double($0), 3))" } ?? ""
    let measure = result.norm.map { ", \($0)\(size)" } ?? ""
    let images =
      choice.isOwn
      ? "\(result.count) of your pictures"
      : "\(choice.indices == nil ? "first " : "")\(Format.count(result.count)) test images"
    Terminal.print("\(result.method)\(measure), \(images)")
    Terminal.print("  \(pad("accuracy before", 26))\(interval(result.cleanAccuracy))")
    Terminal.print("  \(pad("accuracy after", 26))\(interval(result.robustAccuracy))")
    Terminal.print("  \(pad("after rounding to 8 bits", 26))\(interval(result.robustAccuracy8bit))")
    if let rate = result.successRate {
      Terminal.print("  \(pad("fooled, of those right", 26))\(Format.percent(rate))")
    }
    if let mean = result.meanL2, let median = result.medianL2 {
      Terminal.print(
        "  \(pad("length of change", 26))mean \(Format.fixed(mean, 3)), median \(Format.fixed(median, 3))"
      )
    }
    if let distance = result.medianFlippingDistance {
      Terminal.print("  \(pad("half of the images within", 26))\(Format.fixed(distance, 3))")
    }
    if let count = result.meanL0 {
      Terminal.print("  \(pad("pixels changed, mean", 26))\(Format.fixed(count, 1))")
    }
    Terminal.print(
      "  \(pad("largest change of a pixel", 26))\(Format.fixed(result.maxLinf, 3))")
    Terminal.print(
      "  \(pad("queries for each image", 26))\(Format.fixed(result.queriesPerImage, 1))")
    for point in result.curve ?? [] {
      let bar = String(repeating: "█", count: Int(bounding: point.robustAccuracy * 40, in: 0...40))
      Terminal.print(
        "  ε \(pad(Format.fixed(Double(point.epsilon), 3), 7))\(padLeft(Format.percent(point.robustAccuracy, decimals: 1), 7))  \(bar)"
      )
    }
  }

  /// The first image that was fooled, before and after.
  func showFirstFooled(
    _ outcome: Outcome, _ chosen: ImageChoice.Images, _ images: [Float], _ loaded: Checkpoint
  ) {
    guard let first = outcome.labels.indices.first(where: outcome.succeeded) else { return }
    let shape = loaded.network.architecture.inputShape
    let range = first * shape.count..<(first + 1) * shape.count
    Terminal.print("")
    Terminal.print(
      "\(chosen.names[first]), \(loaded.classes[outcome.labels[first]]), before; after it is read as"
        + " \(loaded.classes[outcome.predictions[first]])")
    HalfBlocks.show(
      Array(chosen.pixels[range]), beside: Array(images[range]), height: shape.height,
      width: shape.width)
  }

  func showStudies(_ result: Result) {
    if let grid = result.grid {
      Terminal.print("  aimed at each other class (rows: true class)")
      for (source, row) in grid.rates.enumerated() {
        let cells = row.map { padLeft($0.map { Format.percent($0, decimals: 0) } ?? "–", 5) }
        Terminal.print("  \(padLeft("\(source)", 3)) \(cells.joined())")
      }
    }
    for transfer in result.transfer ?? [] {
      Terminal.print(
        "  \(transfer.checkpoint): \(Format.percent(transfer.cleanAccuracy)) before,"
          + " \(Format.percent(transfer.accuracy)) on these images"
          + (transfer.transferRate.map { "; \(Format.percent($0)) of what fools here fools there" }
            ?? ""))
    }
    for check in result.masking ?? [] {
      Terminal.print(
        "  \(check.passes ? "passes" : "WARNS ") \(pad(check.check, 12))\(check.verdict)")
    }
  }
}
