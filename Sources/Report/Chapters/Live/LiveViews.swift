import Foundation
import Pictures
import Study

/// The network that runs in the page, as the template sees it.
struct LiveView {
  var title: String
  var number: String
  var hasNumber: Bool
  var caption: String
  /// The names of the classes as a list in JSON.
  var classes: String
  var isDigits: String
  /// Whether images have colors, so that a pen has one.
  var isColor: Bool
  var noun: String
  var width: String
  var height: String
  var shownWidth: String
  var shownHeight: String
  /// Whether the last examples are mistakes.
  var hasWrong: Bool
  var examples: [LiveExampleView]
  /// What the units before the last layer answer to, as JSON; empty if that is not known.
  var units: String
}

/// A test image to begin with.
struct LiveExampleView {
  var index: String
  var label: String
  var pictures: [PictureView]
}

/// The network under a change of any size, as the template sees it.
struct NudgeView {
  var title: String
  var caption: String
  var number: String
  var noun: String
  var width: String
  var height: String
  var shownWidth: String
  var shownHeight: String
  var examples: [LiveExampleView]
}

extension LiveFacts {
  /// The program that hands the network to the page.
  func script() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return "globalThis.inklingFacts=\(String(decoding: try encoder.encode(self), as: UTF8.self));\n"
  }
}

/// What units answer to, as the script reads it.
private struct UnitsView: Encodable {
  var favorites: [Int?]
  var images: Int
}

extension PageBuilder {
  mutating func liveView(_ live: LiveFacts, number: String) throws -> LiveView {
    let size = Self.sizes(live)
    let names = results.model.classes.map { Wording.short($0, limit: 24) }
    let classes = try JSONSerialization.data(
      withJSONObject: names, options: [.withoutEscapingSlashes])
    return LiveView(
      title: Findings.live(live, subject: subject), number: number, hasNumber: true,
      caption: Self.drawingWords(live, subject)
        + " The nudge moves every pixel by ε against the answer, one step of FGSM. "
        + Self.scaleWords(live, subject),
      classes: String(decoding: classes, as: UTF8.self),
      isDigits: String(subject.isDigits), isColor: live.inputShape.first == 3, noun: subject.noun,
      width: String(size.width), height: String(size.height),
      shownWidth: String(size.small * size.width), shownHeight: String(size.small * size.height),
      hasWrong: live.examples.last.map { $0.label != $0.predicted } ?? false,
      examples: try examples(live.examples), units: try units())
  }

  /// The favorite class of each unit before the last layer, `null` for a dead one, with how many images were looked at.
  private func units() throws -> String {
    guard let ledger = results.ledger, let favorites = ledger.favorites else { return "" }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let view = UnitsView(favorites: favorites, images: ledger.images)
    return String(decoding: try encoder.encode(view), as: UTF8.self)
  }

  /// The same network in the chapter on attacks: one change of any size.
  mutating func nudgeView(_ live: LiveFacts, number: String) throws -> NudgeView {
    let size = Self.sizes(live)
    return NudgeView(
      title: "Turn the attack up yourself.",
      caption: live.fragile.isEmpty
        ? "Ten steps of PGD against the answer, computed in the page as you drag. No image was fooled before, so these are "
          + "the ones that the network is surest of."
        : "Ten steps of PGD against the answer, computed in the page as you drag. The images are those that the "
          + "smallest changes fooled, one of a class at most, the most fragile first.",
      number: number, noun: subject.noun,
      width: String(size.width), height: String(size.height),
      shownWidth: String(size.scale * size.width), shownHeight: String(size.scale * size.height),
      examples: try live.fragile.isEmpty
        ? examples(live.examples) : examples(live.fragile, from: live.examples.count))
  }

  /// What becomes of a drawing, and of a picture of one's own.
  private static func drawingWords(_ live: LiveFacts, _ subject: Wording) -> String {
    live.preparation?.inkBox == nil
      ? "A picture of your own, opened, dropped or pasted, is squeezed to the network’s size."
      : "Your drawing, or a picture opened, dropped or pasted, is scaled and centered"
        + "\(subject.isDigits ? " as MNIST’s digits were" : "")."
  }

  /// Where the colors of the maps end.
  private static func scaleWords(_ live: LiveFacts, _ subject: Wording) -> String {
    guard live.layers.contains(where: { $0.shape.count == 3 }) else { return "" }
    guard let images = live.scaleImages else {
      return "Maps are the network’s own, on one scale a layer."
    }
    return
      "Each layer’s maps keep one scale: it ends at the 99.8th percentile of their magnitudes for "
      + "\(Wording.counted(images, "test \(subject.noun)"))."
  }

  /// The network's images: their own size, and how large a pixel of theirs is shown, in large and in small pictures.
  private static func sizes(
    _ live: LiveFacts
  ) -> (width: Int, height: Int, scale: Int, small: Int) {
    let width = live.inputShape.last ?? 1
    return (
      width, live.inputShape.count > 1 ? live.inputShape[1] : 1, max(1, 168 / max(1, width)),
      max(1, 120 / max(1, width))
    )
  }

  /// Examples by their place among all that the page knows, from a first one on.
  private mutating func examples(
    _ examples: [ExampleFacts], from first: Int = 0
  ) throws -> [LiveExampleView] {
    try examples.enumerated().map { index, example in
      LiveExampleView(
        index: String(first + index),
        label: "Load test \(subject.noun) \(example.index): \(subject.className(example.label))",
        pictures: [
          try figures.pictures.view(example.pixels.picture, name: "live-\(first + index)", alt: "")
        ])
    }
  }
}
