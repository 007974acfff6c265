import Datasets
import Engine
import Evaluation
import Foundation
import Networks
import Pictures

extension Study {
  /// The most bytes that the images may have as a PNG: a page of them has to stay light.
  private static let mostBytes = 60_000
  /// Images that are searched for a repair, the most pixels that one may change, and pixels tried in each step.
  private static let (searched, mostPixels, tried) = (40, 24, 6)

  /// Misread images to repair: the surest ones, as many as a page has room for. `nil` without any, and for images that are
  /// neither grey nor in color.
  func repairFacts() -> RepairFacts? {
    guard [1, 3].contains(test.channels), predictions.logits.allSatisfy(\.isFinite) else {
      return nil
    }
    var images = Array(
      byConfidence { !predictions.isCorrect($0) }.prefix(extent.cases.mistakes))
    var sheet: Data?
    while !images.isEmpty {
      sheet = self.sheet(of: images)
      if let bytes = sheet?.count, bytes <= Self.mostBytes { break }
      images = Array(images.prefix(min(images.count - 1, images.count * 3 / 4)))
    }
    guard let sheet, !images.isEmpty else { return nil }
    let repaired = repairs(of: Array(images.prefix(Self.searched)))
    let shown = repaired.enumerated().compactMap { place, found in found.map { (place, $0) } }
      .first
    return RepairFacts(
      sheet: sheet,
      images: images.enumerated().map { place, image in
        RepairFacts.Image(
          index: image, label: predictions.labels[image], predicted: predictions.predicted[image],
          smallest: repaired.indices.contains(place) ? repaired[place]?.places.count : nil)
      },
      worked: shown.map { place, found in
        let probabilities = CrossEntropy.probabilities(executor.logits(found.pixels))
        let before = example(images[place])
        return RepairFacts.Worked(
          before: before,
          after: ExampleFacts(
            index: before.index, label: before.label,
            predicted: CrossEntropy.answer(probabilities), probabilities: probabilities,
            pixels: plane(found.pixels)), changed: found.places.count)
      })
  }

  /// Images in a picture, each a row of its pixels.
  private func sheet(of images: [Int]) -> Data? {
    let plane = test.height * test.width
    let pixels = images.flatMap { image in
      let bytes = test.bytes(image)
      return (0..<plane * test.channels).map { place in
        bytes[bytes.startIndex + place % test.channels * plane + place / test.channels]
      }
    }
    let picture = PixelImage(
      width: plane, height: images.count, channels: test.channels, pixels: pixels)
    return (try? PNG.write(picture)).map { Data($0) }
  }

  /// An image with some pixels set to 0 or 1 in all channels.
  private struct Repair {
    var pixels: [Float]
    /// The pixels that are changed.
    var places: [Int] = []
  }

  /// For each image the fewest changed pixels that a greedy search finds to make it right, each set to 0 or to 1; `nil` where
  /// that takes too many.
  ///
  /// In each step the pixels that promise most by the slope of the margin are tried, and the one that raises it most is
  /// taken; in the end each is put back if the answer stays right without it.
  private func repairs(of images: [Int]) -> [Repair?] {
    let labels = images.map { predictions.labels[$0] }
    var current = images.map { Repair(pixels: test.floats([$0])) }
    var open = Array(images.indices)
    for _ in 0..<Self.mostPixels where !open.isEmpty {
      let candidates = open.flatMap { image in
        promising(current[image], label: labels[image]).map { (image, $0) }
      }
      let margins = self.margins(of: candidates.map { ($0.1, labels[$0.0]) })
      var best: [Int: (margin: Float, repair: Repair)] = [:]
      for ((image, repair), margin) in zip(candidates, margins)
      where margin > best[image]?.margin ?? -.infinity {
        best[image] = (margin, repair)
      }
      for (image, found) in best { current[image] = found.repair }
      open.removeAll { best[$0].map { $0.margin > 0 } ?? false }
    }
    let failed = Set(open)
    return images.indices.map { image in
      failed.contains(image)
        ? nil : pruned(current[image], from: test.floats([images[image]]), label: labels[image])
    }
  }

  /// The repairs with one pixel more that promise most.
  private func promising(_ repair: Repair, label: Int) -> [Repair] {
    let area = test.height * test.width
    let rival = rival(executor.logits(repair.pixels), label)
    let slope = executor.inputGradients(
      repair.pixels,
      of: Objective { _, logits in
        var gradient = [Float](repeating: 0, count: logits.count)
        (gradient[label], gradient[rival]) = (1, -1)
        return (logits[label] - logits[rival], gradient)
      }
    ).pixels
    func gain(_ place: Int, _ value: Float) -> Float {
      stride(from: place, to: slope.count, by: area).reduce(0) {
        $0 + slope[$1] * (value - repair.pixels[$1])
      }
    }
    let steps = (0..<area).filter { !repair.places.contains($0) }.flatMap { place in
      [Float(0), 1].map { (place: place, value: $0, gain: gain(place, $0)) }
    }.filter { $0.gain > 0 }
    return steps.sorted { ($1.gain, $0.place) < ($0.gain, $1.place) }.prefix(Self.tried).map {
      step in
      var next = repair
      for at in stride(from: step.place, to: next.pixels.count, by: area) {
        next.pixels[at] = step.value
      }
      next.places.append(step.place)
      return next
    }
  }

  /// The repair without pixels that it does not need.
  private func pruned(_ repair: Repair, from original: [Float], label: Int) -> Repair {
    let area = test.height * test.width
    for place in repair.places {
      var less = repair
      for at in stride(from: place, to: original.count, by: area) { less.pixels[at] = original[at] }
      less.places.removeAll { $0 == place }
      // Without it others may be needed less.
      if margins(of: [(less, label)])[0] > 0 {
        return pruned(less, from: original, label: label)
      }
    }
    return repair
  }

  /// How far the true class is ahead of all others.
  private func margins(of repairs: [(repair: Repair, label: Int)]) -> [Float] {
    repairs.chunks(of: 512).flatMap { part -> [Float] in
      let logits = executor.logits(part.flatMap(\.repair.pixels))
      return part.enumerated().map { row, entry in
        let own = Array(logits[row * predictions.classes..<(row + 1) * predictions.classes])
        return own[entry.label] - own[rival(own, entry.label)]
      }
    }
  }

  /// The class with the largest logit but one.
  private func rival(_ logits: [Float], _ label: Int) -> Int {
    logits.indices.filter { $0 != label }.max { (logits[$0], $1) < (logits[$1], $0) } ?? 0
  }
}
